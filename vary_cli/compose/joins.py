"""Lines joined to a paragraph: hyphens at their ends, blanks between words, none between Chinese characters."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from vary_cli.compose.inline import PLAIN, Sign

WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u3000-\u303f\U00020000-\U0003ffff“”‘’…—]")
_HAN = re.compile(r"[\u2e80-\u2fff\u3040-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_BROKEN = re.compile(r"([A-Za-z\u00c0-\u024f]+)[-\u2010\u00ad]$")
_KEPT = frozenset(["self", "well", "half", "quasi", "cross", "all", "ex"])
"""First parts of compounds that keep their hyphen."""


def paragraph(lines: Sequence[Sequence[Sign]], words: Collection[str] = ()) -> list[Sign]:
    """Lines as one run of signs. `words` are words of the text around: a compound among them keeps its hyphen."""
    joined: list[Sign] = []
    for line in lines:
        if not line:
            continue
        joined = _joined(joined, line, words) if joined else list(line)
    return joined


def _joined(head: list[Sign], tail: Sequence[Sign], words: Collection[str]) -> list[Sign]:
    first, last = _text(head[-80:]), _text(tail[:80])
    broken = None if _is_address(first) else _BROKEN.search(first)
    if broken and last[:1].isalpha() and not (head[-1].look.code or head[-1].look.math):
        if first.endswith("\u00ad") or not _keeps(broken[1], first, last, words):
            return [*head[:-1], *tail]
        return [*head, *tail]
    if (head[-1].char in "-/" and head[-1].look.code and tail[0].look.code) or _goes_on(first, last):
        return [*head, *tail]
    if parted(first[-1:], last[:1]):
        look = head[-1].look if head[-1].look == tail[0].look else PLAIN
        return [*head, Sign(" ", look), *tail]
    return [*head, *tail]


def _text(found: Sequence[Sign]) -> str:
    return "".join(sign.char for sign in found)


def _keeps(part: str, first: str, last: str, words: Collection[str]) -> bool:
    """Whether a hyphen at a line's end is one of the word's own."""
    rest = re.match(r"[^\W\d_]+", last)
    other = rest[0] if rest else ""
    if f"{part}-{other}".lower() in words:
        return True
    if f"{part}{other}".lower() in words:
        return False
    return not other[:1].islower() or part.lower() in _KEPT or bool(re.search(r"\w-\w+-$", first))


def _goes_on(first: str, last: str) -> bool:
    """Whether an address is broken at a line's end."""
    return _is_address(first) and (first[-1] in "-/=&?_%" or (first[-1] == "." and last[:1].islower()))


def _is_address(text: str) -> bool:
    return bool(re.search(r"(://|www\.)\S*$", text))


def parted(left: str, right: str) -> bool:
    """Whether a blank stands between two characters that meet at a line's end."""
    if not left.strip() or not right.strip() or left in "([{":
        return False
    if WIDE.match(left) and WIDE.match(right):
        return False
    wide, other = (left, right) if WIDE.match(left) else (right, left)
    if WIDE.match(wide):
        return bool(_HAN.match(wide)) and other.isalnum()
    return True


def vocabulary(texts: Sequence[str]) -> frozenset[str]:
    """The words of a text that stand within its lines, compounds whole."""
    found: set[str] = set()
    for text in texts:
        found.update(word.lower() for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.rstrip("-\u00ad\u2010")))
    return frozenset(found)
