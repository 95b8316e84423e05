"""A text layer's characters as claims about a strip, and the judgement of the glyph head on them.

A claim is seen if the network gives its character (or one of the same look) some probability at its place. Layers are
right nearly everywhere or wrong throughout: a line that the network reads otherwise as a whole is read anew, a word
only where it is plain text and the network is sure of other letters, one for one. All else the layer keeps, unverified.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from vary_cli.document import Account
from vary_cli.example import UNKNOWN
from vary_cli.model.glyphs import SLOTS, GlyphHead, ReadGlyph
from vary_cli.model.repertoire import plain

PLAUSIBLE = 0.02  # least probability of a claim that the network sees
SURE = 0.97  # least probability of a character that the network has no doubt about
CLEAR = 0.85  # share of such characters in a line that is read clearly
SHORTEST = 8  # characters of a line that may be read anew as a whole
REACH = SLOTS  # slots left and right of a claim's place within which it may be seen
ALIKE = (
    *("-–—−_", "'’‘′´`‚,", '"“”„″', "lI1|∣ıi!", "O0oQ", ".·•⋅∙", "~∼～", "*∗", "xX×", "sS5", "zZ2"),
    *("（(", "）)", ":：", ";；", ",，", "!！", "?？", "cC", "vV", "wW", "pP", "kK", "uU"),
)


class Claim(NamedTuple):
    """A character that a text layer says stands at `x` (centre, in cells from the strip's left edge)."""

    char: str
    x: float
    script: bool = False
    """Raised, lowered or small: strips show such characters badly."""


def settle(
    head: GlyphHead, tokens: Tensor, seen: Sequence[ReadGlyph], claims: Sequence[Claim]
) -> tuple[tuple[ReadGlyph, ...], Account]:
    """The characters of a line, claims and reading weighed, and the account. tokens (cells, width)."""
    if not claims:
        return tuple(seen), Account(read=len(seen))
    odds = probabilities(head, tokens, claims)
    if is_false(list(zip(claims, odds, strict=True)), seen):
        return tuple(seen), Account(corrected=sum(not glyph.char.isspace() for glyph in seen))
    words = [settle_word(word, seen) for word in split(claims, odds)]
    return tuple(g for found, _ in words for g in found), sum((account for _, account in words), Account())


Weighed = tuple[Claim, float | None]  # a claim and its probability; None: outside the repertoire


def split(claims: Sequence[Claim], odds: Sequence[float | None]) -> Iterator[list[Weighed]]:
    """Words with the space after them."""
    word: list[Weighed] = []
    for claim, p in zip(claims, odds, strict=True):
        word.append((claim, p))
        if claim.char.isspace():
            yield word
            word = []
    if word:
        yield word


def is_false(line: Sequence[Weighed], seen: Sequence[ReadGlyph]) -> bool:
    """Whether a line is read clearly, and most of what the layer says is not what is read.

    Scripts that the network does not know, as Cyrillic, are read as what they look like, but never clearly.
    """
    letters = [(claim, p) for claim, p in line if not claim.char.isspace()]
    reading = [glyph for glyph in seen if not glyph.char.isspace()]
    if len(letters) < SHORTEST or len(reading) < 0.7 * len(letters):
        return False
    strange = sum(is_strange(claim, p) for claim, p in letters)
    return strange > 0.5 * len(letters) and sum(map(is_sure, reading)) >= CLEAR * len(reading)


def is_strange(claim: Claim, p: float | None) -> bool:
    """Whether a claim is not seen, or says a letter of a foreign script; formulas are nothing strange."""
    if p is not None:
        return p < PLAUSIBLE and not claim.script
    return claim.char.isalpha() and not unicodedata.name(claim.char, "").startswith(("MATHEMATICAL", "GREEK"))


def is_sure(glyph: ReadGlyph) -> bool:
    """Whether the network has no doubt about a character."""
    return glyph.probability >= SURE and glyph.char != UNKNOWN


def settle_word(word: Sequence[Weighed], seen: Sequence[ReadGlyph]) -> tuple[tuple[ReadGlyph, ...], Account]:
    """One word: the layer's or the model's."""
    said = tuple(ReadGlyph(c.char, c.x, 1.0 if p is None else p) for c, p in word)
    letters = [(c, p) for c, p in word if not c.char.isspace()]
    verified = sum(p is not None and p >= PLAUSIBLE for _, p in letters)
    kept = said, Account(verified=verified, unverified=len(letters) - verified)
    if not is_plain(letters) or verified == len(letters) or len(letters) < 2:
        return kept
    low, high = letters[0][0].x - 0.6, letters[-1][0].x + 0.6
    reading = tuple(g for g in seen if low <= g.x <= high and not g.char.isspace())
    if len(reading) != len(letters) or not all(map(is_sure, reading)):
        return kept
    return reading + tuple(g for g in said if g.char.isspace()), Account(corrected=len(reading))


def is_plain(letters: Sequence[Weighed]) -> bool:
    """Whether the network can tell all characters of a word, and none of them is a script."""
    return all(p is not None and not claim.script for claim, p in letters)


@torch.inference_mode()
def probabilities(head: GlyphHead, tokens: Tensor, claims: Sequence[Claim]) -> list[float | None]:
    """Of each claim, the best probability of its look near its place; None outside the repertoire."""
    common = F.softmax(head(tokens[None])[0].float(), -1)  # (slots, classes)
    cells = len(tokens)
    han = [i for i, c in enumerate(claims) if head.repertoire.ids(plain(c.char))[1] >= 0]
    named = han_probabilities(head, tokens, [claims[i] for i in han])
    out: list[float | None] = []
    for i, claim in enumerate(claims):
        place = min(max(int(SLOTS * claim.x), 0), SLOTS * cells - 1)
        near = common[max(0, place - REACH) : place + REACH + 1]
        out.append(look_probability(head, near, claim.char) if i not in han else None)
    for i, p in zip(han, named, strict=True):
        out[i] = p
    return out


def look_probability(head: GlyphHead, near: Tensor, char: str) -> float | None:
    """Best probability over some slots (n, classes) that `char`, or what looks like it, stands there."""
    if char.isspace():
        return 1.0
    looks = {plain(char)[:1] or " "}
    looks |= {c for group in ALIKE if looks & set(group) for c in group}
    classes = [head.repertoire.ids(c)[0] for c in looks]
    known = [c for c in classes if c != head.repertoire.ids(UNKNOWN)[0]]
    return float(near[:, known].sum(-1).max()) if known else None


def han_probabilities(head: GlyphHead, tokens: Tensor, claims: Sequence[Claim]) -> list[float]:
    """Best probability near each claim's cell that its Han character stands there, given that one does."""
    if not claims:
        return []
    centres = torch.tensor([min(max(int(c.x), 0), len(tokens) - 1) for c in claims])
    near = torch.stack([(centres + d).clamp(0, len(tokens) - 1) for d in (-1, 0, 1)], 1)  # (claims, 3)
    odds = F.softmax(head.han(tokens[near]).float(), -1)  # (claims, 3, han)
    index = torch.tensor([head.repertoire.ids(plain(c.char))[1] for c in claims], device=odds.device)
    return odds.gather(2, index[:, None, None].expand(-1, 3, 1)).amax((1, 2)).tolist()
