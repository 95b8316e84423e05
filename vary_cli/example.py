"""The one question type: a picture, a prompt, an answer that may be missing. And what a transcriber says to it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from vary_cli.document import ASCENT, DESCENT, Account, Box, Line

if TYPE_CHECKING:
    from PIL import Image

Finish = Literal["stop", "length", "repeat", "blank"]

BOLD, ITALIC, MONO = 1, 2, 4
"""What Glyph.style is made of."""

FORMULA = "Convert this formula to latex format."
"""The question about a picture of one formula (after the Vary paper's about tables, figure 7)."""


SEEN = 1.0
"""Em of the smallest letters that anybody sees, px: smaller ones of a text layer are there to be searched."""
MIDDLE = 0.25
"""Of its size: how far a glyph's middle stands above its baseline."""
_NARROW, _WIDE = frozenset("iljtfrI.,:;!'|()[]{}‘’`"), frozenset("mwMWQO@%&—…")


class Glyph(NamedTuple):
    """One character as it stands on a picture."""

    char: str
    x: float
    """Horizontal centre of its advance, px."""
    y: float
    """Baseline, px."""
    size: float
    """Em of its font, px."""
    line: int
    """Which line it stands on, counted from 0 in reading order."""
    style: int = 0
    """BOLD, ITALIC and MONO added up, where they are known."""
    bold: float | None = None
    """Log odds that it is bold, where that was seen; its style says which is likelier."""

    @property
    def middle(self) -> float:
        """y of its middle, px."""
        return self.y - MIDDLE * self.size

    @property
    def half_width(self) -> float:
        """Half of its usual width, px."""
        if unicodedata.east_asian_width(self.char) in "WF":
            return 0.5 * self.size
        return self.size * (0.15 if self.char in _NARROW else 0.42 if self.char in _WIDE else 0.27)

    @property
    def box(self) -> Box:
        """Where a character of its size usually lies, px."""
        half, size = self.half_width, self.size
        return (self.x - half, self.y - ASCENT * size, self.x + half, self.y + DESCENT * size)


def usual_em(glyphs: Sequence[Glyph]) -> float:
    """The size of a formula's letters, scripts aside, px."""
    sizes = sorted(glyph.size for glyph in glyphs)
    return sizes[int(0.85 * (len(sizes) - 1))]


@dataclass(frozen=True)
class Example:
    """A question to a model: read this picture. With an answer it trains and judges, without one it is a page."""

    image: Image.Image
    prompt: str | None = None
    answer: str | None = None
    glyphs: tuple[Glyph, ...] | None = None
    """Where each character stands, px: the truth in training, a text layer's claim when reading."""
    lines: tuple[Line, ...] | None = None
    """Where the lines of text stand, px of this image; the answer then has one line for each."""
    em: float | None = None
    """Size of the text on the picture, px, where nothing says where its lines stand."""
    draft: str | None = None
    """What the answer probably is (a text layer's words), to be verified."""
    source: str = ""
    """Where the example comes from."""
    history: tuple[tuple[str, str], ...] = ()
    """Earlier questions about the picture and their answers."""


UNKNOWN = "\ufffd"
"""What a transcriber writes for a character that stands there and has no name in its repertoire."""


@dataclass(frozen=True)
class Generation:
    """What a transcriber says to one example."""

    text: str
    finish: Finish
    tokens: int
    score: float
    """Mean log-probability of the tokens; 0 is certain."""
    account: Account = field(default_factory=Account)
    """How the characters came about."""
    glyphs: tuple[Glyph, ...] | None = None
    """The characters of the text, px of the example's image; None where the model cannot tell their places."""
    probability: float = 1.0
    """That all of it is right, as far as the model knows."""


Transcriber = Callable[[Iterable[Example]], Iterator[Generation]]
