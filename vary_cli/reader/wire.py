"""What the PDF reader and its child process say to each other, as bytes on a pipe.

The child handles hostile files and may have fallen to one: only the plain data named in WORDS is ever unpickled.
"""

from __future__ import annotations

import io
import pickle
import struct
from dataclasses import dataclass
from typing import IO, Literal

from vary_cli import document
from vary_cli.document import TextLayer

PATIENCE = 5
"""Seconds on the clock for each second of processor time: a busy machine makes every page slow, but hangs none."""
SIZES = struct.Struct(">QQ")
LARGEST = 1 << 30
"""Bytes of the longest part of a message."""


@dataclass(frozen=True)
class Order:
    """The first message to the child: what to open and how to render it. A PDF without a path follows in bytes."""

    path: str | None
    password: str | None
    dpi: float
    layer: bool
    """Send the text layer along."""
    analyse: bool
    """With the library's layout analysis."""
    page_timeout: float
    open_timeout: float
    memory: int
    """Bytes."""
    pixels: int
    pages: int


@dataclass(frozen=True)
class Opened:
    """The child's first answer: the document is open."""

    count: int
    labels: tuple[str, ...]
    """One a page; empty if the document sets none."""
    title: str
    repaired: bool
    """The file is damaged; what is read is the library's best guess."""
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Refused:
    """The child's first and last answer: the document cannot be read."""

    reason: Literal["damaged", "no_pages", "encrypted", "wrong_password", "too_long"]
    detail: str = ""


@dataclass(frozen=True)
class Rendered:
    """A page. Its pixels follow: RGB, row by row."""

    width: int
    height: int
    """px."""
    size: tuple[float, float]
    """Points."""
    layer: TextLayer | None
    repaired: bool
    """The file turned out to be damaged, be it now."""
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Failed:
    """A page that the PDF library gave up on."""

    detail: str


WORDS: dict[tuple[str, str], type] = {
    (word.__module__, word.__qualname__): word
    for word in (
        *(Order, Opened, Refused, Rendered, Failed),
        *(document.TextLayer, document.LayerLine, document.Span, document.Area, document.OutlineEntry),
    )
}


class Plain(pickle.Unpickler):
    """Unpickles plain values and WORDS, and nothing that could run."""

    def find_class(self, module: str, name: str) -> type:
        """The class of that name. Raises UnpicklingError if it is none of WORDS."""
        if (module, name) not in WORDS:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a message")
        return WORDS[module, name]


def send(pipe: IO[bytes], message: object, payload: bytes = b"") -> None:
    """Write a message and the raw bytes that follow it."""
    head = pickle.dumps(message, protocol=5)
    pipe.write(SIZES.pack(len(head), len(payload)))
    pipe.write(head)
    pipe.write(payload)
    pipe.flush()


def receive(pipe: IO[bytes]) -> tuple[object, bytes]:
    """Read a message and the raw bytes that follow it.

    Raises EOFError if the other end is gone, UnpicklingError if it talks nonsense.
    """
    head, payload = SIZES.unpack(exactly(pipe, SIZES.size))
    if max(head, payload) > LARGEST:
        raise pickle.UnpicklingError("a message is too long")
    return loaded(exactly(pipe, head)), exactly(pipe, payload)


def loaded(head: bytes) -> object:
    """A message from its bytes. Raises UnpicklingError for all the ways in which they can make no sense."""
    try:
        return Plain(io.BytesIO(head)).load()
    except (ValueError, TypeError, LookupError, AttributeError, EOFError) as error:
        raise pickle.UnpicklingError(f"the message makes no sense: {error}") from error


def exactly(pipe: IO[bytes], size: int) -> bytes:
    """So many bytes; EOFError if there are fewer."""
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data
