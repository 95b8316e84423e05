"""The Markdown that pages are written in, as tokens, and what of it is harmless.

The dialect is CommonMark with pipe tables, strikethrough, footnotes, dollar math and a handful of HTML tags. Knows no
output format.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from html import unescape
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML, RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

Kind = Literal["prose", "code", "math"]
Part = Literal["table", "comment", "text"]
MathWriter = Callable[[str, dict[str, Any]], str]

TAGS = frozenset(["table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "br", "sub", "sup"])
"""The HTML tags a page may hold: what Markdown has no mark for."""
INLINE_TAGS = frozenset(["br", "sub", "sup"])

_DEEPEST = 20
_MARKERS = re.compile(rf"^((?:[ \t]*(?:>|[-*+](?=[ \t]))){{{_DEEPEST}}})(?:[ \t]*(?:>|[-*+](?=[ \t])))+", re.MULTILINE)
"""Marks of quotations and items at the beginning of a line, more than can be meant."""
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_ANY = r"(?:(?!\n[ \t]*\n)[\s\S])"
_COMMENT = r"<!--(?!-?>)(?!\s*vary\b)(?:(?!--)[^<>\n])*-->"
_SPANS = re.compile(
    rf"\\.|{_COMMENT}|(?P<code>(?<!`)(?P<bar>`+)(?!`){_ANY}+?(?<!`)(?P=bar)(?!`))"
    rf"|(?P<math>\$\$(?!\$)(?:\\.|[^\\$])+?\$\$|(?<![\d$])\$(?![\s$])(?:\\.|(?!\n[ \t]*\n)[^\\$])+?(?<!\s)\$(?![\d$]))",
    re.DOTALL,
)
_ADDRESS = r"<(?:https?://|mailto:)[^\s<>]*>"
_ATTRIBUTE = r"""\s+[A-Za-z][\w:-]*(?:=(?:"[^"<>]*"|'[^'<>]*'|[\w%#.-]+))?"""
_TAG = rf"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<attributes>(?:{_ATTRIBUTE})*)\s*(?P<end>/?)>"
_OPENING = r"<(?=[A-Za-z/!?])"
_IN_MARKDOWN = re.compile(rf"(?P<kept>\\[\\$]|{_COMMENT}|{_ADDRESS})|(?P<dollars>\$\$)|{_TAG}|\\?{_OPENING}")
_PART = re.compile(
    r"(?P<table><table\b.*?(?:</table\s*>|\Z))|<!--(?P<comment>.*?)(?:-->|\Z)", re.DOTALL | re.IGNORECASE
)
_SPAN = re.compile(r"""\b(rowspan|colspan)=["']?(\d{1,3})\b""")
_LINK = re.compile(r"(\]\(|^[ \t]*\[(?!\^)[^\]\n]+\]:)(?=\s*<?([^\s)>]*))", re.MULTILINE)
_SAFE_LINK = re.compile(r"(?:https?://|mailto:|#)|[^:]*$", re.IGNORECASE)


class _Dialect(MarkdownIt):
    """Links lead to the web, to an address or beside the page; never to scripts or files."""

    def validateLink(self, url: str) -> bool:
        return is_safe_link(url)


def dialect(renderer: type[RendererProtocol] = RendererHTML, math: MathWriter | None = None) -> MarkdownIt:
    """A parser of the dialect, with a way to write what it parses."""
    markdown = _Dialect("commonmark", {"html": True, "maxNesting": 100}, renderer_cls=renderer)
    markdown.enable(["table", "strikethrough"])
    markdown.use(footnote_plugin, inline=False)
    markdown.core.ruler.push("shallow", _make_shallow)
    return markdown.use(
        dollarmath_plugin,
        allow_labels=False,
        allow_space=False,
        allow_digits=False,
        allow_blank_lines=False,
        double_inline=True,
        renderer=math,
    )


def _make_shallow(state: StateCore) -> None:
    """Emphasis within emphasis a thousand times over is somebody's joke: what lies too deep keeps its words only."""
    for token in state.tokens:
        if token.children:
            token.children = list(_shallow(token.children))


def _shallow(tokens: Iterable[Token]) -> Iterator[Token]:
    depth = 0
    for token in tokens:
        depth += max(token.nesting, 0)
        if token.nesting == 0 or depth <= _DEEPEST:
            yield token
        depth += min(token.nesting, 0)


@cache
def _parser() -> MarkdownIt:
    return dialect()


def parse(text: str) -> list[Token]:
    """Block tokens of one page's Markdown."""
    return _parser().parse(_MARKERS.sub(r"\1 ", text))


def tree(text: str) -> SyntaxTreeNode:
    """One page's Markdown as a tree; footnotes stand at its end."""
    return SyntaxTreeNode(parse(text))


def phrase(text: str) -> SyntaxTreeNode:
    """A phrase as a tree, as in a table's cell."""
    return SyntaxTreeNode(_parser().parseInline(text))


def is_safe_link(address: str) -> bool:
    """Whether a link may be followed: no scheme but http, https and mailto."""
    return _SAFE_LINK.match(address.strip()) is not None


def pieces(text: str) -> Iterator[tuple[Kind, str]]:
    """Cut Markdown into code, math and prose, marks included; the pieces joined are the text."""
    for is_code, block in _fenced(text):
        if is_code:
            yield "code", block
        else:
            yield from _spans(block)


def _fenced(text: str) -> Iterator[tuple[bool, str]]:
    """Fenced blocks and what stands between them. A fence that never closes runs to the end."""
    held: list[str] = []
    fence = ""
    for line in _LINE.findall(text):
        bar = _FENCE.match(line)
        if not fence and bar and "`" not in line[bar.end() :]:
            yield False, "".join(held)
            held, fence = [line], bar[1]
        elif fence and _closes(line, fence):
            yield True, "".join([*held, line])
            held, fence = [], ""
        else:
            held.append(line)
    yield bool(fence), "".join(held)


def _closes(line: str, fence: str) -> bool:
    mark = line.strip()
    return mark.startswith(fence) and not mark.strip(fence[0])


def _spans(text: str) -> Iterator[tuple[Kind, str]]:
    """Code spans, formulas and the prose between them."""
    done = 0
    for found in _SPANS.finditer(text):
        kind: Kind = "code" if found["code"] else "math"
        if found["code"] or found["math"]:
            yield "prose", text[done : found.start()]
            yield kind, found[0]
            done = found.end()
    yield "prose", text[done:]


def closed(text: str) -> str:
    """The text with its last code block closed, so that what follows is not swallowed."""
    *_, (is_code, block) = _fenced(text)
    fence = _FENCE.match(block) if is_code else None
    return f"{text.rstrip()}\n{fence[1]}" if fence else text


def comment(text: str) -> str:
    """An HTML comment that holds the text, whatever the text holds."""
    words = " ".join(text.replace("<", "‹").replace(">", "›").split())
    return f"<!-- {re.sub('-(?=-)', '- ', words)} -->"


def harmless(text: str) -> str:
    """Markdown whose raw HTML does nothing and whose blocks end with it.

    Unknown tags and attributes and marks of vary's own show as text.
    """
    return "".join(_tamed(kind, piece) for kind, piece in pieces(closed(text)))


def _tamed(kind: Kind, piece: str) -> str:
    if kind == "code":
        return piece
    if kind == "math":
        return re.sub(_OPENING, "< ", piece)
    return _LINK.sub(_defused, _IN_MARKDOWN.sub(_judged, piece))


def _defused(link: re.Match[str]) -> str:
    """A link to a script or a file, with its bracket escaped so that it shows as text."""
    return link[0] if is_safe_link(unescape(link[2])) else f"{link[0][:-1]}\\{link[0][-1]}"


def _judged(found: re.Match[str]) -> str:
    if found["kept"]:
        return found["kept"]
    if found["dollars"]:
        return "\\$\\$"
    name = (found["name"] or "").lower()
    if name not in TAGS:
        return found[0].replace("\\<", "<").replace("<", "&lt;")
    spans = "".join(f' {key}="{value}"' for key, value in _SPAN.findall(found["attributes"]))
    return f"<{found['close']}{name}{spans}>"


def parts(html: str) -> Iterator[tuple[Part, str]]:
    """A block of raw HTML as tables, comments and the rest, which is to be shown as text."""
    done = 0
    for found in _PART.finditer(html):
        yield "text", html[done : found.start()]
        if found["table"]:
            yield "table", found["table"]
        else:
            yield "comment", found["comment"]
        done = found.end()
    yield "text", html[done:]


def inline_tag(html: str) -> str | None:
    """A tag between words: 'br', 'sub', '/sub'; '' for a comment, None for what is to be shown as text."""
    tag = re.fullmatch(_TAG, html)
    if html.startswith("<!--"):
        return ""
    if tag is None or tag["name"].lower() not in INLINE_TAGS:
        return None
    return tag["close"] + tag["name"].lower()
