"""Documents typeset by Typst and cut into examples: regions that are as high as what they hold, or whole pages.

The PDF tells where every character stands and, by links that nobody sees, which block stands on which page.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vary_cli.data import sheets
from vary_cli.data.families import library
from vary_cli.data.manuscript import Block, markdown
from vary_cli.data.manuscript.looks import Look
from vary_cli.data.manuscript.typst import NOTE, Unset, string, typst
from vary_cli.example import Example, Glyph

if TYPE_CHECKING:
    from typst import Compiler

MARK = "block:"
"""What a block's link leads to; the block's number follows."""


@dataclass(frozen=True)
class Paper:
    """What a document is set on."""

    width: float
    """Points."""
    height: float | None = None
    """None: as high as the text, which is a region."""
    margin: tuple[float, float] = (12.0, 12.0)
    """Left and right, top and bottom."""
    columns: int = 1
    head: str = ""
    """What stands above every page, plain words."""
    numbered: bool = False
    """Whether pages bear numbers."""


@dataclass(frozen=True)
class Job:
    """One document to be set."""

    blocks: Sequence[Block]
    look: Look
    paper: Paper
    scale: float
    """px a point."""
    origin: str


def settable(block: Block) -> bool:
    """Whether a block can be set."""
    try:
        typst(block)
    except Unset:
        return False
    return True


def regions(jobs: Sequence[Job], fonts: tuple[Path, ...]) -> Iterator[Example]:
    """An example for each document on paper that is as high as its text; none for one that does not fit or fails."""
    pdf = printed(jobs, fonts)
    if pdf is None and len(jobs) > 1:
        for job in jobs:
            yield from regions([job], fonts)
    if pdf is None:
        return
    with sheets.opened(pdf) as document:
        for job, page in zip(jobs, document, strict=True):
            glyphs = sheets.glyphs(page, job.scale)
            if inside(glyphs, page.rect.width * job.scale):
                image = sheets.picture(page, job.scale)
                yield Example(image, answer=markdown(job.blocks), glyphs=glyphs, source=job.origin)


def pages(job: Job, fonts: tuple[Path, ...]) -> Iterator[Example]:
    """An example for each page of a document that has whole blocks and their footnotes on it."""
    pdf = printed([job], fonts)
    if pdf is None:
        return
    with sheets.opened(pdf) as document:
        found = [sheets.links(page) for page in document]
        for page, links in zip(document, found, strict=True):
            here = [job.blocks[number] for number in numbers(links)]
            torn = any(set(numbers(links)) & set(numbers(other)) for other in found if other is not links)
            glyphs = sheets.glyphs(page, job.scale)
            if here and not torn and noted(here, links) and inside(glyphs, page.rect.width * job.scale):
                image = sheets.picture(page, job.scale)
                yield Example(image, answer=markdown(here), glyphs=glyphs, source=job.origin)


def numbers(links: Sequence[str]) -> list[int]:
    """The blocks on a page, in their order."""
    return list(dict.fromkeys(int(link.removeprefix(MARK)) for link in links if link.startswith(MARK)))


def noted(blocks: Sequence[Block], links: Sequence[str]) -> bool:
    """Whether the footnotes on a page are those that its blocks call."""
    return {label for block in blocks for label, _ in block.notes} == {
        link.removeprefix(NOTE) for link in links if link.startswith(NOTE)
    }


def inside(glyphs: Sequence[Glyph], width: float) -> bool:
    """Whether there are characters, none beyond the picture's sides: what is too wide for its column is cut off."""
    return bool(glyphs) and all(0 <= glyph.x <= width - 0.25 * glyph.size for glyph in glyphs)


def printed(jobs: Sequence[Job], fonts: tuple[Path, ...]) -> bytes | None:
    """The documents as one PDF; None if Typst cannot set one of them."""
    import typst as engine

    try:
        pdf = press(fonts).compile(input="\n".join(map(document, jobs)).encode(), format="pdf", pdf_tags=False)
    except engine.TypstError:
        return None
    assert isinstance(pdf, bytes)
    return pdf


@functools.lru_cache(maxsize=2)
def press(fonts: tuple[Path, ...]) -> Compiler:
    """Typst, ready to work."""
    import typst as engine

    return engine.Compiler(font_paths=library(fonts))


def document(job: Job) -> str:
    """A document as Typst."""
    paper = job.paper
    shape = [
        f"width: {paper.width:.1f}pt",
        f"height: {'auto' if paper.height is None else f'{paper.height:.1f}pt'}",
        f"margin: (x: {paper.margin[0]:.1f}pt, y: {paper.margin[1]:.1f}pt)",
        f"columns: {paper.columns}",
        f"fill: {job.look.paper}",
    ]
    if paper.head:
        shape.append(f"header: [#set text(size: 0.85em); #{string(paper.head)}; #line(length: 100%, stroke: 0.4pt)]")
    if paper.numbered:
        shape.append("numbering: {}".format(string("1")))
    notes = [int(label) for block in job.blocks for label, _ in block.notes if re.fullmatch(r"\d+", label)]
    first = f"#counter(footnote).update({notes[0] - 1})" if notes else ""
    body = (
        "\n".join(map(typst, job.blocks))
        if paper.height is None
        else "\n".join(map(marked, range(len(job.blocks)), job.blocks))
    )
    return f"#[\n{job.look.rules}\n#page({', '.join(shape)})[\n{first}\n{body}\n]]\n"


def marked(number: int, block: Block) -> str:
    """A block that stays on one page, which says that it is there. A heading stays with what follows by itself."""
    linked = f"#link({string(f'{MARK}{number}')})[{typst(block)}]"
    return linked if block.text.startswith("#") else f"#block(breakable: false, width: 100%)[{linked}]"
