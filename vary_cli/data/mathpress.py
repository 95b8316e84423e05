"""Formulas typeset by TeX in its own mathematical fonts, each on a page that is as large as the formula.

What stands where is read off the PDF's text, as of the user's own PDFs; formulas with signs that it cannot name are
left out.
"""

from __future__ import annotations

import functools
import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vary_cli.data import accents, sheets, texpress
from vary_cli.errors import DependencyError
from vary_cli.example import Example, Glyph
from vary_cli.formula.signs import DRAWN
from vary_cli.layer import honesty, letters

AROUND = 14
"""Paper around a formula, points."""
SHOWN = r"""\newcommand\shown[1]{\setbox0\hbox{\kern%dpt$\displaystyle #1$\kern%dpt}\pdfpagewidth=\wd0
\pdfpageheight=\dimexpr\ht0+\dp0+%dpt\relax \pdfhorigin=0pt \pdfvorigin=%dpt \shipout\box0 }"""


@dataclass(frozen=True)
class Face:
    """A way to set formulas."""

    packages: tuple[str, ...] = ("amssymb",)
    """What is used besides amsmath, options in brackets before the name."""
    lettered: bool = True
    """Whether the fonts of its other alphabets tell by their names what they are."""
    script: str = r"\mathcal"
    """The command for letters of the script alphabet."""


FACES = (
    Face(),
    Face(),
    Face(("amssymb", "mathrsfs"), script=r"\mathscr"),
    Face(("amssymb", "[mathscr]{euscript}"), script=r"\mathscr"),
    Face(("amssymb", "lmodern")),
    Face(("amssymb", "mathptmx"), lettered=False),
    Face(("amssymb", "mathpazo"), lettered=False),
    Face(("amssymb", "eulervm"), lettered=False),
    Face(("amssymb", "ccfonts"), lettered=False),
    Face(("newtxtext", "newtxmath"), lettered=False),
    Face(("newpxtext", "newpxmath"), lettered=False),
    Face(("kpfonts",), lettered=False),
    Face(("fourier",), lettered=False),
    Face(("[charter]{mathdesign}",), lettered=False),
    Face(("[utopia]{mathdesign}",), lettered=False),
)
"""Those of TeX Live's collections of recommended and of extra fonts; what is not installed is not used."""


def faces() -> list[Face]:
    """The faces that are installed. Raises DependencyError without TeX."""
    found = [face for face in FACES if all(map(installed, face.packages))]
    if shutil.which("pdflatex") is None or not found:
        raise DependencyError("pdflatex is not installed", texpress.PACKAGES)
    return found


@functools.cache
def installed(package: str) -> bool:
    """Whether TeX finds a package."""
    name = package.rpartition("{")[2].rstrip("}")
    finder = shutil.which("kpsewhich")
    return finder is not None and bool(subprocess.run([finder, f"{name}.sty"], capture_output=True, check=False).stdout)


def examples(latex: Sequence[tuple[str, str]], face: Face, scale: float, chance: random.Random) -> Iterator[Example]:
    """An example for each formula of (where from, LaTeX) that can be set and whose signs are known; its page, gray."""
    fit = [one for one in latex if fits(one[1], face)]
    pdf = printed([said for _, said in fit], face, chance) if fit else None
    if pdf is None:
        return
    with sheets.opened(pdf) as document:
        if document.page_count != len(fit):  # TeX lost one: nobody knows which
            return
        for page, (origin, said) in zip(document, fit, strict=True):
            if glyphs := known(sheets.placed(letters.lines(page, ()), scale)):
                yield Example(sheets.picture(page, scale), answer=said, glyphs=glyphs, source=f"{origin}:tex")


def fits(latex: str, face: Face) -> bool:
    """Whether it can be told what stands in a formula that is set in a face."""
    return face.lettered or not any(f"\\{alphabet}" in latex for alphabet in DRAWN)


def known(glyphs: Sequence[Glyph]) -> tuple[Glyph, ...] | None:
    """The characters of a formula; None if the fonts do not tell what one of them is."""
    told = accents.settled(glyphs)
    return None if told is None or any(honesty.is_unknown(glyph.char) for glyph in told) else tuple(told)


def printed(latex: Sequence[str], face: Face, chance: random.Random) -> bytes | None:
    """Formulas as a PDF of as many pages; None if TeX gives up."""
    shown = [rf"\shown{{{said}}}".replace(r"\mathcal", face.script) for said in latex]
    parts = [*head(face, chance.choice((10, 11, 12))), SHOWN % (AROUND, AROUND, 2 * AROUND, AROUND)]
    with tempfile.TemporaryDirectory() as folder:
        source = "\n".join([*parts, texpress.START, *shown, texpress.END])
        return texpress.printed(source, Path(folder), "pdflatex")


def head(face: Face, size: int) -> list[str]:
    """The first lines of a document in a face, `size` points large."""
    used = [package if package.startswith("[") else f"{{{package}}}" for package in ("amsmath", *face.packages)]
    return [rf"\documentclass[{size}pt]{{article}}", *(rf"\usepackage{name}" for name in used)]
