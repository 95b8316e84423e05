"""Which pages are meant: the grammar of `--pages`. Knows no documents, only how many pages they have and their labels.

A selection is pieces with commas between them, pages counted from 1, both ends included:

    7        a page                 r1       the last page, r2 the one before
    1-3      a range                r3-r1    a range counted from the end
    5-       from there on          -4       up to there
    odd      every odd page         even     every even page
    all      every page             label:iv-x    by the numbers printed on the pages
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vary_cli.errors import UsageError

BOUND = re.compile(r"(r?)([1-9][0-9]{0,8})", re.IGNORECASE)
STEPS = {"all": (1, 1), "odd": (1, 2), "even": (2, 2)}
"""First page and step of the pieces that are words."""
GRAMMAR = "pages are 1-3,7,5-,-4,r1,r3-r1,odd,even,all or label:iv-x; they count from 1"


@dataclass(frozen=True)
class Pages:
    """What there is to choose from."""

    count: int
    labels: Sequence[str]
    name: str


@dataclass(frozen=True)
class Bound:
    """One end of a range."""

    number: int
    backwards: bool
    """Counted from the last page."""

    def page(self, pages: Pages) -> int:
        """Its page; UsageError if there is none."""
        number = pages.count + 1 - self.number if self.backwards else self.number
        if not 1 <= number <= pages.count:
            raise missing(f"page {self} does not exist: {pages.name} has {amount(pages.count)}")
        return number

    def __str__(self) -> str:
        return f"r{self.number}" if self.backwards else str(self.number)


@dataclass(frozen=True)
class Range:
    """Pages from one bound to another; a single page is both bounds."""

    text: str
    first: Bound
    last: Bound

    def numbers(self, pages: Pages) -> Iterable[int]:
        """Its pages. Raises UsageError if one does not exist or there are none between the bounds."""
        first, last = self.first.page(pages), self.last.page(pages)
        if first > last:
            raise missing(f"no page is in {self.text!r}: {pages.name} has {amount(pages.count)}")
        return range(first, last + 1)


@dataclass(frozen=True)
class Step:
    """Every page from one on, in equal steps."""

    first: int
    step: int

    def numbers(self, pages: Pages) -> Iterable[int]:
        """Its pages, possibly none."""
        return range(self.first, pages.count + 1, self.step)


@dataclass(frozen=True)
class Label:
    """Pages by the numbers printed on them: one label, or two with a hyphen between them."""

    text: str

    def numbers(self, pages: Pages) -> Iterable[int]:
        """Every page with the label, else the pages between two labels. Raises UsageError if there are none."""
        whole = [number for number, label in enumerate(pages.labels, 1) if label == self.text]
        return whole or self.between(pages)

    def between(self, pages: Pages) -> Iterable[int]:
        """Pages from the first one with a label to the next one with another; labels may hold hyphens themselves."""
        labels = list(pages.labels)
        for hyphen in re.finditer("-", self.text):
            start, end = self.text[: hyphen.start()].strip(), self.text[hyphen.end() :].strip()
            if start in labels and end in labels[labels.index(start) :]:
                first = labels.index(start)
                return range(first + 1, labels.index(end, first) + 2)
        raise missing(f"no page of {pages.name} is labelled {self.text!r}", f"its labels are {shown(labels)}")


@dataclass(frozen=True)
class Selection:
    """Some pages of any document."""

    text: str
    pieces: tuple[Range | Step | Label, ...]

    def numbers(self, page_count: int, labels: Sequence[str] = (), name: str = "the document") -> list[int]:
        """The pages meant, counted from 1, sorted, none twice.

        Raises UsageError, in which `name` is the document's, if a page does not exist or none is meant.
        """
        pages = Pages(page_count, labels, name)
        found = sorted({number for piece in self.pieces for number in piece.numbers(pages)})
        if not found:
            raise missing(f"no page is in {self.text!r}: {name} has {amount(page_count)}")
        return found


def parse(text: str) -> Selection:
    """The selection that a text says. Raises UsageError that names the bad piece."""
    return Selection(text, tuple(piece(part.strip()) for part in text.split(",")))


def piece(text: str) -> Range | Step | Label:
    """What one piece between commas says."""
    word = text.lower()
    if word in STEPS:
        return Step(*STEPS[word])
    if word.startswith("label:") and text[6:].strip():
        return Label(text[6:].strip())
    return span(text)


def span(text: str) -> Range:
    """A page or a range of pages."""
    start, hyphen, end = (part.strip() for part in text.partition("-"))
    if not start and not end:
        raise bad(text)
    first = bound(start, text) if start else Bound(1, False)
    last = bound(end, text) if end else Bound(1, True) if hyphen else first
    if inverted(first, last):
        raise bad(text, "its end comes before its start")
    return Range(text, first, last)


def inverted(first: Bound, last: Bound) -> bool:
    """Whether a range runs backwards in every document."""
    later, earlier = (first, last) if first.backwards else (last, first)
    return first.backwards == last.backwards and later.number < earlier.number


def bound(text: str, whole: str) -> Bound:
    """One end of the range `whole`."""
    match = BOUND.fullmatch(text)
    if match is None:
        raise bad(whole)
    return Bound(int(match[2]), bool(match[1]))


def bad(text: str, why: str = "") -> UsageError:
    """The error that names a bad piece."""
    return UsageError(f"{text!r} is not a page or a range of pages" + (f": {why}" if why else ""), GRAMMAR)


def missing(message: str, hint: str = "") -> UsageError:
    """The error of a page that is not there."""
    return UsageError(message, hint, "page_missing")


def amount(count: int) -> str:
    """1 page, 2 pages."""
    return f"{count} page" + "s" * (count != 1)


def shown(labels: Sequence[str]) -> str:
    """Some labels, not more than a line of them."""
    few = [*labels[:6], "...", labels[-1]] if len(labels) > 8 else labels
    return ", ".join(few) or "not set"
