"""From examples with glyph positions to strips: wear as scanners and JPEG make it, then lines cut out and scaled.

A strip is what a region-reading model sees of one line: a fixed height, the em scaled to about the same size, the
baseline at about the same place. The cut at reading time makes the same mistakes as the jitter here.
"""

from __future__ import annotations

import io
import random
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from vary_cli.document import Line
from vary_cli.example import BOLD, ITALIC, MIDDLE, SEEN, Example, Glyph, usual_em
from vary_cli.formula.signs import ACCENTS
from vary_cli.model.repertoire import plain
from vary_cli.model.strips import BASELINE, EM, ENLARGED, HEIGHT, block, window

TILT = 0.003
"""By how much, px a px, levelled lines still rise or fall."""
OVER = {**ACCENTS, "\u0305": "¯"}
"""Accents of formulas, and the characters of their looks,"""
RAISED, BESIDE = 0.45, 0.22
"""and how much higher and more to the right than their letters they are said to stand, ems: so each has its slots."""
LOOKS = {"∣": "|", "⨁": "⊕", "⨂": "⊗", "⨀": "⊙", "⚬": "∘", "≔": ":", "≜": "=", "⟂": "⊥", "⟵": "←"}
LOOKS |= dict.fromkeys("\ufe00\ufe0e\u2061\u2062", "")
"""Signs of formulas, and others of their look; what does not show has none."""
GROWING = frozenset("√()[]{}⟨⟩⌊⌋⌈⌉|∥∑∏∐∫∮⋃⋂")
ENLARGED_SHARE = 0.4  # of blocks
LEGIBLE = 8.0  # px; letters of lines are not made smaller
DARK = 160  # gray levels; ink is darker
SCANNED = 0.25
"""Share of worn pictures that are small, blurred, noisy and compressed at once, as quick scans are."""


@dataclass(frozen=True)
class KnownLine:
    """A line of a picture and what stands on it."""

    line: Line
    """px of the picture."""
    glyphs: tuple[Glyph, ...]
    """From left to right; where their places are not known, spread evenly."""
    placed: bool


@dataclass(frozen=True)
class Strip:
    """One line, or a block of several strips' height, as pixels and glyphs."""

    pixels: NDArray[np.uint8]
    """(HEIGHT, width) or a multiple of that height, 255 is paper."""
    glyphs: tuple[Glyph, ...]
    """In px of the strip."""
    placed: bool = True
    """Whether it is known where they stand, not only what they are."""
    styled: bool = True
    """Whether it is known how they are set."""
    is_block: bool = False
    """Whether it holds more than a line."""

    @property
    def area(self) -> float:
        """px of a strip's width that hold as much."""
        return self.pixels.size / HEIGHT


def strips(example: Example, chance: random.Random) -> Iterator[Strip]:
    """The lines of an example, worn, cut and scaled."""
    assert example.glyphs is not None
    smallest = min((glyph.size for glyph in example.glyphs), default=LEGIBLE)
    image, factor = worn(example.image.convert("L"), chance, LEGIBLE / max(SEEN, smallest))
    lines: dict[int, list[Glyph]] = {}
    for glyph in example.glyphs:
        lines.setdefault(glyph.line, []).append(glyph)
    for line in lines.values():
        scaled = [g._replace(x=g.x * factor, y=g.y * factor, size=g.size * factor) for g in line]
        for piece in pieces(sorted(scaled, key=lambda g: g.x), chance):
            if strip := cut(image, piece, chance):
                yield strip


def blocks(example: Example, chance: random.Random) -> Iterator[Strip]:
    """A formula, worn and scaled; none where it is not known what stands where."""
    glyphs = seen_glyphs(example)
    if not glyphs:
        return
    image, factor = worn(example.image.convert("L"), chance)
    em = usual_em(glyphs) * factor * chance.choice((1.0, chance.uniform(0.88, 1.12)))
    em /= ENLARGED if chance.random() < ENLARGED_SHARE else 1.0
    top = chance.randrange(HEIGHT)
    pixels = block(image, em, top)
    scale = factor * pixels.shape[1] / image.width
    placed = tuple(g._replace(x=g.x * scale, y=g.y * scale + top, size=g.size * scale) for g in glyphs)
    yield Strip(pixels, placed, is_block=True)


def seen_glyphs(example: Example) -> list[Glyph]:
    """The characters of a formula as they look, px of its picture."""
    dark = np.asarray(example.image.convert("L")) < DARK
    looks = (centred(formal(glyph), dark) for glyph in example.glyphs or () if not glyph.char.isspace())
    return [glyph for glyph in looks if len(glyph.char) == 1]


def formal(glyph: Glyph) -> Glyph:
    """A glyph of a formula as what it looks like: an accent over a letter like one that stands alone, higher up."""
    style = glyph.style | alphabet(glyph.char)
    if (over := OVER.get(glyph.char)) is not None:
        x, y = glyph.x + BESIDE * glyph.size, glyph.y - RAISED * glyph.size
        return glyph._replace(char=plain(over), x=x, y=y, style=style)
    return glyph._replace(char=plain(LOOKS.get(glyph.char, glyph.char)), style=style)


def centred(glyph: Glyph, dark: NDArray[np.bool_]) -> Glyph:
    """A sign that grows set so that its middle is its ink's: fonts hang large ones from where they like. px."""
    if glyph.char not in GROWING:
        return glyph
    y, reach = glyph.middle, 1.6 * glyph.size
    top, left = max(0, int(y - reach)), max(0, int(glyph.x) - 1)
    rows = np.flatnonzero(dark[top : int(y + 2 * reach), left : left + 3].any(1))
    if not len(rows):
        return glyph
    near = int(np.abs(rows + top - y).argmin())  # the ink that begins or ends there
    runs = np.split(rows, np.flatnonzero(np.diff(rows) > 0.5 * glyph.size) + 1)
    own = next(run for run in runs if rows[near] in run)
    return glyph._replace(y=float(own[0] + own[-1]) / 2 + top + MIDDLE * glyph.size)


def alphabet(char: str) -> int:
    """The style that a character of Unicode's mathematical alphabets has by its name."""
    name = unicodedata.name(char, "") if char >= "\U0001d400" else ""
    return BOLD * ("BOLD" in name) + ITALIC * ("ITALIC" in name or char == "ℎ")


def known_strips(image: Image.Image, known: Sequence[KnownLine], chance: random.Random) -> Iterator[Strip]:
    """Lines whose text is known, worn, cut and scaled; those without places stay whole."""
    smallest = min((line.line.em for line in known), default=LEGIBLE)
    image, factor = worn(image.convert("L"), chance, LEGIBLE / max(SEEN, smallest))
    for line in known:
        glyphs = [g._replace(x=g.x * factor, y=g.y * factor, size=g.size * factor) for g in line.glyphs]
        left, _, right, _ = (side * factor for side in line.line.box)
        margin = [chance.uniform(0.2, 0.6) * line.line.em * factor for _ in range(2)]
        whole = [(glyphs, left - margin[0], right + margin[1])]
        for piece in pieces(glyphs, chance) if line.placed else whole:
            if strip := cut(image, piece, chance):
                yield replace(strip, placed=line.placed, styled=False)


# Glyphs, and where the picture ends left and right if the text goes on there.
Piece = tuple[list[Glyph], float | None, float | None]


def pieces(line: list[Glyph], chance: random.Random) -> Iterator[Piece]:
    """A line, or parts of it cut at spaces where it is long: batches stay narrow."""
    most = chance.uniform(20, 45) * line[0].size
    start, left = 0, None
    for i in range(1, len(line)):
        if line[i].x - line[start].x > most and line[i].char == " ":
            yield line[start:i], left, line[i].x
            start, left = i + 1, line[i].x
    yield line[start:], left, None


def cut(image: Image.Image, piece: Piece, chance: random.Random) -> Strip | None:
    """One line at about the strip's em, placed and scaled with some error; None if it is too wide or empty."""
    line, left_end, right_end = piece
    line = [g for g in line if not unicodedata.combining(g.char)]
    while line and line[-1].char.isspace():
        line = line[:-1]
    while line and line[0].char.isspace():
        line = line[1:]
    size = float(np.median([g.size for g in line])) if line else 0.0
    if size < SEEN:
        return None
    em = EM * chance.choice((1.0, chance.uniform(0.9, 1.1), chance.uniform(0.78, 1.18)))
    scale = em / size
    baseline = float(np.median([g.y for g in line])) - chance.gauss(0, 1.3) / scale
    left = line[0].x - line[0].size * chance.uniform(0.55, 1.1) if left_end is None else left_end
    right = line[-1].x + line[-1].size * chance.uniform(0.55, 1.1) if right_end is None else right_end
    width = min(1200, max(16, round((right - left) * scale)))
    box = (left, baseline - BASELINE / scale, left + width / scale, baseline + (HEIGHT - BASELINE) / scale)
    pixels = window(image, box, (width, HEIGHT), chance.choice((Image.Resampling.BICUBIC, Image.Resampling.BILINEAR)))
    slope = chance.gauss(0, TILT) if chance.random() < 0.3 else 0.0
    pixels = tilted(pixels, slope) if slope else pixels
    placed = tuple(
        g._replace(
            char=c,
            x=(x := (g.x - left) * scale) + k,
            y=(g.y - box[1]) * scale + slope * (x - width / 2),
            size=g.size * scale,
        )
        for g in line
        for k, c in spread(plain(g.char), g.size * scale)
    )
    placed = tuple(g for g in placed if 0 <= g.x < width)
    return Strip(pixels, placed) if placed and pixels.min() < 150 else None


def tilted(pixels: NDArray[np.uint8], slope: float) -> NDArray[np.uint8]:
    """A strip whose line falls by `slope` px a px about its middle: pages are levelled, but never quite."""
    high, wide = pixels.shape
    shear = (1, 0, 0, -slope, 1, slope * wide / 2)
    return np.asarray(
        Image.fromarray(pixels).transform(
            (wide, high), Image.Transform.AFFINE, shear, Image.Resampling.BILINEAR, fillcolor=255
        )
    )


def spread(chars: str, size: float) -> Iterator[tuple[float, str]]:
    """(offset, character) for the characters of one glyph: a ligature's stand side by side."""
    for i, char in enumerate(chars):
        yield (i - (len(chars) - 1) / 2) * 0.28 * size, char


def worn(image: Image.Image, chance: random.Random, least: float = 0.5) -> tuple[Image.Image, float]:
    """The picture as scanners and bad copies show it, and the scale, not below `least`. Many stay clean."""
    if chance.random() < 0.4:
        return image, 1.0
    in_all_ways = chance.random() < SCANNED

    def is_worn(share: float) -> bool:
        return in_all_ways or chance.random() < share

    factor = 1.0
    if is_worn(0.5):
        factor = chance.uniform(min(0.95, max(0.5, least)), 0.95)
        image = image.resize(
            (max(8, round(image.width * factor)), max(8, round(image.height * factor))), Image.Resampling.BILINEAR
        )
    if is_worn(0.4):
        image = image.filter(ImageFilter.GaussianBlur(chance.uniform(0.3, 1.2)))
    pixels = np.asarray(image, np.float32)
    if chance.random() < 0.4:
        paper, ink = chance.uniform(215, 255), chance.uniform(0, 110)
        pixels = ink + pixels * ((paper - ink) / 255)
    if is_worn(0.5):
        pixels = pixels + noise(chance, pixels.shape) * chance.uniform(2, 25)
    if chance.random() < 0.03:
        pixels = 255 - pixels
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    if is_worn(0.4):
        held = io.BytesIO()
        image.save(held, "JPEG", quality=chance.randint(25, 85))
        image = Image.open(held).convert("L")
    return image, factor


_BANK = np.random.default_rng(0).standard_normal((1024, 1024), dtype=np.float32)


def noise(chance: random.Random, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Gaussian noise cut from a bank (fresh noise costs more than the rest of the wear together)."""
    rows = (np.arange(shape[0]) + chance.randrange(1024)) % 1024
    columns = (np.arange(shape[1]) + chance.randrange(1024)) % 1024
    return _BANK[np.ix_(rows, columns)]
