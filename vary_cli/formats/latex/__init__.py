"""LaTeX: an article that compiles in any engine, whatever the pages say."""

from __future__ import annotations

import re
from dataclasses import replace

from markdown_it.tree import SyntaxTreeNode

from vary_cli import markup
from vary_cli.document import Document, PageText
from vary_cli.errors import UsageError
from vary_cli.formats import DEFAULT, Rendering, facts, failure, one_line
from vary_cli.formats.latex.blocks import Place, blocks
from vary_cli.formats.latex.phrases import Page, phrase
from vary_cli.formats.latex.preamble import preamble

SUFFIX = ".tex"


def render(document: Document, options: Rendering = DEFAULT) -> str:
    """The document as a LaTeX article. Raises UsageError if pictures are to be embedded, which TeX cannot."""
    if options.images == "embed":
        raise UsageError("LaTeX cannot embed pictures", "take --images files or --images none")
    trees = [markup.tree(page.text) for page in document.pages]
    title = _title(trees)
    pages = [_page(page, tree, title, options) for page, tree in zip(document.pages, trees, strict=True)]
    body = "\n\n".join(part for part in pages if part) or "\\mbox{}"
    head = (
        [f"% {one_line(f'{key}: {value}')}" for key, value in facts(document).items()] if options.front_matter else []
    )
    return "\n".join([*head, preamble(body, options.folder), "\\begin{document}", "", body, "", "\\end{document}", ""])


def _title(trees: list[SyntaxTreeNode]) -> SyntaxTreeNode | None:
    """The heading that is the document's title: the only one of the first level, and before all others."""
    headings = [node for tree in trees for node in tree.children if node.type == "heading"]
    tops = [node for node in headings if node.tag == "h1"]
    return tops[0] if len(tops) == 1 and headings[0] is tops[0] and len(headings) > 1 else None


def _page(page: PageText, tree: SyntaxTreeNode, title: SyntaxTreeNode | None, options: Rendering) -> str:
    surroundings = Page(_pictures(page, options), _notes(tree))
    where = Place(surroundings, top=2 if title else 1)
    parts = [_headline(node, surroundings) if node is title else blocks([node], where) for node in tree.children]
    failed = f"% vary: {failure(page)}" if page.finish == "failed" else ""
    return "\n\n".join(part for part in [_break(page, options), failed, *parts] if part)


def _headline(node: SyntaxTreeNode, page: Page) -> str:
    words = phrase(node.children, replace(page, tight=True)).strip()
    return f"\\title{{{one_line(words)}}}\n\\author{{}}\n\\date{{}}\n\\maketitle"


def _pictures(page: PageText, options: Rendering) -> frozenset[str]:
    """Names of the page's pictures, if they are to be shown and TeX can spell them."""
    names = (picture.name for picture in page.pictures if options.images == "files")
    return frozenset(name for name in names if re.fullmatch(r"[\w.-]+", name, re.ASCII))


def _notes(tree: SyntaxTreeNode) -> dict[int, SyntaxTreeNode]:
    return {int(node.meta["id"]): node for node in tree.walk() if node.type == "footnote"}


def _break(page: PageText, options: Rendering) -> str:
    """The mark at the beginning of a page, if it is wanted."""
    marks = {
        "comment": f"% vary: page {page.number}",
        "anchor": f"\\hypertarget{{page-{page.number}}}{{}}",
        "rule": "\\noindent\\rule{\\linewidth}{0.4pt}",
    }
    return marks.get(options.page_breaks, "")
