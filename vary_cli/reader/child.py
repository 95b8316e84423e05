"""The program of the child process in which PyMuPDF opens one PDF and renders its pages.

It may hang or crash without harm. It is told what to do on its standard input and answers on its standard output, in
the words of wire.py.
"""

from __future__ import annotations

import itertools
import math
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from vary_cli.reader import wire

if TYPE_CHECKING:
    from vary_cli.reader.rendering import Draw

LIFE = 200
"""Pages after which a child makes room for a fresh one, since MuPDF does not give back all memory."""
GRACE = 10
"""Seconds after a deadline on the clock at which a child ends itself: its parent, who would have, is gone."""
COMPLAINTS = 1 << 24
"""Bytes that a child may write besides its answers."""


def serve(draw: Draw | None = None) -> None:
    """Open the document that the parent names, answer page after page, end when the parent hangs up."""
    questions, answers = sys.stdin.buffer, private_output()
    order, data = wire.receive(questions)
    assert isinstance(order, wire.Order)
    confine(order.memory + len(data))
    watch(order.open_timeout)
    with hidden("pymupdf.layout", "pymupdf4llm"):
        from vary_cli.reader import rendering

    first, document = rendering.admit(order, data)
    wire.send(answers, first)
    watch(None)
    for number in itertools.islice(asked(questions), LIFE):
        watch(order.page_timeout)
        wire.send(answers, *rendering.attempt(draw or rendering.draw, document, number, order))
        watch(None)


def asked(questions: IO[bytes]) -> Iterator[int]:
    """The page numbers that the parent asks for, until it hangs up."""
    with suppress(EOFError):
        while True:
            number, _ = wire.receive(questions)
            assert isinstance(number, int)
            yield number


@contextmanager
def hidden(*modules: str) -> Iterator[None]:
    """As if these modules were not installed. PyMuPDF imports them if it can, networks and all: a second lost."""
    sys.modules.update(dict.fromkeys(modules))  # type: ignore[arg-type]
    yield
    for module in modules:
        del sys.modules[module]


def private_output() -> IO[bytes]:
    """Standard output for answers alone; what libraries print goes where complaints go."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def confine(memory: int) -> None:
    """Limit what a hostile file can take, where the system can; leave Ctrl-C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        import resource

        limits = {resource.RLIMIT_AS: memory, resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: COMPLAINTS}
        for kind, value in limits.items():
            hard = resource.getrlimit(kind)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (value, value))


def watch(seconds: float | None) -> None:
    """Let the system kill this process after so many seconds of processor time, even inside of C code.

    If it sleeps instead, some time on the clock kills it; None calls both off.
    """
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds or 0)
        signal.alarm(0 if seconds is None else math.ceil(seconds * wire.PATIENCE) + GRACE)


if __name__ == "__main__":
    serve()
