"""How Unicode's signs are typed in TeX's math mode: Greek, operators, arrows, letters of mathematical alphabets."""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import cache

_NAMED = """
¬ neg  ± pm  × times  ÷ div  · cdot  … ldots  ′ prime  ″ prime\\prime  ∂ partial  ∇ nabla  ∆ Delta  ∑ sum
∏ prod  ∐ coprod  ∫ int  ∬ iint  ∭ iiint  ∮ oint  √ surd  ∞ infty  ∝ propto  ∠ angle  ∣ mid  ∤ nmid  ∥ parallel
∦ nparallel  ∧ wedge  ∨ vee  ∩ cap  ∪ cup  ∴ therefore  ∵ because  ∼ sim  ≁ nsim  ≃ simeq  ≅ cong  ≈ approx
≉ not\\approx  ≍ asymp  ≐ doteq  ≔ mathrel{:=}  ≠ neq  ≡ equiv  ≢ not\\equiv  ≤ leq  ≥ geq  ≦ leqq  ≧ geqq
⩽ leqslant  ⩾ geqslant  ≪ ll  ≫ gg  ≺ prec  ≻ succ  ⪯ preceq  ⪰ succeq  ≲ lesssim  ≳ gtrsim  ≮ nless  ≯ ngtr
≰ nleq  ≱ ngeq  ⊂ subset  ⊃ supset  ⊄ not\\subset  ⊆ subseteq  ⊇ supseteq  ⊊ subsetneq  ⊋ supsetneq  ⊈ nsubseteq
⊎ uplus  ⊏ sqsubset  ⊑ sqsubseteq  ⊓ sqcap  ⊔ sqcup  ⊕ oplus  ⊖ ominus  ⊗ otimes  ⊘ oslash  ⊙ odot  ⊢ vdash
⊣ dashv  ⊤ top  ⊥ bot  ⊨ models  ⊲ vartriangleleft  ⊳ vartriangleright  ⋀ bigwedge  ⋁ bigvee  ⋂ bigcap  ⋃ bigcup
⋄ diamond  ⋅ cdot  ⋆ star  ⋈ bowtie  ⋉ ltimes  ⋊ rtimes  ⋮ vdots  ⋯ cdots  ⋱ ddots  ∀ forall  ∁ complement
∃ exists  ∄ nexists  ∅ varnothing  ∈ in  ∉ notin  ∋ ni  ∌ not\\ni  ∖ setminus  ∗ ast  ∘ circ  ∙ bullet  − -
∓ mp  ∕ /  ∶ mathrel{:}  ∷ mathrel{::}  ← leftarrow  ↑ uparrow  → rightarrow  ↓ downarrow  ↔ leftrightarrow
↕ updownarrow  ↖ nwarrow  ↗ nearrow  ↘ searrow  ↙ swarrow  ↛ nrightarrow  ↚ nleftarrow  ↠ twoheadrightarrow
↣ rightarrowtail  ↦ mapsto  ↩ hookleftarrow  ↪ hookrightarrow  ↺ circlearrowleft  ↻ circlearrowright
↼ leftharpoonup  ⇀ rightharpoonup  ⇁ rightharpoondown  ⇋ leftrightharpoons  ⇌ rightleftharpoons  ⇐ Leftarrow
⇑ Uparrow  ⇒ Rightarrow  ⇓ Downarrow  ⇔ Leftrightarrow  ⇝ rightsquigarrow  ⟵ longleftarrow  ⟶ longrightarrow
⟷ longleftrightarrow  ⟸ Longleftarrow  ⟹ Longrightarrow  ⟺ Longleftrightarrow  ⟼ longmapsto  ⟨ langle  ⟩ rangle
〈 langle  〉 rangle  ⌈ lceil  ⌉ rceil  ⌊ lfloor  ⌋ rfloor  ‖ Vert  ⟦ mathopen{[\\![}  ⟧ mathclose{]\\!]}  ℓ ell
ℏ hbar  ℘ wp  ℜ Re  ℑ Im  ℵ aleph  ı imath  ȷ jmath  ð eth  † dagger  ‡ ddagger  • bullet  ° {}^\\circ  □ square
■ blacksquare  ▪ blacksquare  ▫ square  ◻ square  ◼ blacksquare  △ triangle  ▲ blacktriangle  ▷ triangleright
▶ blacktriangleright  ▽ triangledown  ▼ blacktriangledown  ◁ triangleleft  ◀ blacktriangleleft  ◇ Diamond
◊ lozenge  ◆ blacklozenge  ○ bigcirc  ● bullet  ◦ circ  ◯ bigcirc  ★ bigstar  ☆ star  ♠ spadesuit  ♡ heartsuit
♢ diamondsuit  ♣ clubsuit  ♥ heartsuit  ♦ diamondsuit  ♭ flat  ♮ natural  ♯ sharp  ✓ checkmark  ✔ checkmark
✠ maltese  ‰ text{\\textperthousand}  ϕ phi  φ varphi  ϵ epsilon  ε varepsilon  ϑ vartheta  ϖ varpi  ϱ varrho
ς varsigma  ϰ varkappa  ϝ digamma  µ mu  Ω Omega  Å mathring{A}
"""
ACCENTS = dict(zip("\u0300\u0301\u0302\u0303\u0304\u0307\u0308\u20d7", "`´^~¯·¨→", strict=True))
"""What Unicode puts over the letter before, and the sign that looks like it when it stands alone."""
_ALPHABETS = {
    "BOLD": "mathbf",
    "ITALIC": "mathit",
    "BOLD ITALIC": "boldsymbol",
    "SCRIPT": "mathcal",
    "BOLD SCRIPT": "mathcal",
    "FRAKTUR": "mathfrak",
    "BLACK-LETTER": "mathfrak",
    "BOLD FRAKTUR": "mathfrak",
    "DOUBLE-STRUCK": "mathbb",
    "SANS-SERIF": "mathsf",
    "SANS-SERIF BOLD": "mathsf",
    "SANS-SERIF ITALIC": "mathsf",
    "SANS-SERIF BOLD ITALIC": "mathsf",
    "MONOSPACE": "mathtt",
}
LISTED = 4
"""Letters of such an alphabet, one after the other: a list of them."""
_ALPHABET = re.compile(
    rf"(?:MATHEMATICAL )?({'|'.join(sorted(_ALPHABETS, key=len, reverse=True))}) "
    r"(?:(?:CAPITAL|SMALL|DIGIT) |\w+ SYMBOL$|NABLA$|PARTIAL )"
)
DRAWN = frozenset(["mathcal", "mathbb", "mathfrak"])
"""Alphabets whose letters look other than those of text,"""
ONLY_CAPITALS = frozenset(["mathcal", "mathbb"])
"""and those of them without small letters."""
_LETTERS = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega
"""
_GREEK = re.compile(r"GREEK (CAPITAL|SMALL) LETTER (\w+)")
_LATIN_LOOKS = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo", strict=True))


@cache
def _named() -> dict[str, str]:
    words = _NAMED.split()
    return {sign: _command(name) for sign, name in zip(words[::2], words[1::2], strict=True)}


def _command(name: str) -> str:
    return f"\\{name}" if name[0].isalpha() else name


@cache
def in_math(char: str) -> str | None:
    """How a character that is not ASCII is typed in math mode: 'α' -> '\\alpha'. None if it has no place there."""
    return _named().get(char) or _greek(char) or _alphabet(char) or _script(char)


def _greek(char: str) -> str | None:
    if char in _LATIN_LOOKS:
        return f"\\mathrm{{{_LATIN_LOOKS[char]}}}"
    name = _GREEK.fullmatch(unicodedata.name(char, ""))
    if name is None:
        return None
    letter = {"LAMDA": "lambda"}.get(name[2], name[2].lower())
    if letter not in _LETTERS.split():
        return None
    return f"\\{letter.capitalize() if name[1] == 'CAPITAL' else letter}"


def is_lettered(char: str) -> bool:
    """Whether a character is a letter or digit of one of the mathematical alphabets: 'ℝ', '𝒩', '𝑥'."""
    return _font(char) is not None


def are_listed(text: str) -> bool:
    """Whether a text is letters of such alphabets alone, so many that they are listed and not multiplied."""
    letters = "".join(text.split())
    return len(letters) >= LISTED and all(map(is_drawn, letters))


def is_drawn(char: str) -> bool:
    """Whether a character is a letter of the script, the double-struck or the Fraktur alphabet: 'ℝ', '𝒩', '𝔭'."""
    return _font(char) in DRAWN


def is_italic(char: str) -> bool:
    """Whether a character is a letter of the italic alphabet: '𝑥', '𝜚', and its h, which stands elsewhere."""
    return _font(char) == "mathit"


def upright(char: str) -> str:
    """A letter of a mathematical alphabet as itself, '𝜚' -> 'ϱ'; other characters as they are.

    NFKC goes further than that: it takes ϱ, ϵ, ϕ, ϑ and ϖ for ρ, ε, φ, θ and π.
    """
    kind, _, code = unicodedata.decomposition(char).partition(" ")
    return chr(int(code, 16)) if kind == "<font>" else char


def _font(char: str) -> str | None:
    """LaTeX's name for the font of a letter of one of the mathematical alphabets."""
    if char == "ℎ":
        return "mathit"
    name = _ALPHABET.match(unicodedata.name(char, ""))
    return None if name is None else _ALPHABETS[name[1]]


def _alphabet(char: str) -> str | None:
    """A letter of a mathematical alphabet, by the name of its font."""
    font = _font(char)
    plain = upright(char)
    if font is None:
        return None
    if not plain.isascii():
        return in_math(plain)
    return plain if font in ONLY_CAPITALS and not plain.isupper() else f"\\{font}{{{plain}}}"


def _script(char: str) -> str | None:
    """A raised or lowered digit, sign or letter."""
    kind, _, code = unicodedata.decomposition(char).partition(" ")
    mark = {"<super>": "^", "<sub>": "_"}.get(kind)
    if mark is None or " " in code:
        return None
    plain = chr(int(code, 16))
    inner = plain if plain.isascii() else in_math(plain)
    return f"{{}}{mark}{{{inner}}}" if inner else None


def known() -> list[str]:
    """Every character that `in_math` can type, in the order of Unicode."""
    places = itertools.chain(range(0xA1, 0x3100), range(0xA700, 0xA800), range(0x1D400, 0x1D800))
    return [char for char in map(chr, places) if in_math(char)]
