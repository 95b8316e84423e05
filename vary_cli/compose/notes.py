"""Footnotes tied to their marks: a raised number in the text, and the note below that begins with it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vary_cli.document import Region

_MARK = re.compile(r"\s*(\d{1,3}|[a-z*∗†‡§¶])\s*(?=\S)")


def mark(region: Region, text: str) -> str:
    """The mark that a footnote begins with: raised, or a sign or number before a blank; '' if none."""
    if region.kind != "footnote" or not region.lines:
        return ""
    found = _MARK.match(text)
    if found is None:
        return ""
    spans = region.lines[0].spans
    raised = bool(spans) and spans[0].raised and spans[0].text.strip() == found[1]
    return found[1] if raised or not spans else ""


def marks(regions: Sequence[Region], texts: Sequence[Sequence[str]]) -> frozenset[str]:
    """Marks that stand both at a note and, raised, in the text."""
    below = {found for region, lines in zip(regions, texts, strict=True) if lines and (found := mark(region, lines[0]))}
    above = {
        span.text.strip()
        for region in regions
        if region.kind not in ("footnote", "picture", "header", "footer")
        for line in region.lines
        for span in line.spans
        if span.raised
    }
    return frozenset(below & above)
