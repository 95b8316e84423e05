"""Plain text, drawn line by line: many fonts and layouts, English, Chinese and mixed, with the place of every glyph.

The quickest source of glyphs; the answer is what stands there, line by line. Vary paper, section 3.2 (documents as
positives), with the glyph positions that only a renderer knows.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw

from vary_cli.data import fonts, text
from vary_cli.data.fonts import Face
from vary_cli.example import Example, Glyph

BLOCK = 64
EXAMPLE = "vary data make lines notes/ -o data/lines --count 10000"
NOT_FIRST = set("，。、；：？！）》”’】」,.;:?!)]}%")
"""What no line begins with."""
NOT_LAST = set("（《“‘【「([{")
"""What no line of Chinese ends with."""
CLOSING, OPENING = frozenset("，。、；：）》”’】」"), frozenset("（《“‘【「")
"""Full-width marks with white after them, and before them, that typesetters take away: between two marks, or always."""
TIGHT = 0.1
"""Ems of it that are left."""
HALVED = 0.08
"""Share of Chinese regions with the marks of English, as many authors type them."""
HALVES = str.maketrans({"，": ", ", "。": ". ", "：": ": ", "；": "; ", "（": " (", "）": ") ", "？": "? ", "！": "! "})
MARKED = 0.03
"""Share of words that a raised mark follows, as a footnote's; of Han characters a fifth of that."""
MARKS = ("*", "†", "‡", "§")
ROWS, ROW = 0.04, "***###===---~~~...%+_/"
"""Share of regions made up that are rows of one sign, as programs have them between their parts; and of which."""


class Placed(NamedTuple):
    """A character, the face that draws it, and whether it is a raised mark."""

    char: str
    face: Face
    is_raised: bool = False


@dataclass(frozen=True)
class Options:
    """How regions are drawn."""

    text: tuple[Path, ...] = field(default=(), metadata={"flag": False, "needed": True})
    """Files (.txt, .md) or folders to take text from."""
    fonts: tuple[Path, ...] = ()
    """Folders of fonts; none: the system's."""
    without: tuple[str, ...] = ()
    """Font files to leave out, by a part of their path."""
    chinese: float = 0.5
    """Share of Chinese regions."""
    made_up: float = 0.2
    """Share of regions of characters drawn evenly."""
    lines: tuple[int, int] = (1, 8)
    """Fewest and most lines of a region."""
    size: tuple[int, int] = (18, 40)
    """Smallest and largest em, px."""
    alphabet: str = ""
    """Characters to draw evenly from; empty: those of GB2312 and Latin-1."""


def examples(options: Options, chance: random.Random) -> Iterator[Example]:
    """Regions without end."""
    texts = text.load(options.text)
    latin, chinese = fonts.shelves(options.fonts, options.without)
    while True:
        is_chinese = chance.random() < options.chinese and bool(texts.chinese and chinese.families)
        face = (chinese if is_chinese else latin).draw(chance)
        second = latin.draw(chance) if chance.random() < 0.5 else face
        said = content(options, texts, chance, face, is_chinese)
        yield Drawing(options, chance, face, second, is_chinese).example(said)


def content(options: Options, texts: text.Texts, chance: random.Random, face: Face, chinese: bool) -> str:
    """What a region says."""
    if chance.random() < options.made_up:
        if chance.random() < ROWS:
            return " ".join(row(chance) for _ in range(chance.randint(1, 3)))
        alphabet = drawable(options.alphabet or everyday(), face, chance, chinese)
        return text.made_up(chance, alphabet, chance.randint(10, 160), 12 if chinese else 5)
    said = texts.paragraph(chance, chinese)
    limit = chance.randint(20, 260 if chinese else 700)
    start = chance.randrange(max(1, len(said) - limit // 2))
    if chinese and chance.random() < HALVED:
        said = said.translate(HALVES)
    if not chinese:
        start = said.find(" ", start) + 1 if start else 0
        said = said.upper() if chance.random() < 0.04 else said.title() if chance.random() < 0.04 else said
    return said[start : start + limit]


@functools.cache
def everyday() -> str:
    """Printable Latin-1, full-width marks and the 6,763 Han characters of GB2312."""
    latin = "".join(map(chr, (*range(33, 127), *range(161, 173), *range(174, 256))))
    rows = (bytes((high, low)) for high in (0xA3, *range(0xB0, 0xF8)) for low in range(0xA1, 0xFF))
    return latin + "".join(row.decode("gb2312", "ignore") for row in rows)


def drawable(alphabet: str, face: Face, chance: random.Random, chinese: bool) -> list[str]:
    """Characters to draw evenly: mostly plain ones (ASCII, or Han), sometimes all that the face has."""
    every = [char for char in alphabet if (chinese or char < "\u2e80") and char in face.characters]
    common = [char for char in every if (char >= "\u4e00" if chinese else char < "\x7f")]
    return common if common and chance.random() < 0.7 else every


class Drawing:
    """One region being drawn: faces, size, spacing, and the pen."""

    def __init__(self, options: Options, chance: random.Random, face: Face, second: Face, chinese: bool) -> None:
        self.chance, self.face, self.second, self.chinese = chance, face, second, chinese
        self.size = chance.randint(*options.size)
        tracking = (0, 0, 0.04, 0.1) if chinese else (0, 0, 0, 0, 0.03, 0.08, -0.015)
        self.tracking = self.size * chance.choice(tracking)
        self.pitch = self.size * chance.uniform(1.08, 1.7)
        self.width = int(self.size * chance.uniform(8, 44))
        self.most = chance.randint(*options.lines)
        self.margin = self.size
        self.small = max(6, round(self.size * chance.uniform(0.55, 0.75)))
        self.lift = self.size * chance.uniform(0.28, 0.42)
        self.squeezes = chance.choice(("never", "pairs", "pairs", "always")) if chinese else "never"

    def example(self, said: str) -> Example:
        """The region's picture and glyphs."""
        lines = self.wrapped(said)[: self.most]
        height = int(2 * self.margin + self.pitch * len(lines))
        image = Image.new("L", (self.width + 2 * self.margin, height), 255)
        pen = ImageDraw.Draw(image)
        justified = self.chance.random() < 0.4
        glyphs: list[Glyph] = []
        for number, line in enumerate(lines):
            slack = self.slack(line) if justified and number + 1 < len(lines) else 0.0
            glyphs += self.line(pen, line, number, slack)
        answer = "\n".join("".join(placed.char for placed in line) for line in lines)
        return Example(image, answer=answer, glyphs=tuple(glyphs), source=f"lines:{self.face.path.name}")

    def wrapped(self, said: str) -> list[list[Placed]]:
        """Lines of (character, face), broken at spaces and between Han characters."""
        lines: list[list[Placed]] = [[]]
        used = 0.0
        for word in words(said):
            chars = self.covered(Placed(char, self.face_of(char)) for char in word)
            if chars and word != " " and self.chance.random() < MARKED / (5 if word >= "\u2e80" else 1):
                chars += self.covered(Placed(char, self.second, True) for char in mark(self.chance))
            wide = sum(map(self.advance, chars))
            if used + wide > self.width and lines[-1] and word[0] not in NOT_FIRST:
                last = lines[-1].pop() if lines[-1][-1].char in NOT_LAST and len(lines[-1]) > 1 else None
                lines.append([last] if last else [])
                used = self.advance(last) if last else 0.0
            if lines[-1] or word != " ":
                lines[-1] += chars
                used += wide
        return [trimmed for line in lines if (trimmed := trim(line))] or [[Placed("x", self.face)]]

    def face_of(self, char: str) -> Face:
        """Latin in Chinese text may have a face of its own."""
        return self.second if self.chinese and char < "\u2018" and char in self.second.characters else self.face

    def covered(self, chars: Iterable[Placed]) -> list[Placed]:
        """Those that their faces can draw."""
        return [placed for placed in chars if placed.char == " " or placed.char in placed.face.characters]

    def advance(self, placed: Placed) -> float:
        """px from this character's origin to the next one's."""
        return placed.face.at(self.em(placed)).getlength(placed.char) + self.tracking

    def advances(self, line: Sequence[Placed]) -> list[float]:
        """px from each character's origin on a line to the next one's, less the white of marks."""
        wide = [self.advance(placed) - before for placed, before in zip(line, self.before(line), strict=True)]
        for i, placed in enumerate(line):
            after = line[i + 1].char if i + 1 < len(line) else ""
            if placed.char in CLOSING and self.is_squeezed(after):
                wide[i] = min(wide[i], ink(placed.face, self.size, placed.char)[1] + TIGHT * self.size)
        return wide

    def before(self, line: Sequence[Placed]) -> list[float]:
        """px of white that are taken away before each character of a line."""
        return [
            max(0.0, ink(placed.face, self.size, placed.char)[0] - TIGHT * self.size)
            if placed.char in OPENING and self.is_squeezed(line[i - 1].char if i else "")
            else 0.0
            for i, placed in enumerate(line)
        ]

    def is_squeezed(self, beside: str) -> bool:
        """Whether a mark has no white on the side of this character."""
        return self.squeezes == "always" or (self.squeezes == "pairs" and beside in CLOSING | OPENING)

    def em(self, placed: Placed) -> int:
        """px."""
        return self.small if placed.is_raised else self.size

    def slack(self, line: Sequence[Placed]) -> float:
        """px to add to each space so that the line fills the width."""
        spaces = sum(placed.char == " " for placed in line)
        left = self.width - sum(self.advances(line))
        return left / spaces if spaces and 0 < left < 0.8 * self.size * spaces else 0.0

    def line(self, pen: ImageDraw.ImageDraw, line: Sequence[Placed], number: int, slack: float) -> Iterator[Glyph]:
        """Draw a line; where its glyphs stand."""
        x = float(self.margin) + self.chance.random()
        for placed, before, wide in zip(line, self.before(line), self.advances(line), strict=True):
            char, face, em = placed.char, placed.face, self.em(placed)
            wide += slack if char == " " else 0.0
            y = self.margin + self.pitch * number + 0.86 * self.size - (self.lift if placed.is_raised else 0.0)
            if char != " ":
                pen.text((x - before, y), char, font=face.at(em), fill=0, anchor="ls")
            yield Glyph(char, x + wide / 2, y, em, number, face.style)
            x += wide


@functools.lru_cache(maxsize=4096)
def ink(face: Face, size: int, char: str) -> tuple[int, int]:
    """Where a character's ink begins and ends, px from its origin; a blank has none."""
    box = face.at(size).getmask(char, mode="L").getbbox()
    return (box[0], box[2]) if box else (0, 0)


def row(chance: random.Random) -> str:
    """One sign many times, perhaps behind what begins a comment."""
    return chance.choice(("", "", "% ", "%%", "/*", "//", "# ", "-- ")) + chance.choice(ROW) * chance.randint(8, 60)


def mark(chance: random.Random) -> str:
    """What a footnote is marked by: mostly its number."""
    return str(chance.randint(1, chance.choice((9, 9, 99)))) if chance.random() < 0.85 else chance.choice(MARKS)


def words(said: str) -> Iterator[str]:
    """Pieces that a line may break between: words, spaces, single Han characters."""
    piece = ""
    for char in said:
        if char == " " or char >= "\u2e80":
            if piece:
                yield piece
            piece = ""
            yield char
        else:
            piece += char
    if piece:
        yield piece


def trim(line: list[Placed]) -> list[Placed]:
    """A line without spaces at its ends."""
    while line and line[-1].char == " ":
        line = line[:-1]
    while line and line[0].char == " ":
        line = line[1:]
    return line
