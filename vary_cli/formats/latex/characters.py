"""Words in TeX's text mode: every character is typed so that it shows as itself and does nothing."""

from __future__ import annotations

import re
import unicodedata

from vary_cli.formula import signs

_SPECIAL = {
    "\\": "\\textbackslash{}",
    "{": "\\{",
    "}": "\\}",
    "$": "\\$",
    "&": "\\&",
    "#": "\\#",
    "%": "\\%",
    "_": "\\_",
    "^": "\\textasciicircum{}",
    "~": "\\textasciitilde{}",
    '"': "\\textquotedbl{}",
    "`": "\\textasciigrave{}",
    "<": "\\textless{}",
    ">": "\\textgreater{}",
    "|": "\\textbar{}",
    "[": "{[}",
    "]": "{]}",
    "\u00a0": "~",
    "\u00ad": "\\-",
    "\u2009": "\\,",
    "\u202f": "\\,",
    "\u2010": "-",
    "\u2011": "-",
    "\u2212": "\\ensuremath{-}",
}
_ACCENTS = {
    "\u0300": "\\`",
    "\u0301": "\\'",
    "\u0302": "\\^",
    "\u0303": "\\~",
    "\u0304": "\\=",
    "\u0306": "\\u",
    "\u0307": "\\.",
    "\u0308": '\\"',
    "\u030a": "\\r",
    "\u030b": "\\H",
    "\u030c": "\\v",
    "\u0323": "\\d",
    "\u0327": "\\c",
    "\u0328": "\\k",
    "\u0331": "\\b",
}
_LATIN = frozenset(map(chr, range(0xC0, 0x180))) - frozenset("ĦħĸŉŦŧſĿŀ")
_AS_TYPED = _LATIN | frozenset("¡¢£¥§©ª«®¶º»¿–—‘’“”„‚‹›†‡•…€™°±×÷¬µ·¹²³¼½¾")
"""What fonts for European text have and every engine finds there."""
_LIGATURE = re.compile(r"([-',])(?=\1)")
_CLUSTER = re.compile(r"[\s\S][\u0300-\u036f]*")
_CHINESE = re.compile(
    r"[\u2e80-\u2fdf\u3000-\u30ff\u3105-\u312f\u3190-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]"
    r"|[\U00020000-\U0003ffff]"
)
_FOREIGN_RUN = re.compile(r"\\foreign\{([^{}]*)\}\\foreign\{")


def escape(text: str) -> str:
    """Words as TeX types them. `\\foreign{}` marks what only Unicode engines can show."""
    typed = "".join(map(_typed, _CLUSTER.findall(unicodedata.normalize("NFC", text))))
    return _run_together(_LIGATURE.sub(r"\1{}", typed))


def escape_code(text: str) -> str:
    """Characters of code as TeX types them: quotes stay straight and blanks stay blanks."""
    plain = text.replace("\u00a0", " ").replace("\u00ad", "-").expandtabs(4)
    return escape(plain).replace("'", "\\textquotesingle{}").replace("\\\\textquotesingle{}", "\\'")


def has_chinese(text: str) -> bool:
    """Whether fonts for Chinese are needed."""
    return _CHINESE.search(text) is not None


def has_foreign(latex: str) -> bool:
    """Whether a Unicode engine is needed for other scripts and rare signs."""
    return "\\foreign{" in latex


def _typed(cluster: str) -> str:
    """One character with what is set above and below it."""
    char = cluster[0]
    if cluster in _SPECIAL:
        return _SPECIAL[cluster]
    if cluster.isascii():
        return cluster if cluster.isprintable() or cluster == "\n" else " "
    if len(cluster) == 1 and (char in _AS_TYPED or _CHINESE.match(char)):
        return cluster
    return _accented(cluster) or _sign(cluster) or _compatible(cluster)


def _accented(cluster: str) -> str | None:
    """A Latin letter under its accents."""
    base, *marks = list(unicodedata.normalize("NFD", cluster))
    if not marks or not (base.isascii() and base.isalpha()) or any(mark not in _ACCENTS for mark in marks):
        return None
    typed = base
    for mark in marks:
        typed = f"{_ACCENTS[mark]}{{{typed}}}"
    return f"{{{typed}}}"


def _sign(cluster: str) -> str | None:
    known = signs.in_math(cluster) if len(cluster) == 1 else None
    return f"\\ensuremath{{{known}}}" if known else None


def _compatible(cluster: str) -> str:
    """A character by its plainer form, if it has one; else as it is, in a font for other scripts."""
    char = cluster[0]
    if unicodedata.category(char)[0] in "ZC":
        return " " if unicodedata.category(char)[0] == "Z" else ""
    plain = unicodedata.normalize("NFKC", cluster).replace("\u2044", "/")
    if plain != cluster and not unicodedata.name(char, "").startswith(("HANGUL", "ARABIC", "HEBREW", "CIRCLED")):
        return "".join(map(_typed, _CLUSTER.findall(plain)))
    return f"\\foreign{{{cluster}}}"


def _run_together(typed: str) -> str:
    """Neighbouring foreign characters as one run."""
    while True:
        joined = _FOREIGN_RUN.sub(r"\\foreign{\1", typed)
        if joined == typed:
            return typed
        typed = joined
