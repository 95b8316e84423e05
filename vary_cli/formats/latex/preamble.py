"""What stands before a document's words: for each thing it holds, the package that sets it. Works in any engine.

XeTeX and LuaTeX set everything; pdfTeX all but Chinese, other scripts and signs that its fonts lack.
"""

from __future__ import annotations

import re

from vary_cli.formats.latex.characters import has_chinese, has_foreign

_ALWAYS = r"""
\documentclass{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[T1]{fontenc}
  \usepackage{lmodern,textcomp}
\else
  \usepackage{fontspec}
\fi
\usepackage{amsmath,amssymb}
\usepackage[margin=25mm]{geometry}
"""
_PARTS = {
    "\\begin{longtable}": r"\usepackage{array,booktabs,longtable}",
    "\\multirow{": r"\IfFileExists{multirow.sty}{\usepackage{multirow}}{\newcommand\multirow[3]{#3}}",
    "\\pagepicture{": r"""
\usepackage{graphicx}
\protected\def\pagepicture#1{\IfFileExists{\picturefolder#1}%
  {\includegraphics[width=0.8\linewidth,height=0.4\textheight,keepaspectratio]{\picturefolder#1}}{\fbox{\texttt{#1}}}}
""",
    "\\begin{Verbatim}": (
        r"\IfFileExists{fvextra.sty}{\usepackage{fvextra}\fvset{breaklines,breakanywhere}}{\usepackage{fancyvrb}}"
    ),
}
"""What calls for a package -> how it is loaded."""
_CHINESE = r"\usepackage[scheme=plain]{ctex}"
_FOREIGN = r"""
\ifPDFTeX
  \PackageError{vary}{This document needs xelatex or lualatex}{It holds scripts that pdflatex cannot set.}
\fi
\IfFontExistsTF{FreeSerif}{\newfontfamily\foreignfont[Scale=MatchLowercase]{FreeSerif}}{%
  \IfFontExistsTF{DejaVu Sans}{\newfontfamily\foreignfont[Scale=MatchLowercase]{DejaVu Sans}}{%
    \newcommand\foreignfont{}}}
\AtBeginDocument{\pdfstringdefDisableCommands{\let\foreign\relax}}
\protected\def\foreign#1{{\foreignfont\eachforeign#1\relax}}
\def\eachforeign#1{\ifx#1\relax\else
  \iffontchar\font`#1 #1\else{[}character~\number`#1{]}\fi\expandafter\eachforeign\fi}
"""
_LAST = r"""
\usepackage[hidelinks]{hyperref}
\setcounter{secnumdepth}{-1}
\setcounter{MaxMatrixCols}{30}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.6em plus 0.2em}
\emergencystretch=3em
"""


def preamble(body: str, folder: str) -> str:
    """From the document class to the last setting, for what the body holds; `folder` is that of its pictures."""
    parts = [_ALWAYS, *(package for sign, package in _PARTS.items() if sign in body)]
    if "\\pagepicture{" in body:
        parts.append(_picture_folder(folder))
    if has_chinese(body):
        parts.append(_CHINESE)
    if has_foreign(body):
        parts.append(_FOREIGN)
    first = "% !TeX program = xelatex\n" if has_chinese(body) or has_foreign(body) else ""
    return first + "\n".join(part.strip("\n") for part in [*parts, _LAST]) + "\n"


def _picture_folder(folder: str) -> str:
    """The folder's name as a macro, its characters without their meaning to TeX."""
    path = re.sub(r"[\\{}\s]", " ", f"{folder}/" if folder else "")
    harmless = "".join(f"\\catcode`\\{char}=12 " for char in "#$&^_~%")
    return f"{{{harmless}\\gdef\\picturefolder{{{path}}}}}"
