"""The words of a model that is trained from scratch: a tokenizer learned from what data sets answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tokenizers import Tokenizer

from vary_cli.example import FORMULA
from vary_cli.finetune import translations
from vary_cli.finetune.mixture import Entry
from vary_cli.formula.spelling import sign
from vary_cli.model.repertoire import COMMON
from vary_cli.model.tokenizer import trained

OFTEN = 200  # times that each sign is said: so often that it becomes an entry of its own


def learned(entries: Iterable[Entry], size: int) -> Tokenizer:
    """A tokenizer of `size` entries from answers; every sign that a glyph head can name is one of them."""
    return trained(said(entries), size)


def said(entries: Iterable[Entry]) -> Iterator[str]:
    """The answers as a decoder writes them, and the signs."""
    for entry in entries:
        if entry.prompt != FORMULA:
            yield entry.text
        elif (spelling := translations.answer(entry.text)) is not None:
            yield f" {spelling}"
    for char in COMMON:
        yield f" {sign(char) or char}" * OFTEN
        yield f" {char}" * OFTEN
