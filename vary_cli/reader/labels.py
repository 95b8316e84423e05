"""The page numbers that a PDF says are printed on its pages, from its rules for them (PDF 1.7, 8.3.1)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
SPELLED = 5000
"""Numbers above are written in digits in every style: hostile rules ask for labels of a million letters."""


def labels(rules: Sequence[Mapping[str, Any]], count: int) -> list[str]:
    """A label for each of `count` pages, by pymupdf's rules: dicts of startpage, prefix, style, firstpagenum.

    Pages before the first rule, and pages whose rule says nothing, get their number.
    """
    starts = {int(rule["startpage"]): rule for rule in rules if 0 <= rule["startpage"] < count}
    bounds = [*sorted(starts), count]
    found = [str(number) for number in range(1, bounds[0] + 1)]
    for start, end in itertools.pairwise(bounds):
        found.extend(itertools.islice(ruled(starts[start]), end - start))
    return [label or str(number) for number, label in enumerate(found, 1)]


def ruled(rule: Mapping[str, Any]) -> Iterator[str]:
    """Labels by one rule, without end."""
    prefix = decoded(rule.get("prefix", ""))
    for number in itertools.count(rule.get("firstpagenum", 1)):
        yield prefix + styled(number, rule.get("style", ""))


def styled(number: int, style: str) -> str:
    """A number in one of the PDF's five styles, or nothing."""
    if style not in ("D", "r", "R", "a", "A"):
        return ""
    if style == "D" or not 0 < number <= SPELLED:
        return str(number)
    spelled = roman(number) if style in "rR" else letters(number)
    return spelled.upper() if style.isupper() else spelled


def roman(number: int) -> str:
    """4 -> iv."""
    found = ""
    for value, sign in ROMAN:
        times, number = divmod(number, value)
        found += sign * times
    return found


def letters(number: int) -> str:
    """1 -> a, 26 -> z, 27 -> aa, 28 -> bb."""
    times, index = divmod(number - 1, 26)
    return chr(ord("a") + index) * (times + 1)


def decoded(prefix: str) -> str:
    """A prefix as text: pymupdf leaves those outside of ASCII as the hexadecimal bytes of the file."""
    if prefix == "ageLabel":  # pymupdf 2.0 takes the rule's /Type /PageLabel for its /P
        return ""
    if not (prefix.startswith("<") and prefix.endswith(">")):
        return prefix
    try:
        data = bytes.fromhex(prefix[1:-1])
    except ValueError:
        return prefix
    encoding = "utf-16" if data[:2] in (b"\xfe\xff", b"\xff\xfe") else "utf-8-sig"
    return data.decode(encoding, errors="replace")
