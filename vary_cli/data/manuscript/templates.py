"""Templates of our own that LaTeX sources are typeset in: classes, columns, margins, heads, headings, spacing.

A template is combined with type from the user's fonts. Vary paper, section 3.3: more than ten templates.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from vary_cli.data.families import Case, Cut, Family


@dataclass(frozen=True)
class Template:
    """One way of setting a document."""

    name: str
    documentclass: str
    """With its options."""
    geometry: str
    columns: int = 1
    extra: str = ""


TEMPLATES = (
    Template("article", r"\documentclass[10pt,a4paper]{article}", "margin=28mm"),
    Template("letter", r"\documentclass[11pt,letterpaper]{article}", "margin=1in", extra=r"\usepackage{parskip}"),
    Template("columns", r"\documentclass[10pt,a4paper,twocolumn]{article}", "margin=18mm,columnsep=7mm", 2),
    Template(
        "conference", r"\documentclass[9pt,letterpaper,twocolumn]{extarticle}", "margin=0.75in,columnsep=0.25in", 2
    ),
    Template("airy", r"\documentclass[12pt,a4paper]{article}", "margin=35mm", extra=r"\linespread{1.3}"),
    Template("report", r"\documentclass[11pt,a4paper]{report}", "margin=25mm", extra=r"\pagestyle{headings}"),
    Template("book", r"\documentclass[10pt,a5paper,oneside]{book}", "margin=18mm", extra=r"\pagestyle{plain}"),
    Template("koma", r"\documentclass[11pt,a4paper]{scrartcl}", "margin=30mm"),
    Template("komacolumns", r"\documentclass[10pt,a4paper,twocolumn]{scrartcl}", "margin=20mm,columnsep=8mm", 2),
    Template("ams", r"\documentclass[11pt,a4paper]{amsart}", "margin=30mm"),
    Template(
        "memoir", r"\documentclass[10pt,a4paper,oneside,article]{memoir}", "left=40mm,right=25mm,top=30mm,bottom=30mm"
    ),
    Template("notes", r"\documentclass[14pt,a4paper]{extarticle}", "margin=22mm", extra=r"\pagestyle{empty}"),
    Template(
        "running",
        r"\documentclass[10pt,letterpaper]{article}",
        "margin=30mm",
        extra=r"\usepackage{fancyhdr}\pagestyle{fancy}\fancyhf{}"
        r"\fancyhead[L]{\small Technical report}\fancyfoot[C]{-- \thepage\ --}",
    ),
    Template(
        "ragged", r"\documentclass[11pt,a4paper]{article}", "margin=32mm", extra=r"\AtBeginDocument{\raggedright}"
    ),
)

PAGES = r"""
\usepackage{amsmath,amssymb,array,booktabs,multirow}
\usepackage{fancyvrb}
\usepackage[hidelinks,draft]{hyperref}
\newenvironment{longtable}[1]{\begin{center}\begin{tabular}{#1}}{\end{tabular}\end{center}}
\setcounter{secnumdepth}{-1}
\setcounter{MaxMatrixCols}{30}
\setlength{\emergencystretch}{3em}
\AtBeginDocument{\samepage\raggedbottom}
\tracinglostchars=2
\newwrite\places
\immediate\openout\places=\jobname.places
\newcount\blocknumber \blocknumber=-1
\newcommand{\place}{\edef\placed{\write\places{\the\blocknumber\space\noexpand\the\count0}}\placed}
\newcommand{\block}[1]{\par\global\blocknumber=#1\typeout{block #1}}
\AtBeginDocument{\AddToHook{para/begin}{\place}\AddToHook{para/end}{\place}}
\makeatletter
\AtBeginDocument{\let\pageout\@outputpage\def\@outputpage{\begingroup\let\place\relax\pageout\endgroup}}
\makeatother
\RecustomVerbatimEnvironment{Verbatim}{BVerbatim}{}
"""
"""What every template needs: packages of the body, paragraphs that stay on a page, and a file that tells of each
paragraph which block it belongs to and on which page it begins and ends; those of heads and feet tell nothing."""


def preamble(template: Template, case: Case, chinese: bool, chance: random.Random) -> tuple[str, list[Family]]:
    """Everything before the document begins, and the families that its text is in."""
    body = chance.choice([family for family in case.text if family.bold and family.italic] or list(case.text))
    han = case.han(chance) if chinese else None
    mono = chance.choice(case.mono)
    parts = [
        template.documentclass,
        r"\usepackage{fontspec}",
        chosen("setmainfont", body),
        chosen("setmonofont", mono, "Scale=MatchLowercase"),
        rf"\usepackage[{template.geometry}]{{geometry}}",
    ]
    if han is not None:
        parts += [
            r"\usepackage{xeCJK}",
            chosen("setCJKmainfont", han),
            chosen("setCJKmonofont", han),
            chosen("setCJKsansfont", han),
        ]
    return "\n".join([*parts, PAGES, template.extra]), [family for family in (body, han) if family]


def chosen(command: str, family: Family, *options: str) -> str:
    """A fontspec command that takes a family's files. What it lacks is set in its regular face."""
    cuts: dict[Cut, str] = {(True, False): "Bold", (False, True): "Italic", (True, True): "BoldItalic"}
    path, index = family.members[False, False]
    named = [f"Path={{{path.parent}/}}", *(f"FontIndex={index}" for _ in [0] if index), *options]
    for cut, name in cuts.items():
        file, number = family.members.get(cut, (path, index))
        if file.parent == path.parent and number == index:
            named.append(f"{name}Font={{{file.name}}}")
    return f"\\{command}{{{path.name}}}[{', '.join(named)}]"


def usable(path: Path) -> bool:
    """Whether TeX can be told a file's name."""
    return not set(str(path)) & set("{}#%~\\ ")
