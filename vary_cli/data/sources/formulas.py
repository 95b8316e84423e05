"""Formulas, each on a picture of its own, and their LaTeX: made up, or taken from LaTeX sources and varied.

Vary paper, section 3.3 (formulas of LaTeX sources, rendered anew), with the place of every glyph.
"""

from __future__ import annotations

import functools
import gzip
import json
import random
import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from PIL import Image

import vary_cli
from vary_cli.data import cache, families, mathpress, text, typesetting
from vary_cli.data.manuscript import Block, looks, tex_parser
from vary_cli.data.manuscript.formulas import Formula
from vary_cli.data.manuscript.signs import GREEK
from vary_cli.data.typesetting import Job, Paper
from vary_cli.example import FORMULA, Example

BLOCK = 64
EXAMPLE = "vary data make formulas papers/ -o data/formulas --count 10000"
AT_ONCE = 32
"""Formulas that are set together,"""
AT_ONCE_BY_TEX = 80
"""and by TeX, which takes long to start."""
TEX_SIZE = 10.0  # points of an em in TeX's documents, about
INK = 160  # darker than this is ink
WIDE = 46  # ems of the paper: longer formulas are left out


@dataclass(frozen=True)
class Options:
    """Which formulas, and how they are set."""

    tex: tuple[Path, ...] = field(default=(), metadata={"flag": False, "needed": False})
    """LaTeX files (.tex, .tex.gz), or folders of them, to take formulas from."""
    fonts: tuple[Path, ...] = ()
    """Folders of fonts; none: the system's."""
    without: tuple[str, ...] = ()
    """Font files to leave out, by a part of their path."""
    found: float = 0.4
    """Share of formulas that are taken from the LaTeX files."""
    varied: float = 0.7
    """Share of those in which letters and digits are exchanged for others."""
    flat: float = 0.1
    """Share of the made-up formulas that are signs in a row, without structure."""
    tex_set: float = 0.0
    """Share of formulas that are set by TeX (pdflatex) in its mathematical fonts; the others are set by Typst."""
    size: tuple[float, float] = (16.0, 34.0)
    """Smallest and largest em, px."""


def examples(options: Options, chance: random.Random) -> Iterator[Example]:
    """Formulas without end."""
    case, known = families.case(options.fonts, options.without), library(options.tex)
    pressed = mathpress.faces() if options.tex_set else []
    while True:
        if chance.random() < options.tex_set:
            found = [settable(options, known, chance) for _ in range(AT_ONCE_BY_TEX)]
            scale = chance.uniform(*options.size) / TEX_SIZE
            made = mathpress.examples(found, chance.choice(pressed), scale, chance)
        else:
            made = typesetting.regions([job(options, case, known, chance) for _ in range(AT_ONCE)], options.fonts)
        for example in made:
            yield framed(example, chance)


def job(options: Options, case: families.Case, known: Sequence[str], chance: random.Random) -> Job:
    """One formula that can be set, and its paper."""
    look = looks.look(case, False, chance)
    origin, latex = settable(options, known, chance)
    block = Block(f"$$\n{latex}\n$$")
    paper = Paper(WIDE * look.size, margin=(look.size, look.size))
    return Job([block], look, paper, chance.uniform(*options.size) / look.size, origin)


def settable(options: Options, known: Sequence[str], chance: random.Random) -> tuple[str, str]:
    """Where a formula that can be set comes from, and its LaTeX."""
    while True:
        origin, latex = drawn(options, known, chance)
        if typesetting.settable(Block(f"$$\n{latex}\n$$")):
            return origin, latex


def drawn(options: Options, known: Sequence[str], chance: random.Random) -> tuple[str, str]:
    """Where a formula comes from, and its LaTeX."""
    if known and chance.random() < options.found:
        latex = chance.choice(known)
        return "formulas:found", varied(latex, chance) if chance.random() < options.varied else latex
    formula = Formula(chance)
    if chance.random() < options.flat:
        return "formulas:flat", formula.flat()
    return "formulas", formula.display() if chance.random() < 0.8 else formula.inline()


@functools.lru_cache(maxsize=2)
def library(paths: tuple[Path, ...]) -> tuple[str, ...]:
    """The formulas of LaTeX sources, each once. Raises DataError for files that are not there."""
    found: dict[str, None] = {}
    for file in text.files(paths, {".tex", ".gz"}):
        data = file.read_bytes()
        found |= dict.fromkeys(formulas_of(gzip.decompress(data) if file.suffix == ".gz" else data))
    return tuple(found)


def formulas_of(source: bytes) -> list[str]:
    """The formulas of one LaTeX source; kept, for taking thousands of sources apart takes minutes, in each process."""
    place = cache.place("formulas", vary_cli.__version__, source)
    if (known := cache.kept(place)) is not None:
        told: list[str] = json.loads(known)
        return told
    found: list[str] = []
    for block in tex_parser.blocks(source.decode("utf-8", "replace")):
        found += re.findall(r"\$\$\n(.*?)\n\$\$", block.text, re.DOTALL)
        found += re.findall(r"(?<!\$)\$([^$\n]{3,})\$(?!\$)", block.text)
    cache.keep(place, json.dumps(found).encode())
    return found


def varied(latex: str, chance: random.Random) -> str:
    """A formula of the same build: some letters and digits exchanged for others of their kind, each for one."""
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits, [f"\\{name}" for name in GREEK])
    other = {sign: chance.choice(kind) for kind in kinds for sign in kind if chance.random() < 0.5}
    token = r"\\begin\{\w+\}(?:\{[lcr|]*\})?|\\end\{\w+\}|\\(?:text\w*|operatorname\*?|mathrm)\{[^{}]*\}|\\[A-Za-z]+|."
    pieces = [other.get(piece, piece) for piece in re.findall(token, latex, re.DOTALL)]
    said = ""
    for piece in pieces:
        said += " " if piece[0].isalpha() and re.search(r"\\[A-Za-z]+$", said) else ""
        said += piece
    return said


def framed(example: Example, chance: random.Random) -> Example:
    """The formula with a little paper around, and as its answer the LaTeX alone."""
    assert example.glyphs is not None
    assert example.answer is not None
    rows, columns = np.nonzero(np.asarray(example.image.convert("L")) < INK)
    em = float(np.median([glyph.size for glyph in example.glyphs]))
    left, top, right, bottom = (round(chance.uniform(0.1, 0.8) * em) for _ in range(4))
    box = (int(columns.min()) - left, int(rows.min()) - top, int(columns.max()) + right, int(rows.max()) + bottom)
    canvas = Image.new("L", (box[2] - box[0], box[3] - box[1]), example.image.getpixel((0, 0)))
    canvas.paste(example.image, (-box[0], -box[1]))
    glyphs = tuple(glyph._replace(x=glyph.x - box[0], y=glyph.y - box[1]) for glyph in example.glyphs)
    answer = example.answer.strip().removeprefix("$$").removesuffix("$$").strip()
    return replace(example, image=canvas, prompt=FORMULA, answer=answer, glyphs=glyphs)
