"""A model's text as canonical Markdown. Pure str -> str; knows no model and no page.

Whatever style a model writes, what comes out is the dialect of `markup`: formulas between dollars, tables with pipes
(HTML where cells span), blocks parted by one blank line, code and formulas closed. `tidy(tidy(x)) == tidy(x)`.
"""

from __future__ import annotations

import re
import unicodedata

from vary_cli import markup, mathpix, table
from vary_cli.repetition import repeated_suffix

__all__ = ["clean", "repeated_suffix", "tidy"]

_PASSES = 8
"""What one pass uncovers the next one tidies; more than three are not met outside of made-up texts."""
_HIDDEN = re.compile("\ufdd0(\\d+)\ufdd1")
_UNSEEN = re.compile(r"[\u200b\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]")
_LINE_ENDS = re.compile(r"\r\n?|[\v\f\u0085\u2028\u2029]")
_HTML_TABLE = re.compile(r"<table\b[\s\S]*?(?:</table\s*>|\Z)", re.IGNORECASE)
_ALONE = re.compile("^\ufdd0(\\d+)\ufdd1$", re.MULTILINE)
_BULLET = re.compile(r"^( *)[*•◦▪●] +(?=\S)(?!\*)")
_HEADING = re.compile(r"#{1,6} ")


def tidy(text: str) -> str:
    """The text in canonical form, without line breaks around it."""
    for _ in range(_PASSES):
        tidied = _tidied_once(text)
        if tidied == text:
            break
        text = tidied
    return text


def clean(text: str) -> str:
    """Composed characters (NFC), line feeds only, nothing that does not show and nothing that steers a terminal."""
    text = _UNSEEN.sub("", _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text)))
    kept = (char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", "".join(kept))


class _Shelf:
    """Keeps code and formulas out of the way while the prose around them is worked on."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def hide(self, piece: str) -> str:
        """A sign in place of the piece; line breaks at its end stay in sight."""
        body = piece.rstrip("\n")
        self.pieces.append(body)
        return f"\ufdd0{len(self.pieces) - 1}\ufdd1{piece[len(body) :]}"

    def display(self, found: re.Match[str]) -> str:
        """A display that stands alone on its line, as a block of its own."""
        piece = self.pieces[int(found[1])]
        if not piece.startswith("$$"):
            return found[0]
        self.pieces[int(found[1])] = f"$$\n{piece.strip('$').strip()}\n$$"
        return f"\n{found[0]}\n"

    def shown(self, text: str) -> str:
        """The text with its pieces back in place."""
        while _HIDDEN.search(text):
            text = _HIDDEN.sub(lambda found: self.pieces[int(found[1])], text)
        return text


def _tidied_once(text: str) -> str:
    shelf = _Shelf()
    prose = _prose(markup.closed(clean(text)), shelf)
    prose = _HTML_TABLE.sub(lambda found: _table(found[0]), prose)
    prose = _ALONE.sub(shelf.display, "\n".join(line.rstrip() for line in prose.split("\n")))
    return shelf.shown(_lines(prose)).strip("\n")


def _prose(text: str, shelf: _Shelf) -> str:
    """The text with code and formulas on the shelf and LaTeX's structure made Markdown's."""
    pieces = list(markup.pieces(text))
    words = "".join(piece for kind, piece in pieces if kind == "prose")
    dollars_are_money = mathpix.has_formulas(words)
    kept = ("prose", "math") if dollars_are_money else ("prose",)
    prose = "".join(piece if kind in kept else shelf.hide(_piece(kind, piece)) for kind, piece in pieces)
    if not dollars_are_money and not mathpix.is_mathpix(words):
        return prose
    return mathpix.structure(mathpix.formulas(prose, shelf.hide))


def _piece(kind: markup.Kind, piece: str) -> str:
    """A formula without blanks at its ends and without blank lines; code as it is."""
    if kind == "code":
        return piece
    marks = "$$" if piece.startswith("$$") else "$"
    body = [line.strip() for line in piece[len(marks) : -len(marks)].split("\n") if line.strip()]
    return f"{marks}{chr(10).join(body)}{marks}" if body else ""


def _table(html: str) -> str:
    """A table in canonical form; one without cells is nothing."""
    rows = table.from_html(html)
    return f"\n\n{table.markdown(rows)}\n\n" if rows else ""


def _lines(text: str) -> str:
    """Lines without blanks at their ends, one kind of bullet, blank lines around headings and never two together."""
    kept: list[str] = []
    for line in text.split("\n"):
        line = _BULLET.sub(r"\1- ", line.rstrip())
        if kept and kept[-1] and (_HEADING.match(line) or _HEADING.match(kept[-1])) and line:
            kept.append("")
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept)
