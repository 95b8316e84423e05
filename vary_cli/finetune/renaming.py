"""Formulas with other letters: what a decoder has seen a hundred times it would soon know by heart, and not read.

Letters, digits and Greek are exchanged for others whose ink reaches as far up and down, the same for the same, on the
picture and in what is to be written of it. Letters of words, of other alphabets and of differentials stay.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from vary_cli.formula.commands import NAMED
from vary_cli.formula.spelling import sign
from vary_cli.formula.visible import WORDS
from vary_cli.model.marks import Marks

ALIKE = (
    "acemnorsuvwxz",
    "bhk",
    "gpqy",
    "ABCDEFGHKLMNOPRSTUVWXYZ",
    "23456789",
    "αικνπστυω",
    "γημχ",
    "βζξψ",
    "ΓΔΘΛΞΠΣΦΨΩ",
)
"""Characters that reach as high and as low, about."""
_TOKEN = re.compile(rf"{WORDS.pattern}|\S+")


def renamed(marks: Marks, said: str, chance: random.Random) -> tuple[Marks, str]:
    """The marks of a formula and its spelling, with other letters."""
    tokens = [found[0] for found in _TOKEN.finditer(said)]
    kept = set(fixed(tokens)) | {base for char in marks.chars if (base := unicodedata.normalize("NFKC", char)) != char}
    other = {char: chance.choice(kind) for kind in ALIKE for char in kind if char in marks.chars and char not in kept}
    spelled = {sign(char): str(sign(new)) for char, new in other.items()}
    chars = tuple(other.get(char, char) for char in marks.chars)
    return replace(marks, chars=chars), " " + " ".join(spelled.get(token, token) for token in tokens)


def fixed(tokens: list[str]) -> Iterator[str]:
    """Characters of words and of names."""
    for token in tokens:
        word = WORDS.fullmatch(token)
        if word is not None:
            yield from word[1]
        elif (name := token.removeprefix("\\")) in NAMED:
            yield from name
