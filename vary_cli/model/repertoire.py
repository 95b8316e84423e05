"""The characters that a glyph head tells apart, and the classes they are known by. Knows neither torch nor pictures.

Characters of one look have one representative: a picture cannot tell them apart, so a target must not.
"""

from __future__ import annotations

import unicodedata

from vary_cli.example import UNKNOWN
from vary_cli.formula.signs import upright
from vary_cli.model.spec import GlyphSpec

ASCII = "".join(map(chr, range(32, 127)))
LATIN_1 = "".join(map(chr, (*range(0xA1, 0xAD), *range(0xAE, 0x100))))
LATIN = LATIN_1 + "ĄąĆćČčĎďĐđĘęĚěĞğİıŁłŃńŇňŐőŒœŘřŚśŞşŠšŤťŮůŰűŸŹźŻżŽž"
GREEK = "ΓΔΘΛΞΠΣΦΨΩαβγδεζηθικλνξοπρςστυφχψωϑϕϵϖϱ"
SIGNS = (
    "‘’“”‚„–—…•‹›†‡‰™€′″‾⁄ℓℏℑℜℵ℘ℕℤℚℝℂ←↑→↓↔↦⇐⇑⇒⇓⇔↪⟶⟹∀∂∃∅∇∈∉∋∏∐∑−∓∗∘√∝∞∠∣∥∧∨∩∪∫∮∴∼≃≅≈≠≡≤≥≪≫≺≻⊂⊃⊆⊇⊕⊖⊗⊙⊢⊣⊤⊥⋀⋁⋂⋃⋅⋆⋮⋯⋱⌈⌉⌊⌋⟨⟩"
    "■□▪▫▲△▶►▼▽◀◆◇○◦●★☆☎☐☑✓✔✗✘♠♣♥♦♪♭♮♯①②③④⑤⑥⑦⑧⑨⑩"
)
RARE_SIGNS = "∖⟺⩽⩾⪯⪰⊎⊔⊓⊨≲≳∬⋄"
SCRIPT = "𝒜ℬ𝒞𝒟ℰℱ𝒢ℋℐ𝒥𝒦ℒℳ𝒩𝒪𝒫𝒬ℛ𝒮𝒯𝒰𝒱𝒲𝒳𝒴𝒵"
DOUBLE_STRUCK = "𝔸𝔹ℂ𝔻𝔼𝔽𝔾ℍ𝕀𝕁𝕂𝕃𝕄ℕ𝕆ℙℚℝ𝕊𝕋𝕌𝕍𝕎𝕏𝕐ℤ"
FRAKTUR = "𝔄𝔅ℭ𝔇𝔈𝔉𝔊ℌℑ𝔍𝔎𝔏𝔐𝔑𝔒𝔓𝔔ℜ𝔖𝔗𝔘𝔙𝔚𝔛𝔜ℨ𝔞𝔟𝔠𝔡𝔢𝔣𝔤𝔥𝔦𝔧𝔨𝔩𝔪𝔫𝔬𝔭𝔮𝔯𝔰𝔱𝔲𝔳𝔴𝔵𝔶𝔷"
ALPHABETS = (SCRIPT, DOUBLE_STRUCK, FRAKTUR)
"""Letters of formulas that mean something else than the plain ones, and look it."""
CJK_SIGNS = "、。〈〉《》「」『』【】〔〕〖〗〜・！（），：；？［］｛｝～￥％＋－＝"
COMMON = "".join(dict.fromkeys(ASCII + LATIN + GREEK + SIGNS + CJK_SIGNS + RARE_SIGNS + "".join(ALPHABETS))) + UNKNOWN
GB2312 = "".join(
    bytes((high, low)).decode("gb2312")
    for high in range(0xB0, 0xF8)
    for low in range(0xA1, 0xFF)
    if not (high == 0xD7 and low > 0xF9)  # the last five places of level 1 are empty
)


SPACES = "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"
SAME_LOOK = str.maketrans(
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + SPACES + "\u2010\u2011\u2012\u2015\u2027\u03bc\u2126\u2206\u02dc\u02c6\u2215\u2016\u25cf",
    "ABEZHIKMNOPTYX" + " " * len(SPACES) + "--–—·µΩΔ~^/∥●",
)
BOLD_ALPHABETS = dict(enumerate(SCRIPT, ord("𝓐"))) | dict(enumerate(FRAKTUR, ord("𝕬")))
"""Bold letters of the alphabets; their weight is told apart from what they are."""


def plain(char: str) -> str:
    """The representative of a character's look: 'ﬁ' -> 'fi', '𝑥' -> 'x', no-break space -> space."""
    if char in COMMON:
        return char
    char = char.translate(SAME_LOOK).translate(BOLD_ALPHABETS)
    if char in COMMON:
        return char
    letter = upright(char) if len(char) == 1 else char
    return letter if letter in COMMON else unicodedata.normalize("NFKC", letter).translate(SAME_LOOK)


class Repertoire:
    """Characters <-> classes. Class 0 is blank, then the common characters, then one that says "Han"."""

    def __init__(self, spec: GlyphSpec) -> None:
        self.common = spec.common
        self.han = spec.han
        self.han_class = len(spec.common) + 1
        self.classes = len(spec.common) + 2
        self._common = {c: i + 1 for i, c in enumerate(spec.common)}
        self._han = {c: i for i, c in enumerate(spec.han)}

    def ids(self, char: str) -> tuple[int, int]:
        """(common class, Han index or -1) of one character."""
        if char in self._han:
            return self.han_class, self._han[char]
        return self._common.get(char, self._common[UNKNOWN]), -1
