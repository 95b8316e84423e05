"""Numbers as charts print them: with separators, signs and percent signs, and as small print is misread."""

from __future__ import annotations

import re

MISREAD = {"0": "oOQ〇○D", "1": "lI|!i", "5": "sS", "8": "B", "-": "−–—", ",": "，", ".": "．。·"}
"""What stands for a digit or a sign where print is small."""
TRUE = str.maketrans({wrong: right for right, all_wrong in MISREAD.items() for wrong in all_wrong})
MARKS = "-.,:;'_~^|·"
"""What is read of an axis's mark beside a number."""
THOUSANDS = re.compile(r"([1-9]\d{0,2})\.(\d{3})(?!\d)")
"""A comma that was taken for a point: three digits after it."""
FORM = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?%?|[+-]?\.\d+%?")


def number(text: str) -> float | int | None:
    """The number that a text says, whole where it is printed so; None if it says none."""
    told = text.replace(" ", "")
    plain = told.translate(TRUE).rstrip(MARKS).lstrip(";:,")
    if not FORM.fullmatch(plain):
        return None
    plain = THOUSANDS.sub(r"\1\2", plain).replace(",", "").rstrip("%")
    return float(plain) if "." in plain else int(plain)


def rounded(value: float, step: float) -> float | int:
    """A value as far as it could be measured, to a digit below `step`."""
    digits = 0
    while step < 1 and digits < 6:
        step, digits = step * 10, digits + 1
    return round(float(value), digits) if digits else round(float(value))
