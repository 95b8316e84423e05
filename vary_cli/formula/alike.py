"""What looks the same in a formula is said the same: accents of a letter, letters of an alphabet, fences that grow."""

from __future__ import annotations

import re
from collections.abc import Sequence

TALL = re.compile(
    r"\\(?:frac|binom|sum|prod|coprod|int|iint|iiint|oint|big[a-z]+|sqrt|begin|substack|over\w+|under\w+|stackrel|lim)\b"
)
"""What makes the fence around it grow."""
PAIRS = {"(": ")", "[": "]", "\\{": "\\}", "\\langle": "\\rangle", "\\lfloor": "\\rfloor", "\\lceil": "\\rceil"}
"""Fences of which both sides are told."""
LOOKS = {
    r"\mathfrak { R }": r"\Re",
    r"\mathfrak { I }": r"\Im",
    r"\not =": r"\neq",
    r"\not \in": r"\notin",
    ". . .": r"\ldots",
}
"""Tokens in turn that one command says as well."""
_LOOKS = re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, LOOKS))})(?!\S)")
_OPENING = re.compile(r"\{$|\\begin|\\left(?![a-z])")
_CLOSING = re.compile(r"\}$|\\end|\\right(?![a-z])")
_ALPHABET = r"\\(?:math(?:bf|it|sf|tt|cal|bb|frak|scr)|boldsymbol)"
_ONE = rf"\{{ (?:\S+|{_ALPHABET} \{{ \S+ \}}) \}}"
_WIDE = re.compile(rf"\\wide(hat|tilde)(?= {_ONE})")
_NARROW = re.compile(rf"\\(hat|tilde)(?= (?!{_ONE}))")
_APART = re.compile(rf"({_ALPHABET}) \{{ ([^{{}}]*) \}} \1 \{{")


def alike(row: Sequence[str]) -> str:
    """The tokens of a formula in the one way to say what they show."""
    said = _LOOKS.sub(lambda found: LOOKS[found[0]], " ".join(grown(row)))
    said = _NARROW.sub(r"\\wide\1", _WIDE.sub(r"\\\1", said))
    while said != (said := _APART.sub(r"\1 { \2", said)):
        continue
    return said


def grown(row: Sequence[str]) -> list[str]:
    r"""Fences around what is tall by \left and \right, where both sides stand in one group and cell."""
    said = list(row)
    open_: list[list[int]] = [[]]
    for i, token in enumerate(row):
        if _OPENING.match(token):
            open_.append([])
        elif _CLOSING.match(token) and len(open_) > 1:
            open_.pop()
        elif token in ("&", "\\\\"):
            open_[-1].clear()
        elif token in PAIRS and row[max(0, i - 1)] != "\\sqrt":
            open_[-1].append(i)
        elif open_[-1] and token == PAIRS[row[open_[-1][-1]]]:
            first = open_[-1].pop()
            if any(map(TALL.match, row[first:i])):
                said[first], said[i] = f"\\left{row[first]}", f"\\right{token}"
    return said
