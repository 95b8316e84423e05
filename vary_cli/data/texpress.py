"""Documents typeset by XeTeX and cut into pages, each with the Markdown of the blocks that stand on it.

TeX itself writes down what stands where; its log tells which blocks are too wide or lack characters.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vary_cli import markup
from vary_cli.data import sheets
from vary_cli.data.manuscript import Block, markdown
from vary_cli.errors import DependencyError
from vary_cli.example import Example
from vary_cli.formats.latex.blocks import Place, blocks
from vary_cli.formats.latex.phrases import Page
from vary_cli.layer import letters

PACKAGES = "apt-get install texlive-xetex texlive-latex-extra texlive-fonts-extra, or the TeX Live of your system"
SECONDS = 60
PASSES = 3
START, END = "\\begin{document}", "\\end{document}"
TOO_WIDE = 2.0  # points beyond the margin
_WIDE = re.compile(r"^Overfull \\hbox \((\d+(?:\.\d+)?)pt too wide\)")
_LOST = re.compile(r"^Missing character:|^! ")
_DISPLAY = re.compile(r"^\\\[(.*)\\\]$", re.DOTALL)
_CODE = "\\begin{Verbatim}"
_TAG = re.compile(r"\\tag\{[^{}]*\}")


@dataclass
class Places:
    """What stands where, by TeX's own account."""

    pages: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Block -> the pages that its paragraphs and footnotes stand on."""
    bad: set[int] = field(default_factory=set)
    """Blocks that are too wide or not complete."""


def pages(preamble: str, found: Sequence[Block], scale: float, origin: str) -> Iterator[Example] | None:
    """The pages that hold whole blocks; None if TeX cannot set the document. Raises DependencyError without XeTeX.

    Blocks that turn out to be too wide or incomplete are taken out, and the rest is set again.
    """
    ordered = renumbered(found)
    for _ in range(PASSES):
        with tempfile.TemporaryDirectory() as folder:
            pdf = printed("\n".join([preamble, START, *map(body, range(len(ordered)), ordered), END]), Path(folder))
            places = told(Path(folder))
        if pdf is None or not places.bad:
            break
        ordered = renumbered([block for number, block in enumerate(ordered) if number not in places.bad])
    return None if pdf is None else cut(pdf, ordered, places, scale, origin)


def renumbered(found: Sequence[Block]) -> list[Block]:
    """The blocks with their footnotes numbered as TeX will."""
    count, result = 0, []
    for block in found:
        text, notes = block.text, []
        for old, said in block.notes:
            count += 1
            text = text.replace(f"[^{old}]", f"[^\0{count}]", 1)
            notes.append((str(count), said))
        result.append(Block(text.replace("\0", ""), tuple(notes)))
    return result


def body(number: int, block: Block) -> str:
    """A block as LaTeX, between marks that say where it stands."""
    tree = markup.tree(block.whole)
    notes = {int(node.meta["id"]): node for node in tree.walk() if node.type == "footnote"}
    latex = blocks([node for node in tree.children if node.type != "footnote_block"], Place(Page(notes=notes)))
    shown = _DISPLAY.match(latex)
    if shown:
        latex = (
            f"\\setbox0=\\hbox{{$\\displaystyle {_TAG.sub('', shown[1])}$}}"
            f"\\ifdim\\wd0>\\linewidth\\typeout{{Overfull \\string\\hbox (99pt too wide)}}\\else{latex}\\fi"
        )
    start = "\\noindent\n" if latex.startswith(_CODE) else ""
    return f"\\block{{{number}}}\n{start}{latex}\n"


def printed(source: str, folder: Path, name: str = "xelatex") -> bytes | None:
    """A document as PDF; None if TeX gives up. It can run nothing and read nothing outside of its own tree.

    Raises DependencyError if the engine of that name is not installed.
    """
    engine = shutil.which(name)
    if engine is None:
        raise DependencyError(f"{name} is not installed", PACKAGES)
    (folder / "page.tex").write_text(source, encoding="utf-8")
    command = [engine, "-interaction=batchmode", "-no-shell-escape", "page.tex"]
    silent = subprocess.DEVNULL
    try:
        subprocess.run(command, cwd=folder, timeout=SECONDS, check=False, stdin=silent, stdout=silent, stderr=silent)
    except subprocess.TimeoutExpired:
        return None
    pdf = folder / "page.pdf"
    return pdf.read_bytes() if pdf.is_file() else None


def told(folder: Path) -> Places:
    """What TeX wrote down, as far as it came."""
    places = Places()
    for line in lines(folder / "page.places"):
        number, page = line.split()[:2]
        places.pages[int(number)].add(int(page))
    block = -1
    for line in lines(folder / "page.log"):
        wide = _WIDE.match(line)
        if line.startswith("block "):
            block = int(line.split()[1])
        elif _LOST.match(line) or (wide and float(wide[1]) > TOO_WIDE):
            places.bad.add(block)
    return places


def lines(file: Path) -> list[str]:
    """The lines of a file that TeX may not have come to write."""
    return file.read_text(encoding="utf-8", errors="replace").splitlines() if file.is_file() else []


def cut(pdf: bytes, found: Sequence[Block], places: Places, scale: float, origin: str) -> Iterator[Example]:
    """The pages on which every block is whole, with its footnotes, and none is bad."""
    standing: dict[int, list[int]] = defaultdict(list)
    spoiled: set[int] = set()
    for number in range(len(found)):
        taken = places.pages[number]
        if len(taken) == 1 and number not in places.bad:
            standing[min(taken)].append(number)
        spoiled |= taken if len(taken) > 1 or number in places.bad else set()
    with sheets.opened(pdf) as document:
        for index, page in enumerate(document):
            here = [found[number] for number in standing[index + 1]]
            if here and index + 1 not in spoiled | places.pages[-1]:
                glyphs = sheets.placed(letters.lines(page, ()), scale)
                yield Example(sheets.picture(page, scale), answer=markdown(here), glyphs=glyphs, source=origin)
