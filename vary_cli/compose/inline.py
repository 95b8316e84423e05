"""Characters with their looks, as inline Markdown: emphasis, code, formulas, raised signs; other marks are escaped."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vary_cli.compose import formulas
from vary_cli.document import Box, Line, Span
from vary_cli.formula import unicode

ALIKE = 0.6
"""A text that is so like the layer's takes over its looks."""
RAISED = str.maketrans({char: unicode.RAISED[char.replace("−", "-")] for char in "0123456789+-−=()ni"})
_RAISABLE = re.compile(r"[0-9+\-−=()ni]+")
_KINDS = ("bold", "italic")
_PARTING = frozenset(",;…，；、")
_BRACKETS = dict(zip("()[]{}（）⟨⟩〈〉", ")(][}{）（⟩⟨〉〈", strict=True))


class Look(NamedTuple):
    """How a character looks."""

    bold: bool = False
    italic: bool = False
    code: bool = False
    raised: bool = False
    math: bool = False
    """LaTeX of a formula."""


class Sign(NamedTuple):
    """A character and its look."""

    char: str
    look: Look


PLAIN = Look()
FORMULA = Look(math=True)


def signs(text: str, spans: Sequence[Span]) -> list[Sign]:
    """A line's text with the looks that the text layer tells; plain where the layer says something else."""
    said = "".join(span.text for span in spans)
    looks = [look for span, kind in zip(spans, _looks(spans), strict=True) for look in [kind] * len(span.text)]
    if text == said:
        return [Sign(char, kind) for char, kind in zip(text, looks, strict=True)]
    result = [Sign(char, PLAIN) for char in text]
    match = difflib.SequenceMatcher(None, said, text, autojunk=False)
    if said and match.ratio() >= ALIKE:
        for block in match.get_matching_blocks():
            for i in range(block.size):
                result[block.b + i] = Sign(text[block.b + i], looks[block.a + i])
    return result


def with_formulas(found: Sequence[Sign], line: Line, rules: Sequence[Box]) -> list[Sign]:
    """Signs of a line with its formulas in LaTeX; `rules` are the bars of fractions and roots."""
    said, text = line.text, "".join(sign.char for sign in found)
    told = formulas.inline(line.spans, rules) if line.formulas is None else line.formulas
    result = list(found)
    if not told:
        return result
    blocks = difflib.SequenceMatcher(None, said, text, autojunk=False).get_matching_blocks()
    for start, end, latex in reversed(told):
        place = next((b.b - b.a for b in blocks if b.a <= start and end <= b.a + b.size), None)
        if place is not None:
            result[start + place : end + place] = [Sign(char, FORMULA) for char in latex]
    return result


def _looks(spans: Sequence[Span]) -> Iterator[Look]:
    """The look of each span that Markdown has a mark for.

    Characters of formulas are slanted as such, not for emphasis; what is raised within a word, as in TeX, is art.
    """
    for i, span in enumerate(spans):
        after = spans[i + 1].text[:1] if i + 1 < len(spans) else ""
        raised = span.raised and not (span.text.isalpha() and after.isalpha())
        yield Look(raised=raised) if span.math else Look(span.bold, span.italic, span.mono, raised)


def without(found: Sequence[Sign], kind: str) -> list[Sign]:
    """Signs less a look that goes without saying, as bold in a heading."""
    return [sign._replace(look=sign.look._replace(**{kind: False})) for sign in found]


def is_all(found: Sequence[Sign], kind: str) -> bool:
    """Whether all letters but those of code have a look."""
    letters = [sign for sign in found if sign.char.isalpha() and not sign.look.code and not sign.look.math]
    return bool(letters) and all(getattr(sign.look, kind) for sign in letters)


def markdown(found: Sequence[Sign]) -> str:
    """Signs as inline Markdown."""
    tidy = settled(found)
    dollars = sum(sign.char == "$" for sign in tidy) > 1 or any(sign.look.math for sign in tidy)
    parts: list[str] = []
    open_: list[str] = []
    start = 0
    for look, run in itertools.groupby(tidy, key=lambda sign: sign.look):
        words = "".join(sign.char for sign in run)
        parts.append(_turned(open_, look, tidy, start))
        before = tidy[start - 1].char if start else ""
        after = tidy[start + len(words)].char if start + len(words) < len(tidy) else ""
        parts.append(_worded(words, look, before, after, dollars))
        start += len(words)
    parts.append(_turned(open_, PLAIN, tidy, start))
    return "".join(parts)


def _turned(open_: list[str], look: Look, found: Sequence[Sign], start: int) -> str:
    """The marks between two runs: those that end are closed, those that begin are opened, the longer one outside."""
    marks = ""
    while any(not getattr(look, kind) for kind in open_):
        marks += _mark(open_.pop())
    fresh = [kind for kind in _KINDS if getattr(look, kind) and kind not in open_]
    for kind in sorted(fresh, key=lambda kind: -_reach(found, start, kind)):
        open_.append(kind)
        marks += _mark(kind)
    return marks


def _mark(kind: str) -> str:
    return "**" if kind == "bold" else "*"


def _reach(found: Sequence[Sign], start: int, kind: str) -> int:
    return sum(1 for _ in itertools.takewhile(lambda sign: getattr(sign.look, kind), found[start:]))


def _worded(words: str, look: Look, before: str, after: str, dollars: bool) -> str:
    """A run of one look without its emphasis."""
    if look.code:
        return code(words)
    if look.math:
        return f"${words.strip()}$"
    if look.raised and words.strip():
        if _RAISABLE.fullmatch(words):
            return words.translate(RAISED)
        return f"<sup>{escaped(words, dollars=dollars)}</sup>"
    return escaped(words, before, after, dollars)


def settled(found: Sequence[Sign]) -> list[Sign]:
    """Signs whose looks begin and end where Markdown's marks can: at words, not at blanks or within a word."""
    result = [Sign(char, look._replace(raised=look.raised and char != " ")) for char, look in _coded(found)]
    for kind in _KINDS:
        for start, end in stretches(result, kind):
            low, high = _trim(result, start, end)
            for i in (*range(start, low), *range(high, end)):
                result[i] = result[i]._replace(look=result[i].look._replace(**{kind: False}))
    return result


def stretches(found: Sequence[Sign], kind: str) -> Iterator[tuple[int, int]]:
    """Where a look begins and ends."""
    start = 0
    for has, run in itertools.groupby(found, key=lambda sign: bool(getattr(sign.look, kind))):
        end = start + len(list(run))
        if has:
            yield start, end
        start = end


def _trim(found: Sequence[Sign], start: int, end: int) -> tuple[int, int]:
    """A stretch less what does not belong to it at its ends; nothing without a word in it."""
    chars = [sign.char for sign in found]
    while start < end and _is_beside(found, start, start - 1, chars[start + 1 : end]):
        start += 1
    while end > start and _is_beside(found, end - 1, end, chars[start : end - 1]):
        end -= 1
    if not any(char.isalnum() for char in chars[start:end]):
        return start, start
    return start, end


def _is_beside(found: Sequence[Sign], last: int, outer: int, rest: Sequence[str]) -> bool:
    """Whether the last sign of a stretch, before or after the `rest`, belongs to the text around it.

    So do blanks, commas, brackets whose other one stands outside, and signs that touch a word there.
    """
    char = found[last].char
    if char.isspace() or char in _PARTING or (char in _BRACKETS and _BRACKETS[char] not in rest):
        return True
    return not _is_word(found[last]) and 0 <= outer < len(found) and found[outer].char.isalnum()


def _is_word(sign: Sign) -> bool:
    return sign.char.isalnum() and not (sign.look.code or sign.look.math)


def _coded(found: Sequence[Sign]) -> list[Sign]:
    """Code without blanks at its ends, emphasized only with the words around it."""
    result = list(found)
    for start, end in list(stretches(result, "code")):
        shown = [i for i in range(start, end) if not result[i].char.isspace()]
        low, high = (shown[0], shown[-1] + 1) if shown else (start, start)
        before = result[low - 1].look if low else PLAIN
        after = result[high].look if high < len(result) else PLAIN
        for i in range(start, end):
            if low <= i < high:
                bold, italic = (_goes_through(kind, before, after, result[i].look) for kind in _KINDS)
                result[i] = result[i]._replace(look=Look(bold, italic, True))
            else:
                result[i] = result[i]._replace(look=result[i].look._replace(code=False))
    return result


def _goes_through(kind: str, before: Look, after: Look, own: Look) -> bool:
    around = getattr(before, kind), getattr(after, kind)
    return all(around) or (any(around) and getattr(own, kind))


def code(words: str) -> str:
    """A code span."""
    longest = max((len(run) for run in re.findall("`+", words)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{fence}{pad}{words}{pad}{fence}"


def escaped(words: str, before: str = "", after: str = "", dollars: bool = False) -> str:
    """Text with a backslash before the signs that would be read as marks."""
    whole = before + words + after
    shift = len(before)
    return "".join(_escape(whole, i, dollars) + whole[i] for i in range(shift, shift + len(words)))


def _escape(text: str, i: int, dollars: bool) -> str:
    """A backslash, if the sign at a place would be a mark there."""
    char, left, right = text[i], text[i - 1 : i] if i else "", text[i + 1 : i + 2]
    mark = {
        "`": True,
        "*": bool(left.strip() or right.strip()),
        "_": not (left.isalnum() and right.isalnum()) and bool(left.strip() or right.strip()),
        "\\": not right.isalnum() and not right.isspace(),
        "<": right.isalpha() or (right != "" and right in "/!?"),
        "[": bool(re.match(r"\[(\^|[^\]]*\][:\[])", text[i:])),
        "(": left == "]",
        "~": left == "~" or right == "~",
        "$": dollars,
        "&": bool(re.match(r"&(#\d+|#x[0-9a-f]+|\w+);", text[i:], re.IGNORECASE)),
    }.get(char, False)
    return "\\" if mark else ""


def guarded(text: str) -> str:
    """A paragraph whose first sign would make it a heading, a list, a quote or a line."""
    if re.match(r"(#{1,6}(\s|$)|[-+*](\s|$)|>|(=+|-{2,}|~{3,})\s*$)", text):
        return "\\" + text
    return re.sub(r"^(\d{1,9})([.)])(?=\s|$)", r"\1\\\2", text)
