"""A LaTeX source's own abbreviations written out: \\newcommand, \\def, \\DeclareMathOperator, with plain arguments."""

from __future__ import annotations

import re
from typing import NamedTuple

_NEW = re.compile(
    r"\\(?:re|provide)?(?:newcommand|command)\*?\s*(?:\{\s*\\(?P<a>[A-Za-z]+)\s*\}|\\(?P<b>[A-Za-z]+))\s*(?:\[(?P<count>\d)\])?\s*(?=\{)"
)
_DEF = re.compile(r"\\def\s*\\(?P<a>[A-Za-z]+)(?P<b>(?:#\d)*)\s*(?=\{)")
_OPERATOR = re.compile(r"\\DeclareMathOperator(?P<b>\*?)\s*\{\s*\\(?P<a>[A-Za-z]+)\s*\}\s*(?=\{)")
_COMMENT = re.compile(r"(?<!\\)%.*")
DEEPEST = 8
LARGEST = 2_000_000
"""Characters beyond which a source is left as it is: abbreviations of abbreviations can grow without end."""


class Macro(NamedTuple):
    """An abbreviation."""

    arguments: int
    body: str


def expanded(latex: str) -> str:
    """The source without its definitions, what they define written out."""
    latex = _COMMENT.sub("", latex) if "\\begin{verbatim}" not in latex else latex
    macros: dict[str, Macro] = {}
    for pattern in (_NEW, _DEF, _OPERATOR):
        latex = without(latex, pattern, macros)
    if not macros:
        return latex
    names = "|".join(sorted(macros, key=len, reverse=True))
    call = re.compile(rf"\\({names})(?![A-Za-z])\s*(?:\{{\}})?")
    for _ in range(DEEPEST):
        written = once(latex, call, macros)
        if written == latex or len(written) > LARGEST:
            return latex
        latex = written
    return latex


def without(latex: str, pattern: re.Pattern[str], macros: dict[str, Macro]) -> str:
    """The source without definitions of a kind, which are noted."""
    kept, place = [], 0
    for found in pattern.finditer(latex):
        end = closed(latex, found.end())
        if found.start() < place or end is None:
            continue
        groups = found.groupdict()
        name = str(groups["a"] or groups["b"])
        body = latex[found.end() + 1 : end - 1]
        if pattern is _OPERATOR:
            body = f"\\operatorname{groups['b']}{{{body}}}"
        count = int(groups.get("count") or 0) if pattern is _NEW else str(groups["b"]).count("#")
        macros[name] = Macro(count, body)
        kept.append(latex[place : found.start()])
        place = end
    return "".join([*kept, latex[place:]])


def once(latex: str, call: re.Pattern[str], macros: dict[str, Macro]) -> str:
    """The source with each call replaced by what it stands for; those without their arguments stay."""
    kept, place = [], 0
    for found in call.finditer(latex):
        if found.start() < place:
            continue
        macro = macros[found[1]]
        given, end = arguments(latex, found.end(), macro.arguments)
        if len(given) < macro.arguments:
            continue
        body = re.sub(r"#(\d)", lambda spot, given=given: argument(given, int(spot[1])), macro.body)  # type: ignore[misc]
        space = " " if re.search(r"\\[A-Za-z]+$", body) and latex[end : end + 1].isalpha() else ""
        kept += [latex[place : found.start()], body, space]
        place = end
    return "".join([*kept, latex[place:]])


def argument(given: list[str], number: int) -> str:
    """What stands for #1."""
    return given[number - 1] if 0 < number <= len(given) else ""


def arguments(latex: str, place: int, count: int) -> tuple[list[str], int]:
    """So many groups in braces from a place on, as far as they are there, and where they end."""
    given: list[str] = []
    while len(given) < count:
        start = place
        while latex[start : start + 1].isspace():
            start += 1
        end = closed(latex, start) if latex[start : start + 1] == "{" else None
        if end is None:
            break
        given.append(latex[start + 1 : end - 1])
        place = end
    return given, place


def closed(latex: str, start: int) -> int | None:
    """Behind the brace that closes the one at `start`."""
    depth = 0
    for found in re.finditer(r"\\.|[{}]", latex[start : start + 20_000], re.DOTALL):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return start + found.end()
    return None
