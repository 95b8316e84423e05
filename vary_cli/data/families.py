"""Families of type that documents are typeset in: what each can draw, and whether it has a bold and an italic."""

from __future__ import annotations

import functools
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vary_cli.data import fonts
from vary_cli.data.fonts import Coverage
from vary_cli.errors import DataError, DependencyError

if TYPE_CHECKING:
    import typst

BOLD = 600
"""Least weight that is seen as bold beside a regular one."""
REGULAR = (300, 450)
MONO = re.compile(r"mono|\bcode\b|typewriter|courier|cursor|hack|inconsolata|terminal", re.IGNORECASE)
UNLIKE = re.compile(r"\b(TW|HK|JP|KR|TC|MBE|JF|Japanese|Caps)\b")
"""Families whose Han characters are not the simplified Chinese ones, or whose small letters are capitals."""
MATH = "New Computer Modern Math"
"""The family for formulas that Typst brings along; it has every sign."""

Cut = tuple[bool, bool]
"""Of a face: whether it is bold, whether it is italic."""
File = tuple[Path, int]
"""A font file and which of its faces."""


@dataclass(frozen=True)
class Family:
    """A family of type."""

    name: str
    """As Typst calls it."""
    characters: Coverage
    members: Mapping[Cut, File]
    """Its faces."""

    @property
    def bold(self) -> bool:
        """Whether it has a bold face."""
        return (True, False) in self.members

    @property
    def italic(self) -> bool:
        """Whether it has an italic."""
        return (False, True) in self.members

    @property
    def mono(self) -> bool:
        """Whether its characters are all of one width, as its name says."""
        return MONO.search(self.name) is not None


@dataclass(frozen=True)
class Case:
    """All the type there is, by what it is good for."""

    text: tuple[Family, ...]
    mono: tuple[Family, ...]
    chinese: tuple[Family, ...]
    math: tuple[str, ...]
    fonts: typst.Fonts

    def body(self, chance: random.Random) -> Family:
        """A family for Latin text."""
        return chance.choice(self.text)

    def han(self, chance: random.Random) -> Family | None:
        """A family for Chinese text, if there is one."""
        return chance.choice(self.chinese) if self.chinese else None


@functools.cache
def case(folders: tuple[Path, ...], without: tuple[str, ...] = ()) -> Case:
    """The type below the folders (none: the system's), less the files that `without` names. Raises DataError."""
    faces = {str(face.path) for face in fonts.found(folders, without)}
    known = library(folders)
    styles: dict[str, dict[Cut, File]] = {}
    for info in known.fonts():
        if info.path is not None and info.path in faces and info.stretch == 1.0:
            key = (info.weight >= BOLD, info.style != "normal")
            if key[0] or REGULAR[0] <= info.weight <= REGULAR[1]:
                styles.setdefault(info.family, {})[key] = (Path(info.path), info.index)
    families = [family(name, members) for name, members in sorted(styles.items()) if (False, False) in members]
    return sorted_out(families, known)


def family(name: str, members: Mapping[Cut, File]) -> Family:
    """A family of its members. What any of them lacks counts as not there."""
    covers = [fonts.coverage(*member).bits for member in members.values()]
    both = functools.reduce(common, covers)
    return Family(name, Coverage(both), members)


def common(a: bytes, b: bytes) -> bytes:
    """What two coverages share."""
    return (int.from_bytes(a) & int.from_bytes(b)).to_bytes(len(a))


def sorted_out(families: Iterable[Family], known: typst.Fonts) -> Case:
    """Families by what they are good for. Raises DataError if there is none for text."""
    plain = [member for member in families if not UNLIKE.search(member.name)]
    latin = [member for member in plain if draws(member, map(chr, range(33, 127)))]
    chinese = [member for member in plain if draws(member, fonts.CHINESE) and not member.mono]
    mono = [member for member in latin if member.mono]
    text = [member for member in latin if member not in chinese and not member.mono] or latin
    if not text:
        raise DataError("no usable font found", "name a folder of .ttf or .otf files with --fonts, or install some")
    math = tuple(name for name in sorted(known.families()) if re.search(r"\bMath\b", name))
    return Case(tuple(text), tuple(mono) or tuple(text), tuple(chinese), math, known)


def draws(member: Family, chars: Iterable[str]) -> bool:
    """Whether a family has all of these characters."""
    return all(char in member.characters for char in chars)


def library(folders: tuple[Path, ...]) -> typst.Fonts:
    """What Typst finds in the folders, and what it brings along."""
    try:
        import typst
    except ImportError as error:
        raise DependencyError("typst is not installed", "pip install 'vary-cli[synth]'") from error
    places = [str(folder) for folder in folders or fonts.SYSTEM if folder.is_dir()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=places)
