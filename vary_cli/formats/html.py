"""HTML: one page that needs nothing else. It runs no script and fetches nothing, whatever the text says."""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from vary_cli import formula, markup, table
from vary_cli.document import Document, PageText
from vary_cli.formats import DEFAULT, Rendering, facts, failure, links, one_line
from vary_cli.formula.mathml import mathml

SUFFIX = ".html"

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src {pictures}; base-uri 'none'; form-action 'none'"
STYLE = """
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 serif; overflow-wrap: break-word }
table { border-collapse: collapse; margin: 1rem 0 } td, th { border: 1px solid #999; padding: .2rem .5rem }
img { max-width: 100% } pre { overflow-x: auto; background: #f4f4f4; padding: .5rem } .failed { color: #a00 }
""".strip()


def render(document: Document, options: Rendering = DEFAULT) -> str:
    """The document as an HTML page; formulas are MathML, one that cannot be is its own source."""
    pictures = "data:" if options.images == "embed" else "'self' file:"
    head = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY.format(pictures=pictures)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_quoted(document.provenance.get('title') or document.source)}</title>",
        *(_meta(document) if options.front_matter else []),
        f"<style>\n{STYLE}\n</style>",
    ]
    pages = [_page(page, number, options) for number, page in enumerate(document.pages)]
    return "\n".join(
        ["<!doctype html>", "<html>", "<head>", *head, "</head>", "<body>", *pages, "</body>", "</html>\n"]
    )


def _quoted(value: object) -> str:
    return html.escape(one_line(str(value)))


def _meta(document: Document) -> list[str]:
    return [f'<meta name="vary:{_quoted(key)}" content="{_quoted(value)}">' for key, value in facts(document).items()]


def _page(page: PageText, index: int, options: Rendering) -> str:
    if page.finish == "failed":
        text = f'<p class="failed">{_quoted(failure(page).capitalize())}</p>\n'
    else:
        text = cast(str, _writer().render(page.text, _surroundings(page, options)))
    return f"{_break(page, index, options)}<section>\n{text}</section>"


def _surroundings(page: PageText, options: Rendering) -> dict[str, Any]:
    """What the parser is told: a name that keeps this page's footnotes apart, and where its pictures are."""
    return {"docId": str(page.number), "pictures": links(page, options)}


def _break(page: PageText, index: int, options: Rendering) -> str:
    if options.page_breaks == "comment":
        return markup.comment(f"vary: page {page.number}") + "\n"
    if options.page_breaks == "anchor":
        return f'<a id="page-{page.number}"></a>\n'
    return "<hr>\n" if options.page_breaks == "rule" and index else ""


@cache
def _writer() -> MarkdownIt:
    return markup.dialect(_Writer, _math)


def _math(latex: str, how: dict[str, Any]) -> str:
    """MathML, or the formula's source between its marks."""
    display = bool(how["display_mode"])
    fit = formula.typeset(latex, display)
    shown = mathml(fit, display) if fit else None
    opening, closing = ("\\[", "\\]") if display else ("\\(", "\\)")
    return shown or f"<code>{html.escape(f'{opening}{latex}{closing}')}</code>"


class _Writer(RendererHTML):
    """Writes raw HTML as text, but for tables and raised or lowered words; shows the page's own pictures only."""

    def html_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Tables, rebuilt; comments, kept out of sight; the rest as text."""
        return "".join(self._part(kind, part, env) for kind, part in markup.parts(tokens[idx].content))

    def _part(self, kind: markup.Part, part: str, env: EnvType) -> str:
        if kind == "table":
            return _table(table.from_html(part), env)
        if not part.strip():
            return ""
        return f"{markup.comment(part)}\n" if kind == "comment" else f"<p>{html.escape(part.strip())}</p>\n"

    def html_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Line breaks and raised or lowered words."""
        name = markup.inline_tag(tokens[idx].content)
        if name is None:
            return html.escape(tokens[idx].content)
        return f"<{name}>" if name else ""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A picture of this page; of any other only its words."""
        name = str(tokens[idx].attrs["src"])
        words = html.escape(self.renderInlineAsText(tokens[idx].children, options, env))
        address = env["pictures"].get(name)
        return f'<img src="{html.escape(address)}" alt="{words}">' if address else words


def _table(rows: table.Rows, env: EnvType) -> str:
    bare = {"docId": env["docId"], "pictures": env["pictures"]}
    written = tuple(tuple(_written(entry, bare) for entry in row) for row in rows)
    return table.html(written) + "\n"


def _written(entry: table.Entry, env: EnvType) -> table.Entry:
    return table.Entry(_writer().renderInline(entry.text, env), entry.rows, entry.columns, entry.header)
