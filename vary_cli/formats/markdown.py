"""Markdown: the pages as they are, made harmless, with links to their pictures and marks between pages."""

from __future__ import annotations

import json
import re
from itertools import accumulate

from vary_cli import markup
from vary_cli.document import Document, PageText
from vary_cli.formats import DEFAULT, Rendering, facts, failure, links, one_line
from vary_cli.formula.unicode import plain

SUFFIX = ".md"

_MARKS = re.compile(r"[*_`\[\]|\\~$&#]")
"""Characters that Markdown may take for marks."""
_IMAGE = re.compile(r"!\[(?P<words>[^\]]*)\]\((?P<name>[^()\s]+)\)")


def render(document: Document, options: Rendering = DEFAULT) -> str:
    """All pages in one Markdown text."""
    return "".join(_pieces(document, options))


def spans(document: Document, options: Rendering = DEFAULT) -> list[tuple[int, int]]:
    """For each page, from which to which character of `render`'s text its own text goes."""
    ends = list(accumulate(map(len, _pieces(document, options))))
    bodies = [len(body(page, options)) for page in document.pages]
    return [(end - 1 - length, end - 1) for end, length in zip(ends[1:], bodies, strict=True)]


def body(page: PageText, options: Rendering = DEFAULT) -> str:
    """A page's own text."""
    if page.finish == "failed":
        return ""
    return _shown(markup.harmless(page.text.strip("\n")), page, options)


def _pieces(document: Document, options: Rendering) -> list[str]:
    """The head, then each page with what stands before it and a line break after it."""
    head = _front_matter(document) if options.front_matter else ""
    pages = [_page(page, number, options) for number, page in enumerate(document.pages)]
    return [head, *pages]


def _page(page: PageText, index: int, options: Rendering) -> str:
    gap = "\n" if index else ""
    marks = [*_break(page, index, options), *([markup.comment(f"vary: {failure(page)}")] if failure(page) else [])]
    return gap + "".join(f"{mark}\n\n" for mark in marks) + body(page, options) + "\n"


def _break(page: PageText, index: int, options: Rendering) -> list[str]:
    """The mark at the beginning of a page, if it is wanted."""
    if options.page_breaks == "comment":
        label = f" ({page.label})" if page.label not in ("", str(page.number)) else ""
        return [markup.comment(f"vary: page {page.number}{label}")]
    if options.page_breaks == "anchor":
        return [f'<a id="page-{page.number}"></a>']
    return ["---"] if options.page_breaks == "rule" and index else []


def _characters(formula: str) -> str:
    """A formula within a line as characters that say all of it, if none of them is a mark of Markdown's."""
    said = None if formula.startswith("$$") else plain(formula[1:-1])
    return formula if said is None or _MARKS.search(said) else said


def _shown(text: str, page: PageText, options: Rendering) -> str:
    """The text with its formulas as they are wanted and its picture links leading to where the pictures are.

    A picture left out leaves its words.
    """
    known = {picture.name for picture in page.pictures}
    addresses = links(page, options)

    def link(found: re.Match[str]) -> str:
        if found["name"] not in known:
            return found[0]
        address = addresses.get(found["name"])
        return f"![{found['words']}]({address})" if address else found["words"]

    def piece_shown(kind: markup.Kind, piece: str) -> str:
        if kind == "code":
            return piece
        return _IMAGE.sub(link, _characters(piece) if kind == "math" and options.inline_math == "unicode" else piece)

    return "".join(piece_shown(kind, piece) for kind, piece in markup.pieces(text))


def _front_matter(document: Document) -> str:
    """YAML, its values written as JSON, which is a part of it."""
    lines = [
        f"{one_line(key)}: {json.dumps(value, ensure_ascii=False, default=str)}"
        for key, value in facts(document).items()
    ]
    return "\n".join(["---", *lines, "---"]) + "\n\n"
