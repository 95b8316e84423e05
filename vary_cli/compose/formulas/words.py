"""How the characters of formulas are typed in LaTeX: signs, letters with their alphabets, names of functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vary_cli.compose.formulas.glyphs import Item
from vary_cli.formula.signs import in_math, is_italic, upright

_FUNCTIONS = """arccos arcsin arctan arg
cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup ln log
max min Pr sec sin sinh sup tan tanh"""
FUNCTIONS = frozenset(_FUNCTIONS.split())
LIMITED = frozenset(["lim", "max", "min", "sup", "inf", "liminf", "limsup", "det", "gcd", "Pr"])
"""Functions that have limits below."""
_ASCII = {
    "%": r"\%",
    "#": r"\#",
    "$": r"\$",
    "&": r"\&",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "\\": r"\backslash",
    "~": r"\sim",
    "^": r"\hat{}",
}
_PLAIN = {
    "∗": "*",
    "−": "-",
    "′": "'",
    "‐": "-",
    "–": "-",
    "·": r"\cdot",
    "…": r"\ldots",
    "|": "|",
    "∣": r"\mid",
    "≔": ":=",
    "∕": "/",
    "×": r"\times",
}
CIRCLES = {"⊕": r"\bigoplus", "⊗": r"\bigotimes", "⊙": r"\bigodot", "⊔": r"\bigsqcup"}
"""Signs that are also operators with limits, and these operators."""
CLOSE = 0.12
"""Room within a word, ems."""


def typed(char: str) -> str | None:
    """A character in math mode; None if it has no place there."""
    if is_italic(char):
        char = upright(char)
    if char in _PLAIN:
        return _PLAIN[char]
    if char in _ASCII:
        return _ASCII[char]
    return char if char.isascii() else in_math(char)


def runs(found: Sequence[Item]) -> Iterator[list[Item]]:
    """Items of a row, upright letters that make a word together and digits of a number together."""
    run: list[Item] = []
    for item in found:
        if run and not _goes_on(run[-1], item):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _goes_on(a: Item, b: Item) -> bool:
    if not (
        a.is_glyph
        and b.is_glyph
        and abs(a.size - b.size) < 0.1 * a.size
        and abs(a.baseline - b.baseline) < 0.1 * a.size
    ):
        return False
    letters = all(
        item.latex.isalpha() and item.latex.isascii() and not item.italic and not item.math for item in (a, b)
    )
    numbers = ((a.latex.isdigit() or a.latex == ".") and b.latex.isdigit()) or (a.latex.isdigit() and b.latex == ".")
    return ((letters and a.bold == b.bold) or numbers) and b.box[0] - a.box[2] < CLOSE * a.size


def word(run: Sequence[Item]) -> str | None:
    """What a run is typed as; None if a character has no place in a formula."""
    first = run[0]
    if not first.is_glyph:
        return first.latex
    text = "".join(item.latex for item in run)
    if len(run) > 1 and text.isalpha():
        if text in FUNCTIONS and not first.bold:
            return f"\\{text}"
        if len(run) > 2 or not first.bold:
            return f"\\{'mathbf' if first.bold else 'mathrm'}{{{text}}}"
        return "".join(_in_alphabet(char, first) for char in text)
    if text in CIRCLES and is_large(first):
        return CIRCLES[text]
    typed_all = [typed(char) for char in text]
    if any(part is None for part in typed_all):
        return None
    latex = "".join(part for part in typed_all if part is not None)
    return _in_alphabet(latex, first)


def is_large(item: Item) -> bool:
    """Whether a sign is as high as an operator with limits."""
    return item.box[3] - item.box[1] > 0.95 * item.size


def _in_alphabet(latex: str, item: Item) -> str:
    """A letter in the alphabet of its font."""
    letter = bool(re.fullmatch(r"[A-Za-z]|\\[A-Za-z]+", latex)) and item.latex.isalpha()
    if not letter or ord(item.latex) >= 0x1D400:
        return latex
    if item.bold:
        return f"\\mathbf{{{latex}}}" if not item.italic and latex.isalpha() else f"\\boldsymbol{{{latex}}}"
    upright = latex.isalpha() and not item.italic and not item.math
    return f"\\mathrm{{{latex}}}" if upright else latex


def joined(parts: Sequence[str]) -> str:
    """Pieces of LaTeX, with a blank where a command would swallow a letter."""
    text = ""
    for part in parts:
        if not part:
            continue
        gap = (re.search(r"\\[A-Za-z]+$", text) and part[0].isalpha()) or (
            re.fullmatch(r"\\[A-Za-z]+", part) and text and text[-1] not in "{ ("
        )
        text += (" " if gap else "") + part
    return _united(text)


def _united(latex: str) -> str:
    """LaTeX with neighbours in one alphabet together."""
    last = ""
    while last != latex:
        last = latex
        latex = re.sub(r"\\(math[a-z]+|boldsymbol)\{([A-Za-z]+)\} ?\\\1\{([A-Za-z]+)\}", r"\\\1{\2\3}", latex)
    return latex
