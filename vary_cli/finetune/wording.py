"""An answer in Markdown as the words that can be seen on the page, with marks where something else stands.

Formulas, pictures and raw HTML are seen otherwise than they are written: a BARRIER stands for each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.token import Token

from vary_cli.markup import parse

BARRIER = "\ufffc"
BULLET = "•"
SPACE = re.compile(r"[^\S\n]+")
LEAVES = {"fence": "content", "code_block": "content", "text": "content", "code_inline": "content"}
BREAKS = {"softbreak", "hardbreak"}
MUTE = {"footnote_anchor", "footnote_ref"}


def seen(answer: str) -> str:
    """What can be seen of an answer: a line for each block, words as they stand, items with their marks."""
    text = "".join(words(parse(answer)))
    return "\n".join(line.strip() for line in SPACE.sub(" ", text).split("\n") if line.strip())


def words(tokens: list[Token]) -> Iterator[str]:
    """The words of tokens, blocks ended by a line's end."""
    for token in tokens:
        if token.type in LEAVES:
            yield token.content
        elif token.type in BREAKS:
            yield "\n"
        elif token.type == "list_item_open":
            yield f"\n{token.info}{token.markup} " if token.info else f"\n{BULLET} "
        elif token.children is not None and token.type == "inline":
            yield from words(token.children)
        elif token.nesting == 0 and token.type not in MUTE:
            yield BARRIER
        elif token.block and token.nesting == -1:
            yield "\n"
