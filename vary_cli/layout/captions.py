"""The numbers of captions: a letter that looks like a one is a one where the text around speaks of that table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vary_cli.document import Line
from vary_cli.example import Glyph

_NAMED = re.compile(r"([A-Z][a-z]+\.?) 1\b")
_LETTER = re.compile(r"([A-Z][a-z]+\.?) ([Il])(?=[:.])")


def told(found: Sequence[tuple[Line, Sequence[Glyph]]]) -> Iterator[tuple[Line, Sequence[Glyph]]]:
    """The lines of a page and what was read on each: "Table I:" is Table 1, if that is spoken of elsewhere."""
    texts = ["".join(glyph.char for glyph in glyphs) for _, glyphs in found]
    named = {one[1] for text in texts for one in _NAMED.finditer(text)}
    for (line, glyphs), text in zip(found, texts, strict=True):
        caption = _LETTER.match(text)
        if caption and caption[1] in named:
            place = caption.start(2)
            yield line, [*glyphs[:place], glyphs[place]._replace(char="1"), *glyphs[place + 1 :]]
        else:
            yield line, glyphs
