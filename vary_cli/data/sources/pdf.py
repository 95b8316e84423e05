"""The user's PDFs as truth: a page's raster, and its text layer as Markdown with the place of every character.

Vary paper, section 3.2 (open documents). Layers that lie are left out: characters without a meaning, characters without
ink under them, hidden text, another language than was asked for.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pymupdf
from numpy.typing import NDArray
from PIL import Image

from vary_cli import compose, layer, layout
from vary_cli.data import accents, levels, sheets, text
from vary_cli.data.skipped import Outcome, Skipped, drawn
from vary_cli.document import PageImage, Region
from vary_cli.errors import DataError, UsageError
from vary_cli.example import FORMULA, SEEN, Example, Glyph
from vary_cli.layer import honesty

BLOCK = 1
EXAMPLE = "vary data make pdf papers/ -o data/pdf --regions 0.5"
LIVE_PAGES = 3
"""Pages taken from a document before another one is drawn, in a stream."""
FEWEST = 20  # characters on a page
MOST_PIXELS = 12e6  # posters have more
INK = 200  # darker than this is ink
READ = ("title", "heading", "text", "list", "table", "code", "caption", "footnote")
"""Regions that make examples of their own."""
Place = tuple[int, int, int, int]
"""A box on a page's picture, px."""


@dataclass(frozen=True)
class Options:
    """Which PDFs, and how they are taken."""

    pdf: tuple[Path, ...] = field(default=(), metadata={"flag": False, "needed": True})
    """PDF files or folders."""
    pages: int = 0
    """Most pages of a document, drawn by chance; 0: all."""
    regions: float = 0.0
    """Share of pages that are taken region by region."""
    size: tuple[float, float] = (20.0, 36.0)
    """Smallest and largest em of a page's body text, px."""
    language: Literal["any", "en", "zh", "mixed"] = "any"
    """Leave out pages in another language."""
    formulas: bool = True
    """Take pages with displayed formulas, whose answers spell them as the layer does."""
    answers: bool = True
    """Work out answers; without them examples have only glyphs, and are made sooner."""
    displays: bool = False
    """Take displayed formulas alone, each on a picture of its own; only their glyphs are known, for the glyph head."""
    without: tuple[str, ...] = ()
    """File names to leave out."""

    def __post_init__(self) -> None:
        if self.displays and (self.regions or self.language != "any"):
            raise UsageError("--displays takes nothing but formulas", "leave out --regions and --language")


def items(options: Options) -> list[Path]:
    """The PDFs named and below the folders named. Raises DataError if there is none."""
    found = [file for file in text.files(options.pdf, {".pdf"}) if file.name not in options.without]
    if not found:
        raise DataError("no PDF found", "name PDF files, or folders that hold some")
    return found


def examples(options: Options, chance: random.Random) -> Iterator[Example]:
    """Pages of the documents, in an order of chance, without end."""
    live = replace(options, pages=options.pages or LIVE_PAGES)
    return drawn(items(options), lambda file: taken(file, live, chance), chance)


def taken(file: Path, options: Options, chance: random.Random) -> Iterator[Outcome]:
    """The pages of one document."""
    try:
        document = sheets.opened(file)
    except sheets.ERRORS:
        yield Skipped(str(file), "cannot be opened")
        return
    with document:
        if document.needs_pass:
            yield Skipped(str(file), "needs a password")
            return
        count = document.page_count
        wanted = range(count) if not options.pages else sorted(chance.sample(range(count), min(options.pages, count)))
        for number in wanted:
            origin = f"pdf:{file.name}#page={number + 1}"
            try:
                yield from of_page(document[number], options, chance, origin)
            except sheets.ERRORS:
                yield Skipped(origin, "cannot be rendered")


def of_page(page: pymupdf.Page, options: Options, chance: random.Random, origin: str) -> Iterator[Outcome]:
    """A page, or its regions; what keeps it from being used."""
    known = layer.extract(page, analyse=False)
    if known is None:
        yield Skipped(origin, "no text layer" if not page.get_text().strip() else "a text layer that cannot be trusted")
        return
    sizes = [span.size for line in known.lines for span in line.spans for _ in span.text]
    scale = chance.uniform(*options.size) / statistics.median(sizes)
    if len(sizes) < FEWEST or page.rect.width * page.rect.height * scale**2 > MOST_PIXELS:
        yield Skipped(origin, "hardly any text" if len(sizes) < FEWEST else "too large for its text")
        return
    image = sheets.picture(page, scale)
    placed = [glyph for glyph in sheets.placed(known.lines, scale) if glyph.size >= SEEN]
    every = levels.lines(accents.moved(placed))
    glyphs = honest(every, image)
    shown = PageImage(page.number + 1, "", image, (page.rect.width, page.rect.height), known)
    if glyphs is None:
        yield Skipped(origin, "text without ink")
    elif options.displays:
        yield from displays(shown, every, glyphs, origin)
    elif options.answers:
        yield from answered(shown, glyphs, options, chance, origin)
    else:
        yield Example(image, glyphs=glyphs, source=origin)


def displays(page: PageImage, glyphs: Sequence[Glyph], believed: Sequence[Glyph], origin: str) -> Iterator[Example]:
    """The displayed formulas of a page, of those the ones of whose characters all are believed."""
    for region in layout.regions(page):
        if region.kind != "formula" or not region.lines:
            continue
        box = grown(region, page.image, 0.3, 0.3)
        known = inside(believed, box)
        told = accents.settled(known) if len(known) == len(inside(glyphs, box)) else None
        if told is not None and len({glyph.char for glyph in told} - {" "}) > 1:
            yield Example(page.image.crop(box), FORMULA, glyphs=moved(told, box), source=origin)


def grown(region: Region, image: Image.Image, beside: float, above: float) -> Place:
    """A region's box with a little paper around, ems beside and above and below it."""
    em = statistics.median(line.em for line in region.lines) if region.lines else 0.0
    left, top, right, bottom = region.box
    x0, x1 = max(0.0, left - beside * em), min(image.width, right + beside * em)
    y0, y1 = max(0.0, top - above * em), min(image.height, bottom + above * em)
    return round(x0), round(y0), round(x1), round(y1)


def inside(glyphs: Sequence[Glyph], box: Place) -> list[Glyph]:
    """The characters whose middles stand in a box."""
    x0, y0, x1, y1 = box
    return [glyph for glyph in glyphs if x0 < glyph.x < x1 and y0 < glyph.middle < y1]


def moved(glyphs: Sequence[Glyph], box: Place) -> tuple[Glyph, ...]:
    """Characters in px of a box that is cut out."""
    return tuple(glyph._replace(x=glyph.x - box[0], y=glyph.y - box[1]) for glyph in glyphs)


def answered(
    page: PageImage, glyphs: tuple[Glyph, ...], options: Options, chance: random.Random, origin: str
) -> Iterator[Outcome]:
    """A page with its Markdown, or its regions with theirs."""
    regions = layout.regions(page)
    lines = [[line.text for line in region.lines] if region.kind != "picture" else [] for region in regions]
    answer, _ = compose.page(regions, lines)
    if not options.formulas and any(region.kind == "formula" for region in regions):
        yield Skipped(origin, "displayed formulas")
    elif options.language not in ("any", text.language(answer)):
        yield Skipped(origin, f"not in the language {options.language}")
    elif not answer.strip():
        yield Skipped(origin, "hardly any text")
    elif chance.random() < options.regions:
        for region, said in zip(regions, lines, strict=True):
            if region.kind in READ:
                yield from of_region(page.image, region, compose.markdown(region, said), glyphs, origin)
    else:
        yield Example(page.image, answer=answer, glyphs=glyphs, source=origin)


def of_region(
    image: Image.Image, region: Region, answer: str, glyphs: Sequence[Glyph], origin: str
) -> Iterator[Example]:
    """A region cut out with a little paper around; none if a part of something else would be on it."""
    x0, y0, x1, y1 = box = grown(region, image, 0.8, 0.25)
    seen = [
        glyph
        for glyph in glyphs
        if x0 < glyph.x < x1 and y0 < glyph.y + 0.2 * glyph.size and glyph.y - 0.7 * glyph.size < y1
    ]
    said = sum(len(line.text.replace(" ", "")) for line in region.lines)
    if answer.strip() and said == sum(glyph.char != " " for glyph in seen):
        yield Example(image.crop(box), answer=answer, glyphs=moved(seen, box), source=origin)


def honest(glyphs: tuple[Glyph, ...], image: Image.Image) -> tuple[Glyph, ...] | None:
    """The characters of lines that are believable; None if too many are not."""
    ink = np.asarray(image) < INK
    lines: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        lines.setdefault(glyph.line, []).append(glyph)
    kept = [line for line in lines.values() if is_inked(line, ink)]
    if len(kept) < 0.7 * len(lines) or not kept:
        return None
    return tuple(glyph._replace(line=number) for number, line in enumerate(kept) for glyph in line)


def is_inked(line: Sequence[Glyph], ink: NDArray[Any]) -> bool:
    """Whether a line's layer is believable: known characters, each with ink where it should stand."""
    visible = [glyph for glyph in line if not glyph.char.isspace()]
    if not visible or any(honesty.is_unknown(glyph.char) for glyph in visible):
        return False
    hits = 0
    for glyph in visible:
        top, bottom = max(0, int(glyph.y - 0.8 * glyph.size)), max(0, int(glyph.y + 0.25 * glyph.size) + 1)
        left, right = max(0, int(glyph.x - 0.3 * glyph.size)), max(0, int(glyph.x + 0.3 * glyph.size) + 1)
        hits += bool(ink[top:bottom, left:right].any())
    return hits >= 0.95 * len(visible)
