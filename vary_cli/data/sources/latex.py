"""LaTeX sources, typeset anew by XeTeX in templates of our own, each page with its Markdown.

Vary paper, section 3.3: text, tables and formulas of LaTeX sources in more than ten templates, half a million pages.
"""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from vary_cli.data import families, texpress, text
from vary_cli.data.manuscript import Block, tex_parser
from vary_cli.data.manuscript.templates import TEMPLATES, preamble
from vary_cli.data.skipped import Outcome, Skipped, drawn
from vary_cli.data.text import HAN
from vary_cli.errors import DataError
from vary_cli.example import Example

BLOCK = 1
EXAMPLE = "vary data make latex arxiv/ -o data/latex"
TOGETHER = 150
"""Blocks that are typeset as one document."""
FEWEST = 200
"""Characters of a source that is worth typesetting."""


@dataclass(frozen=True)
class Options:
    """Which sources, and how they are set."""

    tex: tuple[Path, ...] = field(default=(), metadata={"flag": False, "needed": True})
    """LaTeX files (.tex, .tex.gz) or folders of them."""
    fonts: tuple[Path, ...] = ()
    """Folders of fonts; none: the system's."""
    without: tuple[str, ...] = ()
    """Font files to leave out, by a part of their path."""
    size: tuple[float, float] = (18.0, 28.0)
    """Smallest and largest em, px, of a text of ten points."""


def items(options: Options) -> list[Path]:
    """The files. Raises DataError if there is none."""
    found = [file for file in text.files(options.tex, {".tex", ".gz"}) if file.name.endswith((".tex", ".tex.gz"))]
    if not found:
        raise DataError("no LaTeX found", "name .tex files, or folders that hold some")
    return found


def examples(options: Options, chance: random.Random) -> Iterator[Example]:
    """Pages of the sources, in an order of chance, without end."""
    return drawn(items(options), lambda file: taken(file, options, chance), chance)


def taken(file: Path, options: Options, chance: random.Random) -> Iterator[Outcome]:
    """The pages that a source fills, in one or more templates."""
    try:
        data = file.read_bytes()
        source = gzip.decompress(data) if file.suffix == ".gz" else data
    except (OSError, EOFError, zlib.error):
        yield Skipped(str(file), "cannot be read")
        return
    blocks = list(kept(tex_parser.blocks(source.decode("utf-8", "replace"))))
    if sum(len(block.text) for block in blocks) < FEWEST:
        yield Skipped(str(file), "hardly any text, table or formula that is understood")
        return
    for start in range(0, len(blocks), TOGETHER):
        yield from typeset(blocks[start : start + TOGETHER], options, chance, file)


def kept(blocks: list[Block]) -> Iterator[Block]:
    """The blocks without headings under which nothing is left."""
    following = [*blocks[1:], Block("# ")]
    levels = [len(block.text) - len(block.text.lstrip("#")) for block in (*blocks, Block("# "))]
    for number, (block, after) in enumerate(zip(blocks, following, strict=False)):
        bare = levels[number] and after.text.startswith("#") and levels[number + 1] <= levels[number]
        if not bare:
            yield block


def typeset(blocks: list[Block], options: Options, chance: random.Random, file: Path) -> Iterator[Outcome]:
    """Some blocks in a template."""
    template = chance.choice(TEMPLATES)
    case = families.case(options.fonts, options.without)
    chinese = any(HAN.search(block.whole) for block in blocks)
    head, used = preamble(template, case, chinese, chance)
    fitting = [block for block in blocks if all(drawable(char, used) for char in block.whole)]
    origin = f"latex:{template.name}:{file.name}"
    found = texpress.pages(head, fitting, chance.uniform(*options.size) / 10, origin)
    if found is None:
        yield Skipped(str(file), "LaTeX does not compile")
        return
    none = True
    for example in found:
        none = False
        yield example
    if none:
        yield Skipped(str(file), "no page that is whole")


def drawable(char: str, used: list[families.Family]) -> bool:
    """Whether one of the families has a character; controls and blanks need none."""
    return char.isspace() or char.isascii() or any(char in family.characters for family in used)
