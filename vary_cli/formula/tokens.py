"""A formula as a row of tokens to take from, and what single tokens become. Knows no grammar."""

from __future__ import annotations

import re
import unicodedata

from vary_cli.formula import signs

_TOKEN = re.compile(r"\\(?:operatorname\*|[A-Za-z]+)|\\[\s\S]|\s+|[\s\S]")
_ROW_HEIGHT = re.compile(r"\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in)\s*\]")
_PLACE = re.compile(r"\[[tbc]\]")
_TEXT = re.compile(r"[\u00c0-\u017f\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_ESCAPED_WORDS = frozenset(["\\{", "\\}", "\\%", "\\&", "\\#", "\\$", "\\_", "\\ ", "\\,"])


class Unfit(Exception):
    """The formula holds what cannot be vouched for."""


class Tokens:
    """Commands, runs of blanks and single characters, taken from the front."""

    def __init__(self, latex: str) -> None:
        self.tokens: list[str] = _TOKEN.findall(latex)[::-1]

    def peek(self) -> str:
        """The next token; '' at the end."""
        return self.tokens[-1] if self.tokens else ""

    def take(self) -> str:
        """The next token, taken away."""
        if not self.tokens:
            raise Unfit
        return self.tokens.pop()

    def put_back(self, latex: str) -> None:
        """What is to be read next."""
        self.tokens += _TOKEN.findall(latex)[::-1]

    def expect(self, token: str) -> None:
        """Take blanks and this token."""
        self.skip_blanks()
        if self.take() != token:
            raise Unfit

    def skip_blanks(self) -> None:
        """Take what only separates."""
        while self.peek().isspace():
            self.tokens.pop()

    def skip_star(self) -> None:
        """Take the star of a command's other form."""
        if self.peek() == "*":
            self.tokens.pop()

    def skip_row_height(self) -> None:
        """After the end of a row: take its option, shield what only looks like one."""
        self._skip_option(_ROW_HEIGHT)

    def skip_place(self) -> None:
        """After the beginning of an environment: the same."""
        self._skip_option(_PLACE)

    def _skip_option(self, option: re.Pattern[str]) -> None:
        self.skip_blanks()
        found = option.match("".join(self.tokens[:-30:-1]))
        if found:
            del self.tokens[-len(_TOKEN.findall(found[0])) :]
            self.skip_blanks()
        if self.peek() in ("[", "*"):
            self.tokens += ["}", "{"]


def character(token: str) -> str:
    """A single character in math mode."""
    if token in "%#":
        return f"\\{token}"
    if token.isascii() and token.isprintable() and token not in "&${}^_\\":
        return token
    return _sign(token, f"\\text{{{token}}}")


def word(token: str) -> str:
    """A token among words."""
    if token in _ESCAPED_WORDS:
        return token
    if token in "_%&#":
        return f"\\{token}"
    if token.isspace():
        return " "
    if token.isascii() and token.isprintable() and token[0] not in "\\^":
        return token
    return _sign(token, token)


def _sign(token: str, as_text: str) -> str:
    """What is not ASCII: a letter that fonts for text have, or a sign of mathematics."""
    if len(token) == 1 and _TEXT.match(token) and unicodedata.category(token)[0] in "LP":
        return as_text
    known = signs.in_math(token) if len(token) == 1 and not token.isascii() else None
    if known is None:
        raise Unfit
    return known if as_text != token else f"\\ensuremath{{{known}}}"


def joined(said: str, item: str) -> str:
    """A command's name does not run into the letter that follows it."""
    runs_on = item[:1].isalpha() and re.search(r"\\[A-Za-z]+$", said)
    return f"{said} {item}" if runs_on else said + item


def aligned(body: str, columns: int, rows: int) -> str:
    """Rows and columns in an environment that takes them anywhere; a single cell as it is."""
    return f"\\begin{{aligned}}{body}\\end{{aligned}}" if columns > 1 or rows > 1 else body


def array_shape(columns: str) -> tuple[str, int]:
    """The columns of an array in braces, and how many they are."""
    columns = columns.replace(" ", "")
    if not columns or columns.strip("lcr|"):
        raise Unfit
    return f"{{{columns}}}", len(columns.replace("|", ""))
