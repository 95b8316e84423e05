"""Documents that are written to be typeset: blocks of Markdown, each with the footnotes that it calls.

What a page shows is typeset from the very Markdown that is its answer, so the two cannot differ. Knows no picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Block(NamedTuple):
    """One block of a document: a heading, a paragraph, a list, a table, code, a formula, a quotation."""

    text: str
    """Its Markdown, with [^1] where a footnote is called."""
    notes: tuple[tuple[str, str], ...] = ()
    """The footnotes it calls: label and inline Markdown."""

    @property
    def whole(self) -> str:
        """The block with its footnotes, as a document of its own."""
        return "\n\n".join([self.text, *(f"[^{label}]: {text}" for label, text in self.notes)])


def markdown(blocks: Sequence[Block]) -> str:
    """The blocks as one Markdown text, footnotes at its end."""
    notes = [f"[^{label}]: {text}" for block in blocks for label, text in block.notes]
    return "\n\n".join([*(block.text for block in blocks), *notes])
