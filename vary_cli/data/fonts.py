"""The faces that text is drawn with: found in folders, read once, asked for what they can draw.

What a face can draw is kept in the user's cache folder, since reading some hundred fonts takes longer than drawing.
"""

from __future__ import annotations

import functools
import random
import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import ImageFont

from vary_cli.data import cache
from vary_cli.errors import DataError
from vary_cli.example import BOLD, ITALIC, MONO

SYSTEM = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
    Path("C:/Windows/Fonts"),
    Path.home() / ".fonts",
    Path.home() / ".local/share/fonts",
)
SUFFIXES = {".ttf", ".otf", ".ttc"}
ODD = re.compile(
    r"math|symbol|emoji|keyboard|initial|dingbat|d050000|standardsymbols|barcode|braille|emmentaler|chess|caps|csc\d|_[KI]\.",
    re.IGNORECASE,
)
THIN = re.compile(r"thin|hairline|extralight|ultralight", re.IGNORECASE)
SIMPLIFIED = re.compile(r"NotoS\w+CJK.*\.ttc$", re.IGNORECASE)
"""Collections for several languages whose third face is the one for simplified Chinese."""
PLANES = 0x30000
"""Code points that a coverage covers: the planes with Latin, Han and signs."""
CHINESE = "的一是不了人我在有他这为之大来以个中上们龙国对说"


class Coverage(Container[str]):
    """The characters that a face can draw, a bit for each."""

    def __init__(self, bits: bytes) -> None:
        self.bits = bits

    @classmethod
    def of(cls, codes: Iterable[int]) -> Coverage:
        """Of these code points."""
        bits = bytearray(PLANES // 8)
        for code in codes:
            if code < PLANES:
                bits[code >> 3] |= 1 << (code & 7)
        return cls(bytes(bits))

    def __contains__(self, char: object) -> bool:
        code = ord(char) if isinstance(char, str) else PLANES
        return code < PLANES and bool(self.bits[code >> 3] >> (code & 7) & 1)


@dataclass(frozen=True)
class Face:
    """One face of a font file."""

    path: Path
    index: int
    family: str

    @functools.cached_property
    def characters(self) -> Coverage:
        """What the face can draw."""
        return coverage(self.path, self.index)

    @functools.cached_property
    def style(self) -> int:
        """BOLD, ITALIC and MONO added up, as its file's name says."""
        marks = {
            BOLD: r"bol|black|heavy|demi|bd\b",
            ITALIC: r"ital|obli|slant|ita$|(?<=[a-z])it$",
            MONO: r"mono|code|typewriter|courier|hack",
        }
        return sum(bit for bit, pattern in marks.items() if re.search(pattern, self.path.stem, re.I))

    @functools.cached_property
    def draws_latin(self) -> bool:
        """Whether all of ASCII is there."""
        return all(chr(code) in self.characters for code in range(33, 127))

    @functools.cached_property
    def draws_chinese(self) -> bool:
        """Whether simplified Chinese is there."""
        return all(char in self.characters for char in CHINESE)

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """The face at an em of `size` px."""
        return sized(self.path, self.index, size)


def coverage(path: Path, index: int) -> Coverage:
    """What a face can draw, from the cache if the file has not changed. Raises DataError if it is no font."""
    state = path.stat()
    place = cache.place("fonts", f"{path.absolute()}\0{index}\0{state.st_mtime_ns}\0{state.st_size}")
    if (bits := cache.kept(place)) is None:
        bits = Coverage.of(codes(path, index)).bits
        cache.keep(place, bits)
    return Coverage(bits)


def codes(path: Path, index: int) -> Iterable[int]:
    """The code points in a font file's character map. Raises DataError if it is no font."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(path, fontNumber=index, lazy=True) as font:
            return tuple(font.getBestCmap() or ())
    except (TTLibError, OSError, ValueError) as error:
        raise DataError(f"{path} is not a font: {error}", f"leave it out: --without {path.stem}") from error


@functools.lru_cache(maxsize=512)
def sized(path: Path, index: int, size: int) -> ImageFont.FreeTypeFont:
    """An opened font; the cache keeps the number of open files bounded."""
    return ImageFont.truetype(str(path), size, index=index, layout_engine=ImageFont.Layout.BASIC)


@dataclass(frozen=True)
class Shelf:
    """Faces by family: a family is drawn first, then one of its faces, so that large families crowd out no others."""

    families: tuple[tuple[Face, ...], ...]

    def draw(self, chance: random.Random) -> Face:
        """A face."""
        return chance.choice(chance.choice(self.families))


@functools.cache
def shelves(folders: tuple[Path, ...], without: tuple[str, ...] = ()) -> tuple[Shelf, Shelf]:
    """(Latin, Chinese) faces below the folders, less the files whose path holds one of `without`.

    Where one kind is missing the other stands in for it, if it can; a shelf may be empty. Raises DataError if both are.
    """
    faces = found(folders, without)
    chinese = [face for face in faces if face.draws_chinese]
    latin = [face for face in faces if face.draws_latin and face not in chinese]
    if not latin and not chinese:
        raise DataError("no usable font found", "name a folder of .ttf or .otf files with --fonts, or install some")
    return shelf(latin or [face for face in chinese if face.draws_latin]), shelf(chinese)


def shelf(faces: Iterable[Face]) -> Shelf:
    """Faces grouped by family."""
    families: dict[str, list[Face]] = {}
    for face in faces:
        families.setdefault(face.family, []).append(face)
    return Shelf(tuple(tuple(group) for group in families.values()))


def found(folders: Sequence[Path], without: Sequence[str] = ()) -> list[Face]:
    """Every text face below the folders (none: the system's), in a stable order, less those `without` names."""
    files = sorted(
        path for folder in folders or SYSTEM for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES
    )
    named = [path for path in files if not any(word.lower() in str(path).lower() for word in without)]
    return [Face(p, 2 if SIMPLIFIED.match(p.name) else 0, family(p)) for p in named if usable(p) and p.is_file()]


def usable(path: Path) -> bool:
    """Whether a file holds a text face: no symbols; of the Noto families only the Latin ones and CJK."""
    noto = path.name.startswith("Noto") and "CJK" not in path.name
    return not ODD.search(path.name) and not (noto and not re.match(r"Noto(Sans|Serif|Mono|SansMono)-", path.name))


def family(path: Path) -> str:
    """'.../fonts-lato/Lato-BoldItalic.ttf' -> 'Lato'."""
    return re.split(r"[-_]|(?=(?:Bold|Italic|Regular|Light|Oblique))", path.stem)[0] or path.stem


@functools.cache
def upright(folders: tuple[Path, ...], without: tuple[str, ...]) -> tuple[list[Face], list[Face]]:
    """Upright faces of regular weight that draw Latin: those without and those with Chinese."""
    faces = [face for shelf in shelves(folders, without) for family in shelf.families for face in family]
    plain = [face for face in dict.fromkeys(faces) if is_plain(face) and face.draws_latin]
    return [face for face in plain if not face.draws_chinese], [face for face in plain if face.draws_chinese]


def is_plain(face: Face) -> bool:
    """Whether a face is upright, no hair line, and drawn at all sizes: matplotlib shows nothing of built-in bitmaps."""
    if face.style or face.index or THIN.search(face.path.stem):
        return False
    from fontTools.ttLib import TTFont

    with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
        return "EBDT" not in font
