"""What the published models write, LaTeX between Markdown, as Markdown: titles, lists, tables, emphasis, formulas.

The style is Mathpix's: \\title{}, \\section*{}, \\( \\), \\[ \\], \\begin{tabular}. Takes prose whose code and dollar
math are hidden away; str -> str.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count

from vary_cli.table import markdown
from vary_cli.tabular import rows

_ENVIRONMENT = re.compile(
    r"\\begin\s*\{(equation|align|gather|multline|eqnarray|flalign)\*?\}([\s\S]*?)\\end\s*\{\1\*?\}"
)
_MARKS = re.compile(
    r"\\(?:sub)*section\*?\s*\{|\\(?:title|author|caption|textbf|textit|emph|footnote)\s*\{|\\(?:begin|end)\s*\{"
)
_FORMULA_MARKS = re.compile(r"\\\(|^\s*\\\[(?:\s*$|[^\n]*(?:\\[A-Za-z]|[=^_]))", re.MULTILINE)
_BRACED = r"\{((?:[^{}\\]|\\[\s\S])*)\}"
_INNERMOST = re.compile(r"\\begin\s*\{(\w+)\*?\}((?:(?!\\begin\s*\{|\\end\s*\{)[\s\S])*)\\end\s*\{\1\*?\}")
_INLINE = re.compile(r"\\\(((?:(?!\\\(|\n\s*\n)[\s\S])*?)\\\)")
_DISPLAY = re.compile(r"[ \t]*\\\[((?:(?!\\\[|\n\s*\n)[\s\S])*?)\\\][ \t]*")
_TABULAR = re.compile(r"\\begin\s*\{tabular\*?\}((?:(?!\\begin\s*\{tabular)[\s\S])*?)(?:\\end\s*\{tabular\*?\}|\Z)")
_SILENT = re.compile(r"\\(?:maketitle|centering|noindent|newpage|hline|item|footnotesize|small|par)(?![A-Za-z])[ \t]*")
_HEADINGS = {"title": "#", "section": "##", "subsection": "###", "subsubsection": "####", "paragraph": "#####"}
_EMPHASIS = {
    "textbf": "**", "textit": "*", "emph": "*", "textsl": "*", "underline": "*", "texttt": "`",
    "textrm": "", "textsf": "", "textsc": "", "mbox": "", "caption": "\n\n", "author": "\n\n",
}  # fmt: skip
"""Commands around words -> what stands on both sides of the words."""


def is_mathpix(text: str) -> bool:
    """Whether a text has marks of this style."""
    return _MARKS.search(text) is not None or has_formulas(text)


def has_formulas(text: str) -> bool:
    """Whether formulas stand in \\( \\) or \\[ \\]; then dollars are money."""
    return _FORMULA_MARKS.search(text) is not None


def formulas(text: str, hide: Callable[[str], str]) -> str:
    """\\( \\), \\[ \\] and display environments as dollar math, which `hide` takes away."""
    text = re.sub(r"(?<!\\)\$", r"\\$", text)
    text = _ENVIRONMENT.sub(lambda found: _displayed(_environment(found[1], found[2]), hide), text)
    text = _DISPLAY.sub(lambda found: _displayed(found[1], hide), text)
    text = re.sub(r"(?<=\d)(?=\\\()|(?<=\\\))(?=\d)", " ", text)
    return _INLINE.sub(lambda found: hide(f"${' '.join(found[1].split())}$") if found[1].strip() else "", text)


def _environment(name: str, body: str) -> str:
    if name == "equation":
        return body
    inner = "aligned" if "&" in body else "gathered"
    return f"\\begin{{{inner}}}\n{body.strip()}\n\\end{{{inner}}}"


def _displayed(body: str, hide: Callable[[str], str]) -> str:
    lines = [line.strip() for line in body.split("\n") if line.strip()]
    return "\n\n" + hide("\n".join(["$$", *lines, "$$"])) + "\n\n" if lines else ""


def structure(text: str) -> str:
    """Headings, lists, tables and emphasis as Markdown. Environments that are not known leave their content."""
    text = _TABULAR.sub(lambda found: f"\n\n{markdown(rows(found[1]))}\n\n", text)
    text = _words(text)
    while True:
        opened = _INNERMOST.sub(lambda found: _opened(found[1], found[2]), text)
        if opened == text:
            break
        text = opened
    return _leftovers(_footnotes(text))


def _footnotes(text: str) -> str:
    """Notes at the end, each called by the next number that is free."""
    first = max((int(number) for number in re.findall(r"\[\^(\d{1,6})\]", text)), default=0) + 1
    notes = re.findall(rf"\\footnote\s*{_BRACED}", text)
    numbers = count(first)
    called = re.sub(rf"[ \t]*\\footnote\s*{_BRACED}", lambda _: f"[^{next(numbers)}]", text)
    return "\n\n".join(
        [called, *(f"[^{number}]: {' '.join(note.split())}" for number, note in enumerate(notes, first))]
    )


def _words(text: str) -> str:
    """Commands around words, the innermost first."""
    while True:
        changed = re.sub(rf"\\({'|'.join(_EMPHASIS)})\s*{_BRACED}", _emphasised, text)
        changed = re.sub(rf"\\({'|'.join(_HEADINGS)})\*?\s*{_BRACED}", _heading, changed)
        if changed == text:
            return text
        text = changed


def _emphasised(found: re.Match[str]) -> str:
    mark = _EMPHASIS[found[1]]
    words = found[2].strip()
    if mark == "\n\n":
        words = re.sub(r"[ \t]*\\\\[ \t]*\n?", r"\\\n", words).removesuffix("\\\n")
    return f"{mark}{words}{mark}" if words else ""


def _heading(found: re.Match[str]) -> str:
    words = " ".join(found[2].replace("\\\\", " ").split())
    return f"\n\n{_HEADINGS[found[1]]} {words}\n\n" if words else ""


def _opened(name: str, body: str) -> str:
    """An environment without others inside it."""
    if name in ("itemize", "enumerate"):
        return f"\n\n{_list(body, ordered=name == 'enumerate')}\n\n"
    if name == "abstract":
        return f"\n\n## Abstract\n\n{body.strip()}\n\n"
    if name in ("quote", "quotation"):
        return "\n\n" + "\n".join(f"> {line}".rstrip() for line in body.strip().split("\n")) + "\n\n"
    return f"\n\n{body.strip()}\n\n"


def _list(body: str, ordered: bool) -> str:
    """Items with their marks; what belongs to an item is indented below it."""
    _, *items = re.split(r"\\item(?![A-Za-z])\s*", body)
    lines = []
    for number, item in enumerate(items, 1):
        label, words = re.fullmatch(r"(?:\[([^\]\n]*)\]\s*)?([\s\S]*)", item.strip()).groups()  # type: ignore[union-attr]
        mark = f"{number}. " if ordered else "- "
        said = re.sub(r"\n\s*\n", "\n", f"{label or ''} {words}".strip())
        lines.append(mark + said.replace("\n", "\n" + " " * len(mark)))
    return "\n".join(lines)


def _leftovers(text: str) -> str:
    """Commands that say nothing in Markdown, and signs that need no escape there."""
    text = re.sub(r"\\(?:label|vspace|hspace|includegraphics(?:\[[^\]]*\])?)\*?\s*" + _BRACED, "", text)
    text = re.sub(r"\\(?:begin|end)\s*\{\w+\*?\}(?:\[[a-zA-Z!]*\])?", "\n\n", text)
    text = _SILENT.sub("", text)
    text = re.sub(r"\\\\[ \t]*\n", "\\\\\n", text)
    return re.sub(r"(?<!\\)\\([()%&])", r"\1", text)
