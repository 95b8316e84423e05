"""What a font's name, its flags and the widths of its characters say of its style."""

from __future__ import annotations

import re
import string
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

ITALIC, MONO, BOLD = 2, 8, 16
"""Flags of a span in MuPDF."""
_MATH = re.compile(
    r"^(?:cm(?:mi|sy|ex|bsy|mib)|ms[ab]m|eu(?:[fsr]|ex)|rsfs|wasy|stmary|l?asy|(?:new)?(?:tx|px)(?:mi|sy|ex|b?mia)|rtxmi"
    r"|mt(?:mi|sy|ex|gu)|rmtmi|fourier-math|zpl|psy\b|esint|bbm|dsrom)|math|symbol\b|standardsym",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"^(?:cmex|lmmathextension|lmex|[nt]?[tp]xex|newtxmathex|mdugmex|esint)|mathex", re.IGNORECASE)
_BOLD = re.compile(r"bold|black|heavy|demi|-medi\b|^(?:cm|sf|ec|la)b[xd]?\d|^cm(?:mib|bsy)|bx\d|-bd\b", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obli|slant|kursiv|^(?:cm|sf|ec|la)(?:ti|sl|it|bxti)\d", re.IGNORECASE)
_MONO = re.compile(
    r"mono|courier|consol|typewriter|menlo|inconsol|nimbusmon|andale|lucidatyp|\bcode|code\b|fira ?code|hack\b"
    r"|^(?:cm|sf|ec|la|lm)?(?:s?l?tt|vtt)(?=\d|-|\b)|t1xtt|txtt|pcr[rb]|fixed|beramono|cousine|terminal",
    re.IGNORECASE,
)
_ALPHABETS = (
    (re.compile(r"^(?:cmb?sy|rsfs|eus[mb]|[nt]?[tp]xsys?|mtsy|lmmathsymbols)", re.IGNORECASE), "SCRIPT"),
    (re.compile(r"^(?:msbm|bbm|dsrom)", re.IGNORECASE), "DOUBLE-STRUCK"),
    (re.compile(r"^euf[mb]", re.IGNORECASE), "FRAKTUR"),
)
_OLD = {"SCRIPT": "SCRIPT", "DOUBLE-STRUCK": "DOUBLE-STRUCK", "FRAKTUR": "BLACK-LETTER"}
"""Names of those letters that Unicode had before it had the alphabets."""
_NARROW, _WIDE = set("iljtfI.,:;'|!()[]"), set("abdeghknopqsuvxyzmwABCDEGHKMNOPQRUVWXYZ@%")
_ENOUGH = 6
"""So many different characters tell whether a font has one width."""


class Style(NamedTuple):
    """How a character looks."""

    bold: bool = False
    italic: bool = False
    mono: bool = False
    math: bool = False


class Widths:
    """The widths of the characters of a page's fonts, which say what fonts without a name are."""

    def __init__(self, spans: Iterable[dict[str, Any]]) -> None:
        self.widths: dict[str, dict[str, float]] = defaultdict(dict)
        self.wide_scripts: dict[str, int] = defaultdict(int)
        self.known: dict[tuple[str, bool], bool] = {}
        for span in spans:
            self._note(span["chars"], self.widths[span["font"]], max(span["size"], 0.1), span["font"])

    def _note(self, chars: list[dict[str, Any]], widths: dict[str, float], size: float, font: str) -> None:
        for char in chars:
            sign = char["c"]
            if "!" <= sign <= "~":
                if sign not in widths:
                    widths[sign] = (char["bbox"][2] - char["bbox"][0]) / size
            elif sign > "\u2e7f":
                self.wide_scripts[font] += 1

    def mono(self, font: str, flagged: bool) -> bool:
        """Whether all of a font's characters have one width. Chinese fonts are not meant, although theirs have."""
        if (font, flagged) not in self.known:
            self.known[font, flagged] = self._mono(font, flagged)
        return self.known[font, flagged]

    def _mono(self, font: str, flagged: bool) -> bool:
        widths = self.widths[font]
        if self.wide_scripts[font] > len(widths):
            return bool(_MONO.search(font))
        if len(widths) >= _ENOUGH and widths.keys() & _NARROW and widths.keys() & _WIDE:
            return max(widths.values()) - min(widths.values()) < 0.02
        return flagged or bool(_MONO.search(font))


def style(font: str, flags: int, char_flags: int, widths: Widths) -> Style:
    """The style of a span of rawdict."""
    math = is_math(font)
    return Style(
        bold=bool(flags & BOLD or char_flags & 8) or _is_named(_BOLD, font),
        italic=bool(flags & ITALIC) or _is_named(_ITALIC, font),
        mono=not math and widths.mono(font, bool(flags & MONO)),
        math=math,
    )


@cache
def _is_named(kind: re.Pattern[str], font: str) -> bool:
    return bool(kind.search(font))


@cache
def is_math(font: str) -> bool:
    """Whether a font is made for formulas."""
    return bool(_MATH.search(font) or _EXTENSION.search(font))


@cache
def is_extension(font: str) -> bool:
    """Whether a font holds TeX's large symbols in TeX's own order (OMX)."""
    return bool(_EXTENSION.search(font))


@cache
def alphabet(font: str) -> dict[str, str]:
    """What a formula font's plain letters stand for: letters of the script, double-struck or Fraktur alphabet."""
    name = next((name for pattern, name in _ALPHABETS if pattern.search(font)), None)
    if name is None:
        return {}
    letters = string.ascii_uppercase if name == "SCRIPT" else string.ascii_letters
    return {letter: sign for letter in letters if (sign := _lettered(name, letter))}


def _lettered(name: str, letter: str) -> str | None:
    kind = "CAPITAL" if letter.isupper() else "SMALL"
    for form in (f"MATHEMATICAL {name} {kind} {letter.upper()}", f"{_OLD[name]} {kind} {letter.upper()}"):
        try:
            return unicodedata.lookup(form)
        except KeyError:
            continue
    return None
