"""What a page says of itself, from PDFs made on the spot."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pymupdf
import pytest

from vary_cli import layer
from vary_cli.document import Span, TextLayer

PALE = (1.0, 1.0, 1.0)


@pytest.fixture
def page() -> Iterator[pymupdf.Page]:
    with pymupdf.open() as document:
        yield document.new_page(width=400, height=300)


def told(page: pymupdf.Page) -> TextLayer:
    found = layer.extract(page, False)
    assert found is not None
    return found


def texts(page: pymupdf.Page) -> list[str]:
    return [line.text for line in told(page).lines]


def span(page: pymupdf.Page, text: str) -> Span:
    return next(span for line in told(page).lines for span in line.spans if span.text.strip() == text)


def photo() -> bytes:
    return pymupdf.Pixmap(pymupdf.csGRAY, (0, 0, 40, 30), False).tobytes("png")


def test_every_character_has_its_place(page: pymupdf.Page) -> None:
    page.insert_text((50, 100), "Hello", fontsize=20)
    found = span(page, "Hello")
    assert found.baseline == pytest.approx(100, abs=0.1)
    assert found.size == pytest.approx(20)
    assert len(found.edges) == 6
    assert found.edges[0] == pytest.approx(50, abs=0.1)
    assert list(found.edges) == sorted(found.edges)


def test_ligatures_are_taken_apart(page: pymupdf.Page) -> None:
    page.insert_font(fontname="F0", fontbuffer=pymupdf.Font("helv").buffer)
    page.insert_text((50, 100), "o\ufb03ce", fontname="F0", fontsize=20)
    assert texts(page) == ["office"]


def test_words_of_a_tight_line_are_parted(page: pymupdf.Page) -> None:
    x = 50.0
    for word in ("providing", "the", "date"):
        page.insert_text((x, 100), word, fontsize=20)
        x += pymupdf.get_text_length(word, fontsize=20) + 0.15 * 20
    assert " ".join(texts(page)) == "providing the date"


def test_letters_that_are_spread_out_stay_one_word(page: pymupdf.Page) -> None:
    x = 50.0
    for char in "spread":
        page.insert_text((x, 100), char, fontsize=20)
        x += pymupdf.get_text_length(char, fontsize=20) + 0.13 * 20
    assert texts(page) == ["spread"]


@pytest.mark.parametrize(
    ("font", "looks"),
    [
        ("hebo", (True, False, False)),
        ("tiit", (False, True, False)),
        ("cour", (False, False, True)),
        ("cobi", (True, True, True)),
        ("tiro", (False, False, False)),
    ],
)
def test_fonts_tell_how_text_looks(page: pymupdf.Page, font: str, looks: tuple[bool, bool, bool]) -> None:
    page.insert_text((50, 100), "Williamsburg", fontname=font)
    found = span(page, "Williamsburg")
    assert (found.bold, found.italic, found.mono) == looks


def test_a_small_high_character_is_raised(page: pymupdf.Page) -> None:
    page.insert_text((50, 100), "word", fontsize=12)
    page.insert_text((50 + pymupdf.get_text_length("word", fontsize=12), 96), "7", fontsize=7)
    assert span(page, "7").raised
    assert not span(page, "word").raised


@pytest.mark.parametrize("how", [{"render_mode": 3}, {"color": PALE}, {"fill_opacity": 0}])
def test_text_that_cannot_be_seen_is_left_out(page: pymupdf.Page, how: dict[str, object]) -> None:
    page.insert_text((50, 100), "Seen")
    page.insert_text((50, 150), "Unseen", **how)
    assert texts(page) == ["Seen"]


def test_white_text_on_a_dark_box_is_seen(page: pymupdf.Page) -> None:
    page.draw_rect((40, 80, 200, 120), fill=(0, 0, 0.5))
    page.insert_text((50, 100), "Seen", color=PALE)
    assert texts(page) == ["Seen"]


def test_text_off_the_page_is_left_out(page: pymupdf.Page) -> None:
    page.insert_text((50, 100), "On")
    page.insert_text((50, 900), "Below")
    assert texts(page) == ["On"]


def test_a_turned_page_is_told_as_it_is_shown(page: pymupdf.Page) -> None:
    page.set_rotation(90)
    page.insert_text(pymupdf.Point(50, 100) * page.derotation_matrix, "Level", rotate=90)
    found = span(page, "Level")
    assert found.baseline == pytest.approx(100, abs=0.5)
    assert found.edges[0] == pytest.approx(50, abs=0.5)


def test_a_layer_of_unknown_characters_is_none(page: pymupdf.Page) -> None:
    page.insert_font(fontname="F0", fontbuffer=pymupdf.Font("helv").buffer)
    page.insert_text((50, 100), "Nonsense", fontname="F0")
    lied = [x for x in range(1, page.parent.xref_length()) if b"beginbf" in (page.parent.xref_stream(x) or b"")]
    for xref in lied:
        page.parent.update_stream(xref, privately(page.parent.xref_stream(xref)))
    assert lied
    assert layer.extract(page, False) is None


def privately(mapping: bytes) -> bytes:
    """A font's map to Unicode with all characters moved to private use."""
    return re.sub(rb"<00(..)>$", rb"<e0\1>", mapping, flags=re.MULTILINE)


def test_words_behind_a_scan_are_no_layer(page: pymupdf.Page) -> None:
    page.insert_text((50, 100), "An old recognition")
    page.insert_image(page.rect, stream=photo())
    assert layer.extract(page, False) is None


def test_a_stamp_on_a_scan_is_no_layer(page: pymupdf.Page) -> None:
    page.insert_image(page.rect, stream=photo())
    page.insert_text((150, 290), "Downloaded from somewhere")
    assert layer.extract(page, False) is None


def test_a_page_without_text_has_no_layer(page: pymupdf.Page) -> None:
    page.draw_line((10, 10), (90, 90))
    assert layer.extract(page, False) is None


def test_rules_shades_and_pictures_are_told_apart(page: pymupdf.Page) -> None:
    page.insert_text((50, 100), "Text")
    page.draw_line((50, 120), (350, 120))
    page.draw_rect((50, 130, 350, 160), color=None, fill=(0.9, 0.9, 0.9))
    page.draw_circle((200, 230), 40)
    found = told(page)
    assert [tuple(map(round, rule)) for rule in found.rules] == [(50, 120, 350, 120)]
    assert [tuple(map(round, shade)) for shade in found.shades] == [(50, 130, 350, 160)]
    assert [tuple(map(round, picture)) for picture in found.pictures] == [(160, 190, 240, 270)]


def test_bookmarks_lead_to_their_lines(page: pymupdf.Page) -> None:
    page.insert_text((50, 100), "Beginning")
    page.parent.set_toc([[1, "Beginning", 1, {"kind": pymupdf.LINK_GOTO, "to": pymupdf.Point(50, 90)}]])
    (entry,) = told(page).outline
    assert (entry.level, entry.title) == (1, "Beginning")
    assert entry.y == pytest.approx(90, abs=1)


@pytest.mark.parametrize("corrected", [True, False])
def test_ink_is_told_alike_whatever_was_set_before(page: pymupdf.Page, corrected: bool) -> None:
    page.insert_text((50, 100), "−∑", fontname="symb", fontsize=20)
    page.insert_text((150, 100), "x", fontsize=20)
    pymupdf.TOOLS.unset_quad_corrections(corrected)
    found = span(page, "x")
    assert found.box[3] - found.box[1] < 0.7 * 20


def test_half_a_pair_of_utf_16_is_no_character(page: pymupdf.Page) -> None:
    page.insert_text((72, 72), "A broken table", fontname="helv")
    document, font = page.parent, page.get_fonts()[0][0]
    table = document.get_new_xref()
    document.update_object(table, "<<>>")
    ranges = b"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <41> <D80D> endbfchar"
    document.update_stream(table, b"begincmap /CMapType 2 def " + ranges + b" endcmap")
    document.xref_set_key(font, "ToUnicode", f"{table} 0 R")
    assert texts(document.reload_page(page)) == ["\ufffd broken table"]
