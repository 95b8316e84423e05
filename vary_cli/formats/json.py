"""JSON: everything that is known of a document, in a schema with a number."""

from __future__ import annotations

import json

from vary_cli.document import Document
from vary_cli.formats import DEFAULT, Rendering, jsonl, markdown

SUFFIX = ".json"
SCHEMA = 1
"""Raised when a field changes its meaning or goes; fields may be added."""


def render(document: Document, options: Rendering = DEFAULT) -> str:
    """The document; `start` and `end` of a page count characters of the Markdown that the same options give."""
    spans = markdown.spans(document, options)
    pages = [
        {**jsonl.fields(page, options), "start": start, "end": end}
        for page, (start, end) in zip(document.pages, spans, strict=True)
    ]
    whole = {
        "schema": SCHEMA,
        "source": document.source,
        "provenance": dict(document.provenance),
        "failed": [page.number for page in document.failed],
        "pages": pages,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2, default=str) + "\n"
