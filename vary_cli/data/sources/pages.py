"""Markdown, typeset: regions and whole pages with headings, lists, tables, code, formulas and footnotes.

The answer is the very Markdown that was typeset. Vary paper, sections 3.2 and 3.3 (documents), with the place of every
glyph, which only a renderer knows.
"""

from __future__ import annotations

import functools
import itertools
import random
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from vary_cli.data import families, text, typesetting
from vary_cli.data.manuscript import Block, canonical, looks
from vary_cli.data.manuscript.composer import Composer, Voice
from vary_cli.data.manuscript.looks import Look
from vary_cli.data.typesetting import Job, Paper
from vary_cli.example import Example

BLOCK = 32
EXAMPLE = "vary data make pages notes/ README.md -o data/pages --count 10000 --chinese 0.2"
AT_ONCE = 16
"""Regions that are set together."""
CODE = {".py", ".c", ".h", ".cpp", ".js", ".ts", ".java", ".go", ".rs", ".sh", ".css", ".sql"}
PAPERS = ((595.0, 842.0), (595.0, 842.0), (612.0, 792.0), (516.0, 729.0))
"""A4, letter, B5: points."""


@dataclass(frozen=True)
class Options:
    """What pages say and how they look."""

    text: tuple[Path, ...] = field(default=(), metadata={"flag": False, "needed": True})
    """Files (.txt, .md, source code) or folders to take text from."""
    fonts: tuple[Path, ...] = ()
    """Folders of fonts; none: the system's."""
    without: tuple[str, ...] = ()
    """Font files to leave out, by a part of their path."""
    kind: Literal["mixed", "region", "page"] = "mixed"
    """Regions, whole pages, or both."""
    chinese: float = 0.5
    """Share of Chinese documents."""
    mixed: float = 0.15
    """Share of documents in both languages."""
    columns: float = 0.35
    """Share of whole pages with two columns."""
    formal: float = 0.0
    """Share of paragraphs with a formula in most lines."""
    size: tuple[float, float] = (18.0, 36.0)
    """Smallest and largest em of body text, px; whole pages stay in the lower half."""


@dataclass(frozen=True)
class Stock:
    """What pages are made of."""

    texts: text.Texts
    written: tuple[tuple[str, tuple[Block, ...]], ...]
    """The user's Markdown: file name and blocks."""
    code: tuple[str, ...]
    case: families.Case


def examples(options: Options, chance: random.Random) -> Iterator[Example]:
    """Regions and pages without end."""
    stock = stocked(options.text, options.fonts, options.without)
    while True:
        if options.kind == "page" or (options.kind == "mixed" and chance.random() < 0.15):
            yield from typesetting.pages(page(options, stock, chance), options.fonts)
        else:
            jobs = [region(options, stock, chance) for _ in range(AT_ONCE)]
            yield from typesetting.regions(jobs, options.fonts)


@functools.lru_cache(maxsize=2)
def stocked(paths: tuple[Path, ...], folders: tuple[Path, ...], without: tuple[str, ...]) -> Stock:
    """Texts, Markdown, code and type, read once."""
    written = [(file.name, tuple(canonical.blocks(text.read(file)))) for file in text.files(paths, {".md"})]
    code = [text.read(file) for file in text.files(paths, CODE)] or library()
    settled = tuple((name, blocks) for name, blocks in written if blocks)
    return Stock(text.load(paths), settled, tuple(code), families.case(folders, without))


def library() -> list[str]:
    """Code where the user gave none: modules of Python's own library."""
    folder = Path(sysconfig.get_paths()["stdlib"])
    files = [file for file in sorted(folder.glob("*.py")) if 4_000 < file.stat().st_size < 60_000]
    return [file.read_text(encoding="utf-8") for file in files[:80]]


def region(options: Options, stock: Stock, chance: random.Random) -> Job:
    """A few blocks on paper as high as they are."""
    chinese = is_chinese(options, stock, chance)
    look = looks.look(stock.case, chinese, chance)
    width = look.size * chance.uniform(14, 42)
    origin, blocks = document(options, stock, look, chinese, width, chance)
    room = chance.choice([80, 160, 300, 300, 600])
    taken = list(some(blocks, room, chance.randint(1, 5)))
    margin = chance.uniform(0.6, 2.5) * look.size
    paper = Paper(width + 2 * margin, margin=(margin, chance.uniform(0.6, 2) * look.size))
    return Job(taken, look, paper, chance.uniform(*options.size) / look.size, origin)


def page(options: Options, stock: Stock, chance: random.Random) -> Job:
    """Enough blocks for one to three pages."""
    chinese = is_chinese(options, stock, chance)
    look = looks.look(stock.case, chinese, chance)
    width, height = chance.choice(PAPERS)
    margin = chance.uniform(40, 90), chance.uniform(50, 90)
    columns = 2 if chance.random() < options.columns else 1
    measure = (width - 2 * margin[0]) / columns - 8 * (columns - 1)
    origin, blocks = document(options, stock, look, chinese, measure, chance)
    fills = measure * columns * (height - 2 * margin[1]) / (look.size**2 * (1.5 if chinese else 0.8))
    taken = list(some(blocks, round(fills * chance.uniform(0.8, 2.6)), 100))
    head = chance.choice([block.text.lstrip("# ") for block in taken])[:40] if chance.random() < 0.4 else ""
    plain = "".join(char for char in head if char in look.drawable)
    paper = Paper(width, height, margin, columns, plain, chance.random() < 0.6)
    low, high = options.size
    return Job(taken, look, paper, chance.uniform(low, (low + high) / 2) / look.size, origin)


def is_chinese(options: Options, stock: Stock, chance: random.Random) -> bool:
    """Whether a document is to be Chinese; always decided by one draw."""
    return chance.random() < options.chinese and bool(stock.texts.chinese and stock.case.chinese)


def document(
    options: Options, stock: Stock, look: Look, chinese: bool, width: float, chance: random.Random
) -> tuple[str, Iterator[Block]]:
    """Where blocks come from, and the blocks: the user's Markdown from a place of chance on, or made up."""
    if stock.written and chance.random() < 0.5:
        name, blocks = chance.choice(stock.written)
        start = chance.randrange(len(blocks))
        fitting = [
            block
            for block in blocks[start:] + blocks[:start]
            if all(char in look.drawable for char in block.whole if char != "\n")
        ]
        if fitting:
            return f"pages:{name}", iter(fitting)
    wide = int(width / (0.66 * look.size))
    mixed = chance.random() < options.mixed
    voice = Voice(
        stock.texts, chinese, mixed, look.drawable, look.bold, look.body.italic, stock.code, wide, options.formal
    )
    return "pages", Composer(voice, chance).blocks()


def some(blocks: Iterator[Block], room: int, most: int) -> Iterator[Block]:
    """The first blocks that can be set, until they hold so many characters or are so many."""
    used = count = 0
    for block in itertools.islice(filter(typesetting.settable, blocks), most):
        if count and used + len(block.text) > room:
            return
        used, count = used + len(block.text), count + 1
        yield block
