"""Documents made up of running text: headings, paragraphs with emphasis, lists, tables, code, formulas, footnotes.

The words come from the user's files, their arrangement from chance. What is composed is Markdown; what cannot be drawn
with the type at hand is left out of it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field

from vary_cli import table
from vary_cli.compose import inline
from vary_cli.data.manuscript import Block
from vary_cli.data.manuscript.canonical import INDENT, fenced
from vary_cli.data.manuscript.formulas import Formula
from vary_cli.data.text import Texts

SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z(“\"])|(?<=[。！？；])")
FORMAL = 0.15
"""Share of words that are formulas instead where most lines have one."""
SIGNS = re.compile(r"[`*_\\<\[~$&]")


@dataclass(frozen=True)
class Voice:
    """What a document may say and show."""

    texts: Texts
    chinese: bool
    mixed: bool
    """Both languages in one document."""
    drawable: Container[str]
    """Characters that the type has."""
    bold: bool = True
    """Whether bold words can be told from others."""
    italic: bool = True
    code: tuple[str, ...] = ()
    """Source files to take code from."""
    wide: int = 60
    """Latin characters that fit on a line."""
    formal: float = 0.0
    """Share of paragraphs with a formula in most lines."""


@dataclass
class Composer:
    """One document being composed; it numbers its footnotes and formulas."""

    voice: Voice
    chance: random.Random
    level: int = 1
    notes: int = 0
    formulas: int = field(default=0)

    def blocks(self) -> Iterator[Block]:
        """Blocks without end."""
        makers, weights = zip(*KINDS.items(), strict=True)
        last = None
        while True:
            maker = self.chance.choices(makers, weights)[0]
            block = maker(self) if maker is not last or maker is Composer.paragraph else None
            if block is not None:  # two lists, one after the other, would be one
                last = maker
                yield block

    def said(self, most: int) -> str:
        """Some sentences of a paragraph, in plain characters that can be drawn."""
        found = (self.excerpt(most) for _ in range(20))
        return next((text for text in found if len(text) > 1), "1")

    def excerpt(self, most: int) -> str:
        """What a try finds; it may be nothing."""
        voice, chance = self.voice, self.chance
        chinese = voice.chinese != (voice.mixed and chance.random() < 0.3)
        sentences = SENTENCE.split(voice.texts.paragraph(chance, chinese))
        start = chance.randrange(len(sentences))
        text = ""
        for sentence in sentences[start:]:
            if text and len(text) + len(sentence) > most:
                break
            text += (" " if text and text[-1].isascii() else "") + sentence
        return " ".join("".join(char for char in cut(text, most) if char == " " or char in voice.drawable).split())

    def words(self, most: int) -> str:
        """A few words, as a heading or a cell holds."""
        text = re.split(r"[,.;:!?()，。；：！？（）“”\"]", self.said(400))
        found = [cut(part.strip(), most) for part in text if len(part.strip()) > 1]
        return self.chance.choice(found) if found else "1"

    def heading(self) -> Block:
        """A heading at most one level below the last."""
        self.level = self.chance.randint(1, min(4, self.level + 1))
        number = ""
        if self.chance.random() < 0.25:
            number = ".".join(str(self.chance.randint(1, 9)) for _ in range(self.level)) + " "
        formula = f" ${Formula(self.chance).inline()}$" if self.chance.random() < 0.04 else ""
        return Block(f"{'#' * self.level} {number}{escaped(self.words(50))}{formula}")

    def paragraph(self) -> Block:
        """Running text, sometimes with a footnote."""
        notes: list[tuple[str, str]] = []
        said = self.said(self.chance.randint(80, 700))
        text = self.formal(said) if self.chance.random() < self.voice.formal else self.phrase(said, 0.35)
        if self.chance.random() < 0.08:
            self.notes += 1
            notes.append((str(self.notes), self.phrase(self.said(120), 0.1)))
            text += f"[^{self.notes}]"
        return Block(inline.guarded(text), tuple(notes))

    def phrase(self, text: str, share: float) -> str:
        """Plain words as Markdown; with a chance of `share` some of them look otherwise, or are formulas."""
        if self.chance.random() >= share or len(text) < 12:
            return escaped(text)
        parts = parted(text)
        places = [i for i, part in enumerate(parts) if is_plain(part)]
        chosen = set(self.chance.sample(places, min(len(places), self.chance.randint(1, 3))))
        return "".join(self.marked(part) if i in chosen else escaped(part) for i, part in enumerate(parts))

    def formal(self, text: str) -> str:
        """Plain words as Markdown, with a formula in most lines."""
        share = FORMAL if " " in text else 2 * FORMAL  # of words, of clauses
        return "".join(
            f"${Formula(self.chance).inline()}$" if is_plain(part) and self.chance.random() < share else escaped(part)
            for part in parted(text)
        )

    def marked(self, word: str) -> str:
        """A word that stands out, or a formula in its place."""
        kind = self.chance.random()
        if kind < 0.25:
            return f"${Formula(self.chance).inline()}$"
        if kind < 0.45 and word.isascii():
            return inline.code(word)
        if kind < 0.75 and self.voice.bold:
            return f"**{word}**"
        if kind < 0.97 and self.voice.italic and word.isascii():
            return f"*{word}*"
        return f"~~{word}~~" if kind > 0.97 else word

    def listing(self) -> Block:
        """Items, numbered or not, now and then with items of their own."""
        ordered = self.chance.random() < 0.4
        return Block("\n".join(self.items(ordered, self.chance.randint(2, 6), 0)))

    def items(self, ordered: bool, count: int, depth: int) -> Iterator[str]:
        """Lines of a list."""
        first, sign = self.chance.choice([1, 1, 1, 1, self.chance.randint(2, 30)]), self.chance.choice([".", ".", ")"])
        first = 1 if depth else first  # a list within an item's text begins with 1
        most = self.chance.choice([30, 60, 120, 200])
        for number in range(count):
            mark = f"{first + number}{sign}" if ordered else "-"
            text = inline.guarded(self.phrase(self.said(most), 0.15))
            yield f"{' ' * INDENT * depth}{mark} {text}"
            if depth == 0 and self.chance.random() < 0.12:
                yield from self.items(self.chance.random() < 0.4, self.chance.randint(1, 3), 1)

    def table(self) -> Block:
        """Words, numbers and formulas in rows; some cells span."""
        columns = self.chance.randint(2, max(2, min(7, self.voice.wide // 12)))
        room = max(6, self.voice.wide // columns - 4)
        kinds = [self.chance.choice("wwnnnpf") for _ in range(columns)]
        head = tuple(table.Entry(self.phrase(self.words(min(room, 16)), 0), header=True) for _ in kinds)
        body = [tuple(table.Entry(self.cell(kind, room)) for kind in kinds) for _ in range(self.chance.randint(2, 9))]
        rows = [head, *body]
        if self.chance.random() < 0.2:
            rows = merged(rows, self.chance)
        return Block(table.markdown(tuple(rows)))

    def cell(self, kind: str, room: int) -> str:
        """What stands in a cell of a column of its kind: words, numbers, percentages, formulas."""
        chance = self.chance
        if chance.random() < 0.05:
            return chance.choice(["-", "", "—", "n/a"])
        if kind == "n":
            return f"{chance.uniform(-50, 1000):.{chance.randint(0, 3)}f}"
        if kind == "p":
            return f"{chance.uniform(0, 100):.1f}%"
        if kind == "f" and chance.random() < 0.5:
            return f"${Formula(chance).scripted(chance.choice('abxyz'), 0)}$"
        return self.phrase(self.words(min(room, 24)), 0.05)

    def code(self) -> Block | None:
        """Lines of a source file, as they fit."""
        if not self.voice.code:
            return None
        lines = self.chance.choice(self.voice.code).split("\n")
        start = self.chance.randrange(len(lines))
        taken = [line.expandtabs(4).rstrip() for line in lines[start : start + self.chance.randint(2, 14)]]
        fitting = [line for line in taken if len(line) <= self.voice.wide and all(is_code(char) for char in line)]
        indent = min((len(line) - len(line.lstrip()) for line in fitting if line), default=0)
        shown = "\n".join(line[indent:] for line in fitting).strip("\n")
        return Block(fenced(shown)) if shown.strip() else None

    def formula(self) -> Block:
        """A display, sometimes numbered."""
        number = ""
        if self.chance.random() < 0.25:
            self.formulas += 1
            number = f" \\tag{{{self.formulas}}}"
        return Block(f"$$\n{Formula(self.chance).display()}{number}\n$$")

    def quotation(self) -> Block:
        """What someone else said."""
        return Block(f"> {inline.guarded(self.phrase(self.said(240), 0.1))}")


KINDS: dict[Callable[[Composer], Block | None], float] = {
    Composer.paragraph: 12,
    Composer.heading: 3.5,
    Composer.listing: 2.5,
    Composer.table: 2,
    Composer.formula: 2,
    Composer.code: 1.2,
    Composer.quotation: 0.6,
}
"""What a document is made of, and how often."""


def escaped(text: str) -> str:
    """Words with a backslash before what would be read as a mark; most have none."""
    return inline.escaped(text, dollars=True) if SIGNS.search(text) else text


def cut(text: str, most: int) -> str:
    """The beginning of a text, whole words of it."""
    if len(text) <= most:
        return text
    space = text.rfind(" ", 0, most + 1)
    return text[: space if space > most // 2 else most]


def parted(text: str) -> list[str]:
    """A text's words and blanks; of one without blanks, its clauses and marks."""
    return re.split(r"( )" if " " in text else r"([，。；：！？、（）《》“”])", text)


def is_plain(part: str) -> bool:
    """Whether marks can stand right around a part of a text: it begins and ends with a letter or digit."""
    return len(part) > 1 and part[0].isalnum() and part[-1].isalnum() and len(part) < 24


def is_code(char: str) -> bool:
    """Whether type of one width is sure to have a character."""
    return " " <= char <= "~"


def merged(rows: list[table.Row], chance: random.Random) -> list[table.Row]:
    """Rows of which one has an entry that spans two columns, or two rows have one in common."""
    row = chance.randrange(len(rows) - 1)
    column = chance.randrange(len(rows[0]) - 1)
    if chance.random() < 0.5:
        wide = table.Entry(rows[row][column].text, 1, 2, rows[row][column].header)
        rows[row] = (*rows[row][:column], wide, *rows[row][column + 2 :])
    else:
        tall = table.Entry(rows[row][column].text, 2, 1, rows[row][column].header)
        rows[row] = (*rows[row][:column], tall, *rows[row][column + 1 :])
        rows[row + 1] = (*rows[row + 1][:column], *rows[row + 1][column + 1 :])
    return rows
