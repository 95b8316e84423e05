"""Lines of a scan as pieces of prose or of formulas: told apart by what was read, be it nonsense. px."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from vary_cli.document import Box, Line
from vary_cli.example import MONO, Glyph
from vary_cli.formula import signs
from vary_cli.layout.seen import Seen

WORDY = (0.4, 0.6, 0.8)
"""The share of its characters that a formula's line may have in words; more where signs or its height tell it, or both.
"""
TALL = 1.45
"""Ems; lines of text are not as high."""
FAR = 1.4
"""A formula's number stands so far from it, at least, ems from centre to centre."""
HAN = 3
"""Letters that a Chinese character counts for; one alone, or few where the letters stand high, are misread signs."""
SHORT = 5
"""Letters; a word or two that may stand within formulas."""
_NAMES = re.compile(r"arg|cos|cov|corr|det|diag|dim|exp|inf|lim|ln|log|max|min|mod|sign|sin|sup|tan|var", re.IGNORECASE)
_TALK = re.compile(r"\b(?:and|all|for|if|or|otherwise|subject to|when|where|with)\b")
_WORD = re.compile(
    r"(?=[^\W\d_]*[aeiouyäöüéèà])[^\W\d_]{3,}|[A-Z]{4,}|[Α-Ωα-ω]{4,}|\b(?:as|at|be|by|in|is|it|of|on|or|to|we)\b"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_RELATION = re.compile(r"[=<>≤≥≈≡∼≃≅∝→←⇒⇔↦∈∉⊂⊆≠±∑∏∫∮√∂∇×⊗⊕]")
_HINT = re.compile(r"[ΓΔΘΛΞΠΣΦΨΩα-ωϑϕϵℝℕℤℂ∞]|\w\s?[+−]\s?\w")
_NUMBER = re.compile(
    r"[(\[]([A-Z]?[.–-]?\d{1,3}(?:[.–-]\d{1,3})*[a-z]?)[)\]}⟩|]?|([A-Z]?\d{1,3}(?:\.\d{1,3})*[a-z]?)\)"
)
_LISTED = re.compile(r"^(?:[•▪■◦○●]|[–—∗*-]\s|\d{1,2}[.)](?!\d)|[a-z][.)]\s)")
_LEADER = re.compile(r"(?:\. ?){5}")
_CODE = re.compile(r"[+*/!=]=|->|::|&&|//|\\[\\A-Za-z]|\(\);")


@dataclass(frozen=True, eq=False)
class Piece:
    """A line, or a part of one, with what was read on it."""

    line: Line
    glyphs: Sequence[Glyph]
    em: float
    """Of most of the page's text."""

    @property
    def seen(self) -> Seen:
        """As it came."""
        return self.line, self.glyphs

    @property
    def box(self) -> Box:
        """Of its ink."""
        return self.line.box

    @property
    def middle(self) -> float:
        """Half the way down it."""
        return (self.box[1] + self.box[3]) / 2

    @cached_property
    def text(self) -> str:
        """What was read."""
        return "".join(glyph.char for glyph in self.glyphs).strip()

    @cached_property
    def is_tall(self) -> bool:
        """Whether it is higher than a line of text."""
        return self.box[3] - self.box[1] > TALL * self.em

    @cached_property
    def relations(self) -> int:
        """How many signs it has that hardly any text but formulas has."""
        return len(_RELATION.findall(self.text))

    @cached_property
    def hints(self) -> int:
        """How many signs it has that little text but formulas has."""
        return len(_HINT.findall(self.text))

    @cached_property
    def letters(self) -> int:
        """How many of its characters stand in words; those that formulas use count where there is no formula."""
        said = _TALK.sub(" ", self.text) if self.relations else self.text
        han = len(_HAN.findall(said))
        return sum(map(len, _WORD.findall(_NAMES.sub("", said)))) + HAN * han * (han > (3 if self.is_tall else 1))

    @cached_property
    def is_prose(self) -> bool:
        """Whether it says words, as no formula does; or lists letters, is code, an item, or of a table of contents."""
        mono = sum(bool(glyph.style & MONO) for glyph in self.glyphs)
        if signs.are_listed(self.text):
            return True
        if 2 * mono > len(self.glyphs) > 0 or any(sign.search(self.text) for sign in (_LISTED, _LEADER, _CODE)):
            return True
        shown = sum(not char.isspace() for char in self.text)
        return self.letters > WORDY[self.is_tall + bool(self.relations)] * shown

    @cached_property
    def is_word(self) -> bool:
        """Whether it is a word or two alone, which may stand among a formula's pieces."""
        return self.is_prose and self.letters == len(self.text) <= SHORT

    @cached_property
    def number(self) -> str:
        """What stands between the brackets, if it may be a formula's number and nothing else; or nothing."""
        found = _NUMBER.fullmatch(self.text)
        return (found[1] or found[2]) if found else ""


def pieces(found: Sequence[Seen]) -> list[Piece]:
    """The lines of a page, numbers parted from the formulas they stand beside."""
    em = usual(found)
    return [part for line, glyphs in found for part in parted(Piece(line, glyphs, em))]


def usual(found: Sequence[Seen]) -> float:
    """Em of most of the text."""
    ems = sorted(line.em for line, glyphs in found for _ in glyphs)
    return ems[len(ems) // 2] if ems else 20.0


def parted(piece: Piece) -> Iterator[Piece]:
    """A piece; or two, where it begins or ends with a number in brackets and a gap."""
    shown = [glyph for glyph in piece.glyphs if not glyph.char.isspace()]
    for i in range(1, len(shown)):
        if shown[i].x - shown[i - 1].x > FAR * piece.em:
            parts = cut(piece, shown[i - 1].x, shown[i].x)
            if not piece.is_prose and any(part.number for part in parts):
                yield parts[0]
                yield from parted(parts[1])
                return
    yield piece


def cut(piece: Piece, before: float, after: float) -> tuple[Piece, Piece]:
    """A piece parted between the centres of two of its characters."""
    x0, y0, x1, y1 = piece.box
    middle, half = (before + after) / 2, 0.45 * piece.em
    left = Line((x0, y0, min(before + half, x1), y1), piece.line.baseline, piece.line.em)
    right = Line((max(after - half, x0), y0, x1, y1), piece.line.baseline, piece.line.em)
    first = [glyph for glyph in piece.glyphs if glyph.x <= middle]
    second = [glyph for glyph in piece.glyphs if glyph.x > middle]
    return Piece(left, first, piece.em), Piece(right, second, piece.em)
