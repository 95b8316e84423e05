"""What can be seen of a formula: its characters, counted, whatever they stand beside. Bars, accents and room aside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from vary_cli.formula.commands import NAMED, words
from vary_cli.formula.spelling import sign

MUTE = words(r"""
{ } ^ _ & \\ ~ . \frac \overset \underset \stackrel \substack \overline \underline \overrightarrow \mathbf \mathit
\mathsf \mathtt \mathcal \mathbb \mathfrak \mathscr \mathnormal \boldsymbol \boxed \phantom \quad \not \limits \hat
\check \breve \acute \grave \tilde \bar \vec \dot \ddot \dddot \mathring \widehat \widetilde
""")
"""Tokens that are seen as no character, or as one that is hardly told."""
LOOKS = {r"\sqrt": "√", r"\binom": "()", r"\|": "∥", **dict.fromkeys((r"\ldots", r"\cdots", r"\vdots", r"\ddots"), "")}
FENCES: dict[str, Sequence[str]] = {
    "pmatrix": "()",
    "bmatrix": "[]",
    "Bmatrix": (r"\{", r"\}"),
    "vmatrix": "||",
    "Vmatrix": "∥∥",
    "cases": (r"\{",),
}
"""What environments stand between."""
SAME = {
    r"\Re": "R",
    r"\Im": "I",
    **{rf"\big{name}": rf"\{name}" for name in ("oplus", "otimes", "odot", "cup", "cap", "vee", "wedge", "sqcup")},
    **{rf"\var{name}": rf"\{name}" for name in ("phi", "epsilon", "theta", "rho", "pi", "sigma", "kappa")},
}
"""Signs that are told apart by their size, or by fonts in their own way; letters of Fraktur with names of their own."""
UNTOLD = frozenset("^~¨¯´`ˆ˜˙…⋯⋮⋱.·")
"""Characters that are accents, or dots of which nobody knows how many stand there."""
WORDS = re.compile(r"\\(?:text\w*|mathrm|operatorname)\{([^{}]*)\}")
"""Words in a spelling."""
_LETTERED = re.compile(r"\\math\w+\{(.)\}")
_DEGREE = re.compile(r"\\sqrt \[ (.*?) \]")
_FENCE = re.compile(r"\\(?:left|right|middle|[bB]ig+[lrm]?)(?=\W)")


def written(spelling: str) -> Counter[str]:
    """The characters that a formula in its one spelling shows."""
    said = "".join("".join(found[1].split()) for found in WORDS.finditer(spelling))
    rest = _DEGREE.sub(r"\\sqrt \1", WORDS.sub(" ", spelling))
    return Counter([*said, *(char for token in rest.split() for char in shown(token))])


def shown(token: str) -> Iterable[str]:
    """What one token of a spelling shows."""
    if found := re.fullmatch(r"\\(begin|end)\{(\w+)\}(?:\{.*\})?", token):
        fence = FENCES.get(found[2], ())
        return fence[:1] if found[1] == "begin" else fence[1:]
    token = _FENCE.sub("", token)
    if token in MUTE:
        return ""
    if token in LOOKS:
        return LOOKS[token]
    if token[:1] == "\\" and token[1:] in NAMED:
        return token[1:]
    return [SAME.get(token, token)]


def named(chars: Iterable[str]) -> Counter[str]:
    """Characters as they were named, as a spelling would have them."""
    return Counter(look for char in chars for look in _look(char))


def _look(char: str) -> Iterator[str]:
    said = sign(char)
    if lettered := _LETTERED.fullmatch(said or ""):
        said = lettered[1]
    if char in UNTOLD or not char.strip():
        return
    yield "√" if char == "√" else "∥" if char in "∥‖" else SAME.get(said or char, said or char)


def unlike(spelling: str, chars: Iterable[str]) -> float:
    """Share of a formula's characters that were written and not named, or named and not written."""
    one, other = written(spelling), named(chars)
    off = sum((one - other).values()) + sum((other - one).values())
    return off / max(1, sum(one.values()) + sum(other.values()))
