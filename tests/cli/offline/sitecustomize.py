"""Put first on PYTHONPATH, this ends a program that asks for the network, with a name for it.

Python's own ways are watched by an audit hook; what C libraries do, by a filter of the kernel's
that kills a process which asks for a socket of another family than AF_UNIX (which asyncio uses to
wake itself).
"""

import ctypes
import os
import platform
import socket
import struct
import sys

CAUGHT = 97
NETWORK = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg")
NAMES = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "urllib.Request")


def watch(event: str, given: tuple[object, ...]) -> None:
    outside = event in NETWORK and getattr(given[0], "family", None) != socket.AF_UNIX
    if outside or event in NAMES or event.startswith(("http.client.", "ftplib.", "smtplib.")):
        os.write(2, f"asked for the network: {event} {given!r}\n".encode())
        os._exit(CAUGHT)


def filter_sockets() -> None:
    """Source: seccomp(2), and the numbers of socket(2) in the kernel's syscall tables."""
    number = {"x86_64": 41, "aarch64": 198}.get(platform.machine())
    if number is None or not sys.platform.startswith("linux"):
        return
    load, equals, answer = 0x20, 0x15, 0x06
    allow, kill = 0x7FFF0000, 0x80000000
    steps = [
        (load, 0, 0, 0),  # the system call's number
        (equals, 0, 3, number),
        (load, 0, 0, 16),  # its first argument, the family
        (equals, 1, 0, int(socket.AF_UNIX)),
        (answer, 0, 0, kill),
        (answer, 0, 0, allow),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, set_filter, mode = 38, 22, 2
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) or libc.prctl(set_filter, mode, program, 0, 0):
        raise OSError(ctypes.get_errno(), "the filter was not taken")


sys.addaudithook(watch)
filter_sockets()
