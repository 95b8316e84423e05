"""Formulas as Unicode's characters, where these say all of a formula: σ², Tₙ ≤ x̂ᵢ, f ∈ 𝒞(ℝ)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from vary_cli.formula import signs, typeset
from vary_cli.formula.commands import NAMED, OPERATORS
from vary_cli.formula.spelling import ESCAPED, SAME, spelled

RAISED = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ",
        strict=True,
    )
)
LOWERED = dict(zip("0123456789+-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
"""Characters, and those that say them higher up or lower down."""
OVER = {"\\hat": "\u0302", "\\tilde": "\u0303", "\\bar": "\u0304", "\\dot": "\u0307", "\\ddot": "\u0308"}
"""Accents, and the characters that put them on the letter before."""
ALPHABETS = ("\\mathbb", "\\mathcal", "\\mathfrak", "\\mathbf")
APART = frozenset("=<>≤≥≈≡∼∝→∈∉≠≪≫⊂⊆⊇⊃⇒⇔≅≃+−±∓×÷∩∪⊕⊗∧∨←↦≔")
"""Relations and operations: blanks stand around them, unless they are signs of what follows."""
OPENING = frozenset("([{⟨,;=<>≤≥≈≡∼∝→∈∉≠≪≫⊂⊆⊇⊃⇒⇔≅≃↦≔")
"""After these a plus or minus is a sign."""
_WORD = re.compile(r"\\(mathrm|text)\{(.*)\}")


class Unsaid(Exception):
    """Something that is not said by characters in a row."""


def plain(latex: str) -> str | None:
    """A formula in characters; None where they do not say all of it."""
    said = spelled(typeset(latex, display=False) or "")
    if said is None:
        return None
    try:
        return unicodedata.normalize("NFC", row(said.split())) or None
    except Unsaid:
        return None


def row(tokens: list[str]) -> str:
    """Tokens of a spelling as characters. Raises Unsaid."""
    said, token, rest = "", "", list(reversed(tokens))
    while rest:
        before, token = token, rest.pop()
        if token in ("_", "^"):
            if before[1:] in OPERATORS:  # limits stand under and over it
                raise Unsaid
            kind = LOWERED if token == "_" else RAISED
            inner = row(group(rest)).replace(" ", "").replace("−", "-")
            if not said or said[-1].isspace() or not inner or any(char not in kind for char in inner):
                raise Unsaid
            said += "".join(kind[char] for char in inner)
        elif token in OVER or token in ALPHABETS:
            said += lettered(token, group(rest))
        else:
            said = joined(said, character(token), bool(rest) and rest[-1] == "(")
    return said.strip()


def group(rest: list[str]) -> list[str]:
    """The next token, or the tokens in the next braces; they are taken."""
    if not rest:
        raise Unsaid
    if (token := rest.pop()) != "{":
        return [token]
    taken: list[str] = []
    depth = 1
    while rest:
        token = rest.pop()
        depth += {"{": 1, "}": -1}.get(token, 0)
        if not depth:
            return taken
        taken.append(token)
    raise Unsaid


def lettered(command: str, inner: list[str]) -> str:
    """A letter under an accent, or letters of another alphabet."""
    letters = row(inner)
    if not letters.isalpha() or (command in OVER and len(letters) > 1):
        raise Unsaid
    if command in OVER:
        return letters + OVER[command]
    if not all(f"{command}{{{letter}}}" in characters() for letter in letters):
        raise Unsaid
    return "".join(characters()[f"{command}{{{letter}}}"] for letter in letters)


def character(token: str) -> str:
    """What one token shows. Raises Unsaid for what is no character."""
    if (word := _WORD.fullmatch(token)) is not None:
        return word[2]
    if token[1:] in NAMED:
        return token[1:]
    if token[1:] in ESCAPED and token[0] == "\\":
        return token[1:]
    if len(token) == 1 and token not in "{}&~":
        return {"-": "−", "'": "′", "*": "∗"}.get(token, token)
    if (said := characters().get(token)) is None:
        raise Unsaid
    return said


def joined(said: str, shown: str, called: bool) -> str:
    """What was said and what follows, with a blank between where one is usual; `called`: a bracket comes next."""
    if len(shown) > 1:
        before = " " if said and (said[-1].isalnum() or said[-1] in ")]") else ""
        return f"{said}{before}{shown}{'' if called else ' '}"
    if shown in APART:
        bare = said.rstrip()
        is_sign = shown in "+−±∓" and (not bare or bare[-1] in OPENING)
        return f"{said}{shown}" if is_sign else f"{bare} {shown} ".lstrip()
    return said + shown + (" " if shown in ",;" else "")


@cache
def characters() -> dict[str, str]:
    """LaTeX of single characters, and the characters."""
    found: dict[str, str] = {}
    for char in signs.known():
        latex = signs.in_math(char) or ""
        found.setdefault(SAME.get(latex, latex), char)
    return {**found, "\\ldots": "…", "\\cdots": "⋯", "\\cdot": "·", "\\|": "‖", "\\mu": "μ"}
