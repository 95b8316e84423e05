"""JSON lines: a page a line, so that pages can be written as soon as they are read."""

from __future__ import annotations

import json
from typing import Any

from vary_cli.document import Document, PageText, Picture
from vary_cli.formats import DEFAULT, Rendering, data_uri, markdown, place

SUFFIX = ".jsonl"
SCHEMA = 1


def render(document: Document, options: Rendering = DEFAULT) -> str:
    """All pages, a line each."""
    return "".join(render_page(page, document.source, options) for page in document.pages)


def render_page(page: PageText, source: str = "", options: Rendering = DEFAULT) -> str:
    """One page as a line; `source` says what it is a page of."""
    return json.dumps({"schema": SCHEMA, "source": source, **fields(page, options)}, ensure_ascii=False) + "\n"


def fields(page: PageText, options: Rendering = DEFAULT) -> dict[str, Any]:
    """Everything that is known of a page; its text is Markdown as the Markdown format writes it."""
    return {
        "number": page.number,
        "label": page.label,
        "text": markdown.body(page, options),
        "finish": page.finish,
        "code": page.code,
        "method": page.method,
        "score": page.score,
        "seconds": round(page.seconds, 3),
        "account": vars(page.account),
        "headers": list(page.headers),
        "pictures": [_picture(picture, options) for picture in page.pictures],
        "warnings": list(page.warnings),
    }


def _picture(picture: Picture, options: Rendering) -> dict[str, Any]:
    known: dict[str, Any] = {"name": picture.name, "width": picture.image.width, "height": picture.image.height}
    if options.images == "files":
        known["file"] = place(picture, options.folder)
    if options.images == "embed":
        known["data"] = data_uri(picture)
    return known
