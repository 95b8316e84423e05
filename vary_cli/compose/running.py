"""Running heads and feet: what stands at their left, middle and right are texts of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vary_cli.compose import inline
from vary_cli.document import Line, Region

APART = 0.9
"""Ems between two texts of a head; a blank is narrower."""


def texts(region: Region, said: Sequence[str]) -> list[str]:
    """The texts of a head, one after the other, without their looks."""
    return [text for line, words in zip(region.lines, said, strict=True) for text in parted(line, words) if text]


def parted(line: Line, words: str) -> Iterator[str]:
    """A line's text, cut at its wide gaps where it is the one that the spans place."""
    if words.strip() != line.text.strip():
        yield " ".join(words.split())
        return
    text, end = "", None
    for span in line.spans:
        for char, left, right in zip(span.text, span.edges, span.edges[1:], strict=False):
            if char.isspace():
                text += " "
                continue
            if end is not None and left - end > APART * span.size:
                yield " ".join(text.split())
                text = ""
            text, end = text + char, right
    yield " ".join(text.split())


def markdown(found: Sequence[str]) -> str:
    """Texts of heads as paragraphs."""
    return "\n\n".join(inline.guarded(inline.markdown(inline.signs(text, ()))) for text in found)


def is_number(text: str) -> bool:
    """Whether a text is a page's number: '12', '– 12 –', 'xiv', '12 / 57'."""
    return bool(re.fullmatch(r"[\W\d_]*|\W*[ivxlc]+\W*", text))
