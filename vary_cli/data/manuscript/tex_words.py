"""What LaTeX's commands and environments are in Markdown, and its formulas mended; the words of `tex_parser`."""

from __future__ import annotations

import re

from pylatexenc.latex2text import LatexNodes2Text

from vary_cli import formula
from vary_cli.compose import inline
from vary_cli.data.manuscript.canonical import Unfit

SECTIONS = {"part": 1, "chapter": 1, "section": 1, "subsection": 2, "subsubsection": 3, "paragraph": 4}
AROUND = {
    **dict.fromkeys(("textbf", "strong"), "**"),
    **dict.fromkeys(("emph", "textit", "textsl"), "*"),
    **dict.fromkeys(("texttt", "code", "verb", "url"), "`"),
    **dict.fromkeys(
        ("textrm", "textsf", "textsc", "mbox", "textnormal", "text", "textup", "underline", "href", "textcolor"), ""
    ),
}
SWITCHES = {"bf": "**", "bfseries": "**", "em": "*", "it": "*", "itshape": "*", "sl": "*", "tt": "`", "ttfamily": "`"}
"""What changes the type up to the end of a group."""
REFERENCES = {**dict.fromkeys(("cite", "citep", "citet"), "[{}]"), "ref": "{}", "pageref": "{}", "eqref": "({})"}
_DROPPED = (
    "label index noindent indent centering medskip smallskip bigskip "
    "newpage clearpage vspace hspace hfill vfill small footnotesize normalsize large Large raggedright "
    "protect par maketitle tableofcontents allowbreak linebreak nolinebreak pagebreak nopagebreak unskip "
    "ignorespaces xspace /"
)
DROPPED = set(_DROPPED.split())
SIGNS = {"~": " ", "--": "–", "---": "—", "``": "“", "''": "”", "!`": "¡", "?`": "¿", "&": "&", "%": "%"}
DISPLAYS = {"equation", "align", "gather", "multline", "eqnarray", "displaymath", "flalign", "alignat"}
WRAPPERS = {
    "document",
    "abstract",
    "center",
    "table",
    "figure",
    "quotation",
    "quote",
    "flushleft",
    "flushright",
    "small",
}
LISTS = {"itemize": "-", "enumerate": "1.", "description": "-"}
CODE = {"verbatim", "lstlisting", "Verbatim", "alltt"}
SPELLED = LatexNodes2Text()
NAMES = {name: name for name in ("LaTeX", "TeX", "XeTeX", "BibTeX", "LaTeXe")}
_ACCENTS = "u v H t c d b r k"
ACCENTS = set(_ACCENTS.split())
_SYMBOLS = (
    "ldots dots textbackslash textasciitilde textasciicircum textless textgreater textbar textunderscore "
    "textellipsis textendash textemdash textquoteleft textquoteright textquotedblleft textquotedblright S "
    "P copyright dag ddag pounds ae AE oe OE o O aa AA ss l L i j quad qquad textregistered texttrademark "
    "textdegree textbullet"
)
SYMBOLS = set(_SYMBOLS.split())


def around(mark: str, words: str) -> str:
    """Words between marks, blanks left outside. Raises Unfit if a mark would not be one."""
    core = words.strip()
    if not core or not mark:
        return words
    if mark == "`":
        return inline.code(core.replace("\\", "")) if "`" not in core else words
    if not (core[0].isalnum() and core[-1].isalnum()) or mark[0] in core:
        raise Unfit("emphasis")
    left, right = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    return f"{left}{mark}{core}{mark}{right}"


def math(latex: str) -> str:
    """A formula in a line, in known commands. Raises Unfit."""
    inner = re.sub(r"^(?:\$|\\\()|(?:\$|\\\))$", "", latex.strip()).strip()
    fit = formula.typeset(inner)
    if not fit:
        raise Unfit("a formula")
    return f"${fit.strip()}$"


def display(latex: str) -> str:
    """A formula of its own, in known commands; its number is left out. Raises Unfit."""
    inner = re.sub(r"^(?:\$\$|\\\[)|(?:\$\$|\\\])$", "", latex.strip()).strip()
    inner = re.sub(r"\\label\s*\{[^}]*\}", "", inner)
    fit = formula.typeset(inner, display=True)
    if not fit or "\n\n" in fit:
        raise Unfit("a formula")
    return f"$$\n{fit.strip()}\n$$"
