"""Formulas made up at random, as LaTeX: fractions, scripts, roots, sums, integrals, matrices, cases, accents.

They look like what papers say and mean nothing.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence

from vary_cli.data.manuscript.signs import (
    ALPHABETS,
    BELOW,
    BOUNDS,
    CAPITALS,
    CONDITIONS,
    FENCES,
    FUNCTIONS,
    GAPS,
    LIMITED,
    NAMES,
    ROWS,
    SCRIPTS,
    SPECIALS,
    UPPER,
)
from vary_cli.data.manuscript.symbols import Symbols
from vary_cli.formula.signs import ONLY_CAPITALS


class Formula(Symbols):
    """One formula being made; deeper parts are simpler."""

    def inline(self) -> str:
        """A short one, for a line of text."""
        chance = self.chance
        kind = chance.random()
        if kind < 0.3:
            return self.scripted(self.symbol(), 0)
        if kind < 0.75:
            return f"{self.sum(0, 2)} {self.relation()} {self.sum(0, 2)}"
        if kind < 0.85:
            return f"{self.symbol()}({', '.join(self.symbol() for _ in range(chance.randint(1, 3)))})"
        return self.sum(0, 3) if kind < 0.95 else chance.choice(FLAT)(self, 0)

    def flat(self) -> str:
        """Signs in a row, a few of them with scripts: to learn to look at one after the other."""
        chance = self.chance
        if chance.random() < ROWS:
            return self.letters()
        count = chance.randint(3, 22)
        signs = [chance.choice([self.symbol, self.symbol, self.digits, self.sign])() for _ in range(count)]
        return " ".join(
            self.scripted(sign, 0) if chance.random() < 0.12 and sign[-1].isalnum() else sign for sign in signs
        )

    def letters(self) -> str:
        """A part of one alphabet in its order, as lists of signs have it."""
        chance = self.chance
        alphabet = chance.choice(sorted({*ALPHABETS}))
        capitals = alphabet in ONLY_CAPITALS or chance.random() < 0.6
        letters = string.ascii_uppercase if capitals else string.ascii_lowercase
        start = chance.randint(0, 20)
        end = chance.randint(start + 4, len(letters))
        apart = chance.choice([" ", " ", " \\, ", " \\; ", ", "])
        return apart.join(f"\\{alphabet}{{{letter}}}" for letter in letters[start:end])

    def display(self) -> str:
        """One that stands on lines of its own."""
        kind = self.chance.random()
        if kind < 0.12:
            return self.aligned()
        if kind < 0.2:
            return f"{self.symbol()} = {self.cases()}"
        end = self.chance.choice(["", "", ",", "."])
        return (self.statement() if kind < 0.6 else self.equation(2)) + end

    def equation(self, depth: int) -> str:
        """One thing and another."""
        return f"{self.sum(1, 2)} {self.relation()} {self.sum(depth, 2)}"

    def statement(self) -> str:
        """What papers say most: something called by a name is, is distributed or grows as something simple."""
        left = self.chance.choice([self.call, self.factor, self.symbol_scripted])(0)
        right = self.chance.choice([self.call, self.long, self.call])(1)
        said = f"{left} {self.chance.choice(['=', '=', '=', chr(92) + 'sim', chr(92) + 'propto', '<'])} {right}"
        if self.chance.random() < 0.15:
            said += f" = {self.long(0)}"
        kind = self.chance.random()
        if kind < 0.12:
            said += f" \\quad \\text{{{self.chance.choice(CONDITIONS)}}} \\quad {self.equation(0)}"
        elif kind < 0.28:
            said += f"{self.chance.choice(GAPS)} {self.aside()}"
        return said

    def aside(self) -> str:
        """What a formula is said for, after a gap."""
        chance = self.chance
        kind = chance.random()
        if kind < 0.3:
            return f"{chance.choice('ijknmt')} = {chance.choice('012')}, \\ldots, {chance.choice(UPPER)}"
        if kind < 0.4:
            return f"\\forall {self.below()}"
        said = f"{self.symbol()} {self.relation()} {chance.choice([self.symbol, self.number])()}"
        return f"({said})" if kind < 0.55 else said

    def symbol_scripted(self, depth: int) -> str:
        """A letter with what is raised and lowered."""
        return self.scripted(self.symbol(), depth)

    def long(self, depth: int) -> str:
        """A sum of several terms."""
        return self.sum(depth, 4)

    def call(self, depth: int) -> str:
        """A function by its name or letter, of arguments."""
        chance = self.chance
        arguments = [self.sum(depth, 2) for _ in range(chance.randint(1, 3))]
        parted = chance.choice([", ", ", ", " \\mid ", "; ", " | "])
        left, right = chance.choice([("(", ")"), ("(", ")"), ("\\left(", "\\right)"), ("[", "]")])
        inner = parted.join([arguments[0], ", ".join(arguments[1:])]) if len(arguments) > 1 else arguments[0]
        return f"{self.named() if chance.random() < 0.4 else self.symbol()} {left} {inner} {right}"

    def sum(self, depth: int, most: int) -> str:
        """Terms with operations between."""
        said = self.term(depth)
        for _ in range(self.chance.randint(0, most - 1)):
            said += f" {self.operation()} {self.term(depth)}"
        return said

    def term(self, depth: int) -> str:
        """One or two factors."""
        said = self.factor(depth)
        return f"{said} {self.factor(depth)}" if self.chance.random() < 0.35 else said

    def factor(self, depth: int) -> str:
        """A symbol, a number, or with some depth left a structure."""
        kind = self.chance.random()
        if depth <= 0 or kind < 0.3:
            return self.scripted(self.symbol(), depth)
        if kind < 0.4:
            return self.number()
        if kind < 0.5:
            return self.call(depth - 1)
        return self.chance.choice(STRUCTURES)(self, depth - 1)

    def scripted(self, nucleus: str, depth: int) -> str:
        """With what is raised and lowered."""
        chance = self.chance
        said = nucleus
        if nucleus in SPECIALS:
            return said
        if chance.random() < 0.35:
            said += f"_{{{self.script(depth)}}}"
        if chance.random() < 0.3:
            said += f"^{{{self.script(depth)}}}"
        elif chance.random() < 0.06:
            said += "'"
        return said

    def script(self, depth: int) -> str:
        """A small thing."""
        chance = self.chance
        kind = chance.random()
        if kind < 0.4:
            return chance.choice("0123ijknmpqt")
        if kind < 0.6:
            return chance.choice(SCRIPTS)
        if kind < 0.7:
            return f"\\text{{{chance.choice(NAMES)}}}"
        return self.symbol() if depth <= 1 else self.sum(0, 2)

    def fraction(self, depth: int) -> str:
        """One above the other."""
        return f"\\frac{{{self.sum(depth, 2)}}}{{{self.sum(depth, 2)}}}"

    def root(self, depth: int) -> str:
        """A square root, or a higher one."""
        degree = f"[{self.chance.choice('3n4k')}]" if self.chance.random() < 0.2 else ""
        return f"\\sqrt{degree}{{{self.sum(depth, 2)}}}"

    def total(self, depth: int) -> str:
        """A sum, a product, a union."""
        index = self.chance.choice("ijknm")
        operator = self.chance.choice(["sum", "sum", "sum", "prod", "bigcup", "bigoplus"])
        low = self.chance.choice([f"{index}=1", f"{index}=0", f"{index}=1", self.below()])
        high = f"^{{{self.chance.choice(UPPER)}}}" if "=" in low else ""
        return f"\\{operator}_{{{low}}}{high} {self.factor(depth)}"

    def integral(self, depth: int) -> str:
        """With its bounds and differential."""
        low, high = self.chance.choice(BOUNDS)
        kind = self.chance.choice(["int", "int", "int", "oint", "iint"])
        bounds = f"_{{{low}}}" + (f"^{{{high}}}" if high else "")
        return f"\\{kind}{bounds} {self.term(depth)} \\, d{self.chance.choice('xtyzs')}"

    def fenced(self, depth: int) -> str:
        """In brackets as tall as what they hold."""
        left, right = self.chance.choice(FENCES)
        power = f"^{{{self.script(0)}}}" if self.chance.random() < 0.3 else ""
        return f"\\left{left} {self.sum(depth, 3)} \\right{right}{power}"

    def applied(self, depth: int) -> str:
        """A function of something."""
        return f"\\{self.chance.choice(FUNCTIONS)} \\left( {self.sum(depth, 2)} \\right)"

    def limited(self, depth: int) -> str:
        """A limit or an extreme."""
        chance = self.chance
        below = f"{chance.choice('xnt')} \\to {chance.choice(UPPER)}" if chance.random() < 0.4 else self.below()
        return f"\\{chance.choice(LIMITED)}_{{{below}}} {self.factor(depth)}"

    def below(self) -> str:
        """What a sum or an extreme runs over."""
        chance = self.chance
        kind, letter = chance.random(), self.symbol()
        if kind < 0.25:
            return letter
        if kind < 0.35:
            return f"({letter}, {self.symbol()}) \\in {chance.choice(CAPITALS)}"
        said = f"{letter} {chance.choice(BELOW)} {chance.choice([self.symbol, self.digits])()}"
        return f"{chance.randint(0, 1)} \\le {letter} \\le {chance.choice(UPPER)}" if kind < 0.45 else said

    def derivative(self, depth: int) -> str:
        """Of one thing by another."""
        kind = self.chance.choice(["d", "\\partial "])
        return f"\\frac{{{kind}{self.symbol()}}}{{{kind}{self.chance.choice('xtyz')}}}"

    def binomial(self, depth: int) -> str:
        """n over k."""
        return f"\\binom{{{self.chance.choice('nmN')}}}{{{self.chance.choice('kij')}}}"

    def matrix(self, depth: int) -> str:
        """Two or three rows."""
        rows, columns = self.chance.randint(2, 3), self.chance.randint(1, 4)
        cells = [" & ".join(self.cell() for _ in range(columns)) for _ in range(rows)]
        return environment(self.chance.choice(["pmatrix", "bmatrix", "vmatrix"]), cells)

    def cell(self) -> str:
        """An entry of a matrix."""
        return self.scripted(self.symbol(), 0) if self.chance.random() < 0.6 else self.number()

    def cases(self) -> str:
        """One of several."""
        rows = [f"{self.sum(1, 2)} & {self.condition()}" for _ in range(self.chance.randint(1, 2))]
        return environment("cases", [*rows, f"{self.sum(0, 1)} & \\text{{otherwise}}"])

    def condition(self) -> str:
        """When a case holds."""
        word = self.chance.choice(["\\text{if } ", "", "\\text{for } "])
        return f"{word}{self.symbol()} {self.relation()} {self.chance.randint(0, 9)}"

    def aligned(self) -> str:
        """Several lines, aligned at their relations."""
        relation = self.chance.choice(["=", "=", "\\le", "\\approx", "\\sim"])
        right = self.chance.choice([self.long, self.call, self.factor])
        depth = self.chance.choice([0, 1, 2])
        if self.chance.random() < 0.5:
            rows = [f"{self.call(0)} &{relation} {right(depth)}" for _ in range(self.chance.randint(2, 4))]
            return environment("aligned", rows)
        more = [f"&{relation} {right(depth)}" for _ in range(self.chance.randint(1, 3))]
        return environment("aligned", [f"{self.sum(1, 2)} &{relation} {right(depth)}", *more])


def environment(name: str, rows: Sequence[str]) -> str:
    """Rows between \\begin and \\end."""
    return f"\\begin{{{name}}} " + " \\\\ ".join(rows) + f" \\end{{{name}}}"


FLAT: list[Callable[[Formula, int], str]] = [Formula.fraction, Formula.root, Formula.applied, Formula.derivative]
"""What a line of text has room for."""
STRUCTURES: list[Callable[[Formula, int], str]] = [
    Formula.fraction,
    Formula.fraction,
    Formula.fraction,
    Formula.root,
    Formula.total,
    Formula.total,
    Formula.integral,
    Formula.fenced,
    Formula.fenced,
    Formula.applied,
    Formula.limited,
    Formula.derivative,
    Formula.binomial,
    Formula.matrix,
]
