"""Choosing what to review: a line for each thing to choose, its values by the arrows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from annotui.domain.review_queue import STATUSES, Choice, ReviewOrder, Sample
from annotui.domain.visible import visible
from annotui.tui.screens.dialogs import Dialog

NAME_CELLS = 18
CHANGED = "edited since a decision"
DAYS = {"today": 0, "in the last 7 days": 7, "in the last 30 days": 30}
SAMPLES = ("10", "25", "50", "100", "200", "1%", "5%", "10%", "20%")
SEEDS = range(10)
HINT = "j k line · h l value · enter begins · esc goes back"


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to choose from: the open document, labels, annotators; and what was chosen.

    ``going_on`` says how far the session has come that was begun with ``before``, if one was.
    """

    document_id: str
    labels: tuple[str, ...]
    annotators: tuple[str, ...]
    before: Choice | None = None
    going_on: str = ""


@dataclass(slots=True)
class Line:
    """One thing to choose: its name, and its values with what each does to a choice."""

    name: str
    values: tuple[str, ...]
    at: int = 0

    @property
    def value(self) -> str:
        """The value that is chosen."""
        return self.values[self.at]

    def step(self, direction: int) -> None:
        """Choose the value beside."""
        self.at = (self.at + direction) % len(self.values)


class ReviewChoiceScreen(Dialog[Choice | None]):
    """Asks what to review; the answer is the choice, which is the one before where it is kept."""

    def __init__(self, offer: Offer) -> None:
        super().__init__()
        self._offer, self._at, self._is_touched = offer, 0, False
        self._lines = _lines(offer)

    def compose(self) -> ComposeResult:
        """The box."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content("Review")
            box.border_subtitle = Content(HINT)
            yield Static(self._page(), id="choice", markup=False)

    def press(self, key: str) -> None:
        """Go to a line, change its value, or begin."""
        if key in ("j", "down", "k", "up"):
            self._at = (self._at + (1 if key in ("j", "down") else -1)) % len(self._lines)
        elif key in ("l", "right", "space", "h", "left"):
            self._is_touched = True
            self._lines[self._at].step(-1 if key in ("h", "left") else 1)
        elif key in ("enter", "r"):
            self.dismiss(self._choice())
            return
        elif key in ("escape", "q"):
            self.dismiss(None)
            return
        self.query_one("#choice", Static).update(self._page())

    def _choice(self) -> Choice:
        before = self._offer.before
        if before is not None and not self._is_touched:
            return before
        return _chosen(self._offer, {line.name: line.value for line in self._lines})

    def _page(self) -> Text:
        page = Text()
        for rank, line in enumerate(self._lines):
            is_here = rank == self._at
            page.append("▸ " if is_here else "  ", style="bold")
            page.append(f"{line.name:<{NAME_CELLS}}", style="bold" if is_here else "dim")
            shown = visible(line.value, newline=" ")
            page.append(f"‹ {shown} ›\n" if is_here else f"  {shown}\n")
        going_on = self._offer.going_on
        is_same = self._offer.before is not None and not self._is_touched
        page.append(f"\n{going_on}" if is_same else "\nenter begins a new session", style="dim")
        return page


def _lines(offer: Offer) -> list[Line]:
    """The lines, at what was chosen before where they have that."""
    lines = [
        Line("Articles", ("all", "this one")),
        Line("Labels", ("all", *offer.labels)),
        Line("By", ("everybody", *offer.annotators)),
        Line("Decision", (*STATUSES, CHANGED, "any")),
        Line("Made", ("at any time", *DAYS)),
        Line("Sample", ("all of them", *SAMPLES)),
        Line("Seed", tuple(map(str, SEEDS))),
        Line("Order", tuple(map(str, ReviewOrder))),
        Line("Blind", ("no", "yes")),
    ]
    before = offer.before
    if before is not None:
        for line, value in zip(lines, _values(offer, before), strict=True):
            if value not in line.values:
                line.values = (*line.values, value)
            line.at = line.values.index(value)
    return lines


def _values(offer: Offer, choice: Choice) -> Sequence[str]:
    """What the lines say of a choice; what they cannot offer they say as it is."""
    documents = choice.document_ids
    status = "any" if set(choice.statuses) in (set(), set(STATUSES)) else ", ".join(choice.statuses)
    here = "this one" if documents == (offer.document_id,) else f"{len(documents)} chosen"
    return (
        here if documents else "all",
        ", ".join(choice.labels) or "all",
        ", ".join(choice.annotators) or "everybody",
        CHANGED if choice.changed else status,
        f"since {choice.since}" if choice.since else "at any time",
        str(choice.sample) if choice.sample else "all of them",
        str(choice.seed),
        str(choice.order),
        "yes" if choice.blind else "no",
    )


def _chosen(offer: Offer, values: dict[str, str]) -> Choice:
    """The choice that the lines say; a line that was not touched keeps what was chosen before."""
    before = offer.before or Choice()
    kept = dict(zip(values, _values(offer, before), strict=True))
    choice = before

    def is_new(name: str) -> bool:
        return values[name] != kept[name]

    if is_new("Articles"):
        here = (offer.document_id,) if values["Articles"] == "this one" else ()
        choice = replace(choice, document_ids=here)
    if is_new("Labels"):
        labels = () if values["Labels"] == "all" else (values["Labels"],)
        choice = replace(choice, labels=labels)
    if is_new("By"):
        annotators = () if values["By"] == "everybody" else (values["By"],)
        choice = replace(choice, annotators=annotators)
    if is_new("Decision"):
        status = values["Decision"]
        statuses = STATUSES if status == "any" else (status,)
        choice = replace(
            choice,
            changed=status == CHANGED,
            statuses=("unreviewed",) if status == CHANGED else statuses,
        )
    if is_new("Made"):
        choice = replace(choice, since=_since(values["Made"]))
    if is_new("Sample"):
        drawn = values["Sample"]
        choice = replace(choice, sample=Sample.parse(drawn) if drawn in SAMPLES else None)
    return replace(
        choice,
        seed=int(values["Seed"]),
        order=ReviewOrder(values["Order"]),
        blind=values["Blind"] == "yes",
    )


def _since(words: str) -> str:
    """The stored time from which marks count: the start of a day, local time."""
    if words not in DAYS:
        return ""
    midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight - timedelta(days=DAYS[words])
    return first.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
