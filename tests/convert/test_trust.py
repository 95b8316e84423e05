"""Text layers that tell the truth, and some that lie, before the model that comes with the program."""

from __future__ import annotations

import re
from collections.abc import Callable

import pymupdf
import pytest
from rapidfuzz.distance import Levenshtein

import vary_cli
from vary_cli import convert
from vary_cli.document import PageText

LINES = (
    "The quick brown fox jumps over the lazy dog.",
    "Reading is seldom harder than writing well.",
    "Every letter of this page can be seen by people,",
    "and most of them by machines that look at it.",
)
RUSSIAN = (
    "Съешь ещё этих мягких французских булок, да выпей чаю.",
    "Московский государственный университет имени Ломоносова",
    "Все счастливые семьи похожи друг на друга, каждая",
    "несчастливая семья несчастлива по-своему.",
)
Change = Callable[[re.Match[bytes]], bytes]


def letter(lines: tuple[str, ...] = LINES, change: Change | None = None) -> pymupdf.Document:
    """A page of lines; `change` is done to what its font says its characters are."""
    document = pymupdf.open()
    page = document.new_page(width=420, height=300)
    page.insert_font(fontname="F0", fontbuffer=pymupdf.Font("tiro").buffer)
    for i, line in enumerate(lines):
        page.insert_text((40, 60 + 24 * i), line, fontname="F0", fontsize=14)
    for xref in range(1, document.xref_length()) if change else ():
        said = document.xref_stream(xref) if document.xref_is_stream(xref) else b""
        if b"beginbfrange" in said:
            document.update_stream(xref, re.sub(rb"<00(..)>$", change, said, flags=re.MULTILINE))
    return document


def error(page: PageText) -> float:
    """Of the characters of LINES, whatever joins them."""
    want = " ".join(LINES)
    return Levenshtein.distance(" ".join(page.text.split()), want) / len(want)


def next_letter(found: re.Match[bytes]) -> bytes:
    return b"<%04x>" % (int(found[1], 16) + 1)


def cyrillic(found: re.Match[bytes]) -> bytes:
    return b"<04%s>" % found[1]


def shifted() -> pymupdf.Document:
    """A page whose layer has its lines each one too low, under a picture of the page as it should be."""
    document = letter((LINES[-1], *LINES[:-1]))
    page = document[0]
    page.draw_rect(page.rect, color=(1, 1, 1), fill=(1, 1, 1))
    page.insert_image((0, 0, 420, 200), pixmap=letter()[0].get_pixmap(dpi=200, clip=(0, 0, 420, 200)))
    return document


def barred() -> pymupdf.Document:
    """A page with a black bar over one of its lines."""
    document = letter((*LINES, "and nobody shall read this line"))
    document[0].draw_rect((30, 140, 400, 165), color=(0, 0, 0), fill=(0, 0, 0))
    return document


@pytest.fixture(scope="module")
def pages() -> dict[str, PageText]:
    """All pages, read in one go, as the program reads them by itself."""
    made = {
        "true": letter(),
        "shifted alphabet": letter(change=next_letter),
        "foreign alphabet": letter(change=cyrillic),
        "shifted lines": shifted(),
        "barred": barred(),
        "russian": letter(RUSSIAN),
    }
    whole = pymupdf.open()
    for document in made.values():
        whole.insert_pdf(document)
    return dict(zip(made, convert(whole.tobytes(), vary_cli.load("vary-nano", device="cpu")).pages, strict=True))


def test_a_true_layer_is_verified_and_kept_to_the_letter(pages: dict[str, PageText]) -> None:
    page = pages["true"]
    assert error(page) == 0
    assert page.method == "layer+model"
    assert page.account.verified > 0.95 * sum(len(line.replace(" ", "")) for line in LINES)
    assert page.account.read == page.account.corrected == 0
    assert page.warnings == ()


@pytest.mark.parametrize("lie", ["shifted alphabet", "foreign alphabet"])
def test_a_layer_in_a_wrong_encoding_is_not_used(pages: dict[str, PageText], lie: str) -> None:
    page = pages[lie]
    assert error(page) < 0.1
    assert page.method == "model"
    assert page.account.read > 100
    assert page.account.verified == page.account.unverified == 0
    assert page.warnings == ("its text layer says other than the page shows and was not used",)


def test_words_that_stand_elsewhere_than_they_say_are_not_used(pages: dict[str, PageText]) -> None:
    assert error(pages["shifted lines"]) < 0.1
    assert pages["shifted lines"].account.verified < 20


def test_text_under_a_bar_is_not_told(pages: dict[str, PageText]) -> None:
    page = pages["barred"]
    assert "nobody" not in page.text
    assert error(page) == 0
    assert page.account.corrected == len("andnobodyshallreadthisline")


def test_a_script_that_the_model_does_not_know_is_unverified_and_not_wrong(pages: dict[str, PageText]) -> None:
    page = pages["russian"]
    assert " ".join(page.text.split()) == " ".join(RUSSIAN)
    assert page.account.corrected == page.account.read == 0
    assert page.account.unverified > 100
