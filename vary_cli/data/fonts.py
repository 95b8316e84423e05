"""The faces that text is drawn with: found in folders, read once, asked for what they can draw."""

from __future__ import annotations

import functools
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import ImageFont

from vary_cli.errors import DataError

SYSTEM = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts", Path.home() / ".local/share/fonts")
ODD = re.compile(r"math|symbol|emoji|keyboard|initial|dingbat|d050000|standardsymbols|barcode|braille", re.I)
# Of a collection for several languages, the face for simplified Chinese.
SIMPLIFIED = re.compile(r"NotoS\w+CJK")


@dataclass(frozen=True)
class Face:
    """One face of a font file."""

    path: Path
    index: int
    family: str

    @functools.cached_property
    def characters(self) -> frozenset[str]:
        """What the face can draw."""
        from fontTools.ttLib import TTFont

        with TTFont(self.path, fontNumber=self.index, lazy=True) as font:
            return frozenset(map(chr, font.getBestCmap() or ()))

    @functools.cached_property
    def draws_latin(self) -> bool:
        """Whether all of ASCII is there."""
        return all(chr(i) in self.characters for i in range(33, 127))

    @functools.cached_property
    def draws_chinese(self) -> bool:
        """Whether simplified Chinese is there."""
        return all(c in self.characters for c in "的一是不了人我在有他这为之大来以个中上们龙国对说")

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """The face at an em of `size` px."""
        return sized(self.path, self.index, size)


@functools.lru_cache(maxsize=512)
def sized(path: Path, index: int, size: int) -> ImageFont.FreeTypeFont:
    """An opened font; the cache keeps the number of open files bounded."""
    return ImageFont.truetype(str(path), size, index=index, layout_engine=ImageFont.Layout.BASIC)


@dataclass(frozen=True)
class Shelf:
    """Faces by family: a family is drawn first, then one of its faces, so that large families do not crowd out others."""

    families: tuple[tuple[Face, ...], ...]

    def draw(self, chance: random.Random) -> Face:
        """A face."""
        return chance.choice(chance.choice(self.families))


@functools.cache
def shelves(folders: tuple[Path, ...], without: tuple[str, ...] = ()) -> tuple[Shelf, Shelf]:
    """(Latin, Chinese) faces below the folders, less the families whose name holds one of `without`."""
    faces = [face for face in found(folders or SYSTEM) if not any(w.lower() in str(face.path).lower() for w in without)]
    latin = [face for face in faces if face.draws_latin and not face.draws_chinese]
    chinese = [face for face in faces if face.draws_chinese]
    if not latin and not chinese:
        raise DataError("no usable font found", "name a folder of .ttf or .otf files with --fonts, or install some")
    return shelf(latin or chinese), shelf(chinese)


def shelf(faces: Iterable[Face]) -> Shelf:
    """Faces grouped by family."""
    families: dict[str, list[Face]] = {}
    for face in faces:
        families.setdefault(face.family, []).append(face)
    return Shelf(tuple(tuple(group) for group in families.values()))


def found(folders: Sequence[Path]) -> list[Face]:
    """Every text face below the folders, in a stable order. Files that are no fonts raise DataError."""
    files = sorted(p for folder in folders for p in folder.rglob("*") if p.suffix.lower() in {".ttf", ".otf", ".ttc"} and p.is_file())
    return [Face(p, 2 if SIMPLIFIED.match(p.name) else 0, family(p)) for p in files if usable(p)]


def usable(path: Path) -> bool:
    """Whether a file holds a text face: no symbols; of the Noto families only the Latin ones and CJK."""
    noto = path.name.startswith("Noto") and "CJK" not in path.name
    return not ODD.search(path.name) and not (noto and not re.match(r"Noto(Sans|Serif|Mono|SansMono)-", path.name))


def family(path: Path) -> str:
    """'.../fonts-lato/Lato-BoldItalic.ttf' -> 'Lato'."""
    return re.split(r"[-_]|(?=(?:Bold|Italic|Regular|Light|Oblique))", path.stem)[0] or path.stem
