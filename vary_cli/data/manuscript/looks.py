"""How a document looks: type, sizes, spacing, rules and colours, drawn at random and said in Typst's set rules."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from vary_cli.data.families import MATH, Case, Family
from vary_cli.data.fonts import Coverage
from vary_cli.data.manuscript.typst import string

INKS = ["black"] * 8 + ['rgb("#222222")', 'rgb("#333344")', 'rgb("#1a1a40")', 'rgb("#444444")']
PAPERS = ["white"] * 9 + ['rgb("#fffdf5")', 'rgb("#f6f6f6")', 'rgb("#f2f6fb")']
TINTS = ["luma(240)", "luma(230)", 'rgb("#eef3fa")', 'rgb("#faf3e6")']
BULLETS = ["•", "•", "•", "‣", "–", "-", "*", "◦", "▪"]
RULES = {
    "grid": "stroke: 0.5pt + ink",
    "lines": "stroke: (x, y) => if y <= 1 { (top: 0.7pt + ink) }",
    "rows": "stroke: (x, y) => (bottom: 0.4pt + ink)",
    "head": "stroke: (x, y) => if y == 0 { (bottom: 0.8pt + ink) }",
    "filled": "stroke: none, fill: (x, y) => if y == 0 { luma(220) }",
    "striped": "stroke: none, fill: (x, y) => if calc.even(y) { luma(238) }",
    "none": "stroke: none",
    "thick": "stroke: 1pt + ink",
}


@dataclass(frozen=True)
class Look:
    """A look, as far as others must know it; the rest is in `rules`."""

    body: Family
    han: Family | None
    mono: Family
    size: float
    """Of body text, points."""
    paper: str
    rules: str
    """Typst's set and show rules."""

    @property
    def drawable(self) -> Drawable:
        """What text may hold."""
        return Drawable([family.characters for family in (self.body, self.han) if family])

    @property
    def bold(self) -> bool:
        """Whether bold words can be told from others, in either script."""
        return self.body.bold and (self.han is None or self.han.bold)


class Drawable:
    """The characters that one of several coverages has."""

    def __init__(self, covers: Sequence[Coverage]) -> None:
        self.covers = covers

    def __contains__(self, char: object) -> bool:
        return any(char in cover for cover in self.covers)


def look(case: Case, chinese: bool, chance: random.Random) -> Look:
    """A look for a document, in Chinese or not."""
    body, han, mono = case.body(chance), case.han(chance), chance.choice(case.mono)
    math = chance.choice(case.math) if chance.random() < 0.5 else MATH
    size = round(chance.uniform(8.5, 13), 1)
    ink, paper = chance.choice(INKS), chance.choice(PAPERS)
    families = ", ".join(string(family.name) for family in (body, han) if family)
    parts = [
        f"#let ink = {ink}",
        f"#set text(font: ({families},), size: {size}pt, fill: ink, fallback: false)",
        f"#set text(lang: {string('zh' if chinese else 'en')})",
        f"#set text(cjk-latin-spacing: {chance.choice(['auto', 'none'])}, hyphenate: {flag(chance, 0.3)})",
        f"#show math.equation: set text(font: ({string(math)}, {string(MATH)}, {families}))",
        f"#show raw: set text(font: ({string(mono.name)}, {families}), ligatures: false)",
        f"#show raw: set text(size: {chance.choice([1.0, 1.15, 1.25])}em)",
        paragraphs(chinese, chance),
        headings(case, han, chance),
        lists(chance),
        tables(chance),
        displays(chance),
    ]
    return Look(body, han, mono, size, paper, "\n".join(parts))


def flag(chance: random.Random, share: float) -> str:
    """True as often as said."""
    return "true" if chance.random() < share else "false"


def paragraphs(chinese: bool, chance: random.Random) -> str:
    """Justification, leading, indents."""
    leading = chance.uniform(0.5, 1.0 if chinese else 0.85)
    indent = "2em" if chinese else chance.choice(["1em", "1.5em"])
    first = f"(amount: {indent}, all: true)" if chance.random() < 0.35 else "0pt"
    spacing = leading if first != "0pt" and chance.random() < 0.6 else leading + chance.uniform(0.3, 0.9)
    return (
        f"#set par(justify: {flag(chance, 0.6)}, leading: {leading:.2f}em, spacing: {spacing:.2f}em, "
        f"first-line-indent: {first})"
    )


def headings(case: Case, han: Family | None, chance: random.Random) -> str:
    """Their type, sizes and sides. They are always larger than text, so that levels can be told apart."""
    family = case.body(chance) if chance.random() < 0.4 else None
    names = ", ".join(string(member.name) for member in (family, han) if member) if family else ""
    font = f"#show heading: set text(font: ({names},))\n" if names else ""
    ratio, weight = chance.uniform(1.12, 1.25), chance.choice(["bold", "bold", "bold", "regular"])
    sizes = "".join(
        f"#show heading.where(level: {level}): set text(size: {ratio ** (5 - level):.3f}em, weight: {string(weight)})\n"
        for level in range(1, 5)
    )
    side = "#show heading: set align(center)\n" if chance.random() < 0.1 else ""
    side += "#show heading: set par(justify: false, first-line-indent: 0pt)\n"
    return (
        font
        + sizes
        + side
        + f"#show heading: set block(above: {chance.uniform(1, 1.8):.2f}em, below: {chance.uniform(0.6, 1.1):.2f}em)"
    )


def lists(chance: random.Random) -> str:
    """Bullets and indents."""
    bullet, second = chance.choice(BULLETS), chance.choice(BULLETS)
    indent = f"{chance.uniform(0, 1.5):.1f}em"
    mark = f"text(font: {string('Libertinus Serif')}, fallback: true, {{}})"
    return (
        f"#set list(marker: ({mark.format(string(bullet))}, {mark.format(string(second))}), indent: {indent})\n"
        f"#set enum(indent: {indent})\n#set list(spacing: {chance.uniform(0.6, 1.1):.2f}em)"
    )


def tables(chance: random.Random) -> str:
    """Rulings, sides, space."""
    rules = chance.choice(list(RULES))
    frame = "#show table: it => block(stroke: (bottom: 0.7pt + ink), it)\n" if rules == "lines" else ""
    inset = f"(x: {chance.uniform(4, 9):.1f}pt, y: {chance.uniform(2.5, 6):.1f}pt)"
    size = chance.choice(["1em", "1em", "0.9em"])
    side = "center" if chance.random() < 0.3 else "left"
    shown = f"#show table: set text(size: {size})\n#show table: set align({side})"
    return f"{frame}#set table({RULES[rules]}, inset: {inset})\n{shown}"


def displays(chance: random.Random) -> str:
    """Code and quotations in frames or not, struck words."""
    code = chance.choice(
        [
            "it",
            f"block(fill: {chance.choice(TINTS)}, inset: 6pt, radius: {chance.choice([0, 3])}pt, width: 100%, it)",
            "block(stroke: 0.5pt + ink, inset: 6pt, width: 100%, it)",
            "pad(left: 1.5em, it)",
        ]
    )
    quote = chance.choice(
        [
            "pad(x: 2em, it.body)",
            "block(stroke: (left: 2pt + luma(160)), inset: (left: 8pt, y: 3pt), it.body)",
            f"block(fill: {chance.choice(TINTS)}, inset: 8pt, width: 100%, it.body)",
        ]
    )
    return f"#show raw.where(block: true): it => {code}\n#show quote.where(block: true): it => {quote}"
