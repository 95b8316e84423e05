"""Regions of text, drawn: many fonts and layouts, English, Chinese and mixed, with the place of every glyph.

Vary paper, section 3.2 (documents as positives), with the glyph positions that only a renderer knows.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from vary_cli.data import fonts, text
from vary_cli.data.fonts import Face
from vary_cli.example import Example, Glyph

PUNCTUATION_NOT_FIRST = set("，。、；：？！）》”’】」,.;:?!)]}%")


@dataclass(frozen=True)
class Options:
    """How regions are drawn."""

    text: tuple[Path, ...] = ()
    """Files (.txt, .md) or folders to take text from."""
    fonts: tuple[Path, ...] = ()
    """Folders of fonts; none: the system's."""
    without: tuple[str, ...] = ()
    """Font families to leave out, to measure on them."""
    chinese: float = 0.5
    """Share of Chinese regions."""
    made_up: float = 0.2
    """Share of regions of characters drawn evenly."""
    lines: tuple[int, int] = (1, 8)
    """Fewest and most lines of a region."""
    size: tuple[int, int] = (18, 40)
    """Smallest and largest em, px."""
    alphabet: str = ""
    """Characters to draw evenly from; empty: the repertoire of the glyph head."""


def examples(options: Options, chance: random.Random) -> Iterator[Example]:
    """Regions without end."""
    texts = text.load(options.text)
    latin, chinese = fonts.shelves(options.fonts, options.without)
    while True:
        is_chinese = chance.random() < options.chinese
        face = (chinese if is_chinese else latin).draw(chance)
        second = latin.draw(chance) if chance.random() < 0.5 else face
        yield Drawing(options, chance, face, second, is_chinese).example(content(options, texts, chance, face, is_chinese))


def content(options: Options, texts: text.Texts, chance: random.Random, face: Face, chinese: bool) -> str:
    """What a region says."""
    if chance.random() < options.made_up:
        alphabet = drawable(options, face, chance, chinese)
        return text.made_up(chance, alphabet, chance.randint(10, 160), 12 if chinese else 5)
    said = texts.paragraph(chance, chinese)
    limit = chance.randint(20, 260 if chinese else 700)
    start = chance.randrange(max(1, len(said) - limit // 2))
    if not chinese:
        start = said.find(" ", start) + 1 if start else 0
        said = said.upper() if chance.random() < 0.04 else said.title() if chance.random() < 0.04 else said
    return said[start : start + limit]


def drawable(options: Options, face: Face, chance: random.Random, chinese: bool) -> list[str]:
    """Characters to draw evenly: mostly plain ones (ASCII, or Han), sometimes all that the face has."""
    every = [c for c in options.alphabet if c in face.characters and (chinese or c < "\u2e80")]
    common = [c for c in every if (c >= "\u4e00" if chinese else c < "\x7f")]
    return common if common and chance.random() < 0.7 else every


class Drawing:
    """One region being drawn: faces, size, spacing, and the pen."""

    def __init__(self, options: Options, chance: random.Random, face: Face, second: Face, chinese: bool) -> None:
        self.chance, self.face, self.second, self.chinese = chance, face, second, chinese
        self.size = chance.randint(*options.size)
        self.tracking = self.size * (chance.choice((0, 0, 0.04, 0.1)) if chinese else chance.choice((0, 0, 0, 0, 0.03, 0.08, -0.015)))
        self.pitch = self.size * chance.uniform(1.08, 1.7)
        self.width = int(self.size * chance.uniform(8, 44))
        self.most = chance.randint(*options.lines)
        self.margin = self.size

    def example(self, said: str) -> Example:
        """The region's picture and glyphs."""
        lines = self.wrapped(said)[: self.most]
        height = int(2 * self.margin + self.pitch * len(lines))
        image = Image.new("L", (self.width + 2 * self.margin, height), 255)
        pen = ImageDraw.Draw(image)
        justified = self.chance.random() < 0.4
        glyphs: list[Glyph] = []
        for i, line in enumerate(lines):
            slack = self.slack(line) if justified and i + 1 < len(lines) else 0.0
            glyphs += self.line(pen, line, i, slack)
        return Example(image, answer="\n".join("".join(c for c, _ in line) for line in lines), glyphs=tuple(glyphs), source="pages")

    def wrapped(self, said: str) -> list[list[tuple[str, Face]]]:
        """Lines of (character, face), broken at spaces and between Han characters."""
        lines: list[list[tuple[str, Face]]] = [[]]
        used = 0.0
        for word in words(said):
            chars = [(c, self.face_of(c)) for c in word]
            chars = [(c, f) for c, f in chars if c == " " or c in f.characters]
            wide = sum(self.advance(c, f) for c, f in chars)
            if used + wide > self.width and lines[-1] and word[0] not in PUNCTUATION_NOT_FIRST:
                lines.append([])
                used = 0.0
            if lines[-1] or word != " ":
                lines[-1] += chars
                used += wide
        return [trimmed for line in lines if (trimmed := trim(line))] or [[("x", self.face)]]

    def face_of(self, char: str) -> Face:
        """Latin in Chinese text may have a face of its own."""
        return self.second if self.chinese and char < "\u2018" and char in self.second.characters else self.face

    def advance(self, char: str, face: Face) -> float:
        """px from this character's origin to the next one's."""
        return face.at(self.size).getlength(char) + self.tracking

    def slack(self, line: Sequence[tuple[str, Face]]) -> float:
        """px to add to each space so that the line fills the width."""
        spaces = sum(c == " " for c, _ in line)
        left = self.width - sum(self.advance(c, f) for c, f in line)
        return left / spaces if spaces and 0 < left < 0.8 * self.size * spaces else 0.0

    def line(self, pen: ImageDraw.ImageDraw, line: Sequence[tuple[str, Face]], number: int, slack: float) -> Iterator[Glyph]:
        """Draw a line; where its glyphs stand."""
        x = float(self.margin) + self.chance.random()
        y = self.margin + self.pitch * number + 0.86 * self.size
        for char, face in line:
            wide = self.advance(char, face) + (slack if char == " " else 0.0)
            if char != " ":
                draw(pen, (x, y), char, face.at(self.size))
            yield Glyph(char, x + wide / 2, y, self.size, number)
            x += wide


def draw(pen: ImageDraw.ImageDraw, place: tuple[float, float], char: str, font: ImageFont.FreeTypeFont) -> None:
    """One character with its baseline's start at `place`."""
    pen.text(place, char, font=font, fill=0, anchor="ls")


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


def trim(line: list[tuple[str, Face]]) -> list[tuple[str, Face]]:
    """A line without spaces at its ends."""
    while line and line[-1][0] == " ":
        line = line[:-1]
    while line and line[0][0] == " ":
        line = line[1:]
    return line
