"""English word lists that the rules for sentences and clauses rest on; all in lower case."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words(
    """mr mrs ms mx dr gov sen rep gen lt col sgt capt cmdr adm maj cpl pvt prof rev fr hon pres st
    mt ft supt det insp msgr amb atty messrs mme mlle drs reps sens govs gens brig pte cllr
    fig figs asst assoc proc natl acad"""
)
"""Abbreviations with a capital that a further word must follow, so they end no sentence."""

SMALL_LINKS = _words("vs v cf approx e.g i.e viz ca")
"""The same without a capital."""

NUMBERED = _words("no nos art sec ch vol para p pp ed op ft lb lbs oz")
"""Words that are abbreviations where a number follows them, and end a sentence elsewhere."""

MAY_END = _words(
    """inc corp ltd co bros jr sr esq llc llp plc jan feb mar apr jun jul aug sept sep oct nov dec
    ave blvd rd sq hwy ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn
    miss mo mont neb nev okla ore pa tenn tex va vt wash wis wyo univ intl sci est mon tue tues wed
    thu thurs fri sat ph.d m.d b.a m.a d.c u.s u.k u.n e.u al"""
)
"""Abbreviations with a capital after which a sentence ends only before a usual beginning."""

CLOCK = _words("a.m p.m etc")
"""Abbreviations after which a capital letter begins a sentence, time zones and days aside."""

DAYS = _words("monday tuesday wednesday thursday friday saturday sunday")

AFTER_CLOCK = DAYS | _words(
    """et est edt ct cst cdt mt mst mdt pt pst pdt gmt bst utc cet eastern central pacific mountain
    january february march april may
    june july august september october november december london moscow"""
)

BEGINNERS = _words(
    """the a an he she it they we i you his her its their our my your this that these those there
    here in on at by for from with without of to as if when while where what who why how which
    after before since until once although though because unless despite during under over and
    but or nor so yet however meanwhile still also then now not no yes all both some many most
    more several few one two three none nobody nothing everyone every each another other such
    about around nearly almost between among near according asked earlier later last next only
    even just instead moreover furthermore nevertheless nonetheless
    thus therefore indeed perhaps maybe please let don’t it’s he’s
    she’s that’s there’s they’re we’re i’m it's he's she's that's there's they're we're i'm"""
)
"""Words that usually begin a sentence when they have a capital after a full stop."""

SPEECH_VERBS = _words(
    """said says say saying told tells asked asks added adds claimed claims claim argued argues
    insisted insists stated states announced announces confirmed confirms reported reports
    believes believed believe thinks thought think warned warns replied replies tweeted wrote
    writes explained explains suggested suggests noted notes admitted admits alleged alleges
    acknowledged conceded declared declares maintained maintains contended contends concluded
    estimated estimates predicted predicts promised promises vowed hopes hoped hope feared fears
    knows knew know denied denies continued continues joked shouted yelled recalled testified
    found finds shows showed revealed reveals learned ruled joking tweets laughed quipped sighed
    demanded wondered remarked responded observed"""
)

TELLING_VERBS = _words("told tells tell assured warned reminded asked asks informed")
"""Verbs of speech behind which the listener is named first (``told reporters he would``)."""

AUXILIARIES = _words(
    """is are was were be been am has have had do does did will would shall should can could may
    might must isn’t aren’t wasn’t weren’t hasn’t haven’t hadn’t don’t doesn’t didn’t won’t
    wouldn’t can’t couldn’t shouldn’t isn't aren't wasn't weren't hasn't haven't hadn't don't
    doesn't didn't won't wouldn't can't couldn't shouldn't cannot"""
)

COMMON_VERBS = _words(
    """came went got made took gave left began became saw felt held kept met ran sent set spoke
    stood won lost fell rose grew led put paid read sat sold built brought bought broke hit
    comes goes gets makes takes gives leaves begins becomes sees feels holds keeps meets runs
    sends speaks stands wins loses falls rises grows leads puts pays sits sells builds brings
    breaks wants needs seems remains lives works plans expects means tell go get make take give
    want need seem remain live work come"""
)

SUBJECTS = _words(
    """he she it they we i you there he’s she’s it’s they’re we’re i’m you’re he’d she’d they’d
    we’d i’d you’d he’ll she’ll it’ll they’ll we’ll i’ll you’ll they’ve we’ve i’ve you’ve there’s
    he's she's it's they're we're i'm you're he'd she'd they'd we'd i'd you'd he'll she'll it'll
    they'll we'll i'll you'll they've we've i've you've there's nobody everyone somebody someone
    everybody anyone"""
)

DETERMINERS = _words(
    "the a an this that these those his her its their our my your some any many most all no every"
)

PREPOSITIONS = _words(
    """of in on at by for from with without to into onto about against between among during
    under over through within beyond across behind beside than like upon toward towards via"""
)

PLAIN_OPENERS = _words(
    """because although though while whilst whereas unless whether if when where who what why how
    but lest whenever wherever whoever despite"""
)
"""Words that open a clause wherever they stand inside a sentence."""

RELATIVES = _words("which whom whose")
"""Words that open a clause together with a preposition before them (``to whom``)."""

OTHER_OPENERS = _words(
    "that who as to according after before until since once till so yet and or nor"
)
"""Words that open a clause only in some places; the rules for clauses say in which."""

NOT_BEFORE_BUT = _words("nothing all anything none everything anyone everyone can’t can't cannot")

NOT_BEFORE_AS = _words(
    """such well same soon long far much many known described regarded seen serving served named
    such twice times half just so even act acts acted acting work works worked portrayed dismissed
    viewed"""
)
NOT_AFTER_AS = _words("well of many much soon long far yet usual opposed such few little")

NOT_BEFORE_TO = _words(
    "have has had having going used able ought due according up about set gonna supposed close"
)
NOT_AFTER_TO = _words(
    """him them me us it you himself herself themselves itself which whom what and or more less
    both each one two three four five six seven eight nine ten people men women children school
    death court jail prison war power life office home date parliament reporters journalists
    lawmakers voters investors everyone anyone someone nobody something nothing that
    another others other former new local federal public state police hospital church work"""
)

WEAK_LINE_ENDS = DETERMINERS | PREPOSITIONS | AUXILIARIES | _words("and or but nor as that who")
"""A line that ends with one of these goes on in the next one."""
