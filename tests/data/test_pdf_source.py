"""What the source of PDFs takes and what it leaves out, by real documents made here."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pymupdf
import pytest

from vary_cli.data import accents
from vary_cli.data.skipped import Skipped
from vary_cli.data.sources import pdf
from vary_cli.errors import UsageError
from vary_cli.example import FORMULA, Example, Glyph

WORDS = "A reader who opens a journal sees at a glance where the title stands and what belongs to it."


def taken(path: Path, **options: object) -> list[Example | Skipped]:
    return list(pdf.taken(path, pdf.Options((path,), **options), random.Random(1)))  # type: ignore[arg-type]


def layered(path: Path, text: str, mode: int = 0, ink: bool = True) -> Path:
    """A page of text; mode 3 hides it. Without ink it stands under white paper."""
    document = pymupdf.open()
    page = document.new_page(width=420, height=300)
    for number in range(6):
        page.insert_text((40, 60 + 20 * number), text[:60], fontsize=11, render_mode=mode)
    if not ink:
        page.draw_rect((0, 0, 420, 300), color=(1, 1, 1), fill=(1, 1, 1))
    document.save(path)
    return path


def test_every_glyph_stands_on_its_ink(make_pdf: Callable[..., Path]) -> None:
    (example,) = taken(make_pdf(WORDS * 3))
    assert isinstance(example, Example)
    assert "".join((example.answer or "").split()) == "".join(g.char for g in example.glyphs or () if g.char != " ")
    dark = np.asarray(example.image) < 128
    for glyph in example.glyphs or ():
        if glyph.char.isalpha():
            x, y, reach = round(glyph.x), round(glyph.y), round(glyph.size / 2)
            assert dark[y - reach : y + 2, x - reach // 2 : x + reach // 2 + 1].any(), glyph


@pytest.mark.parametrize(("mode", "ink"), [(3, True), (0, False)])
def test_text_that_cannot_be_seen_makes_no_example(tmp_path: Path, mode: int, ink: bool) -> None:
    (outcome,) = taken(layered(tmp_path / "a.pdf", WORDS, mode, ink))
    assert isinstance(outcome, Skipped)


def test_pages_in_another_language_are_left_out(make_pdf: Callable[..., Path]) -> None:
    assert taken(make_pdf(WORDS), language="zh") == [Skipped("pdf:paper.pdf#page=1", "not in the language zh")]
    assert isinstance(taken(make_pdf(WORDS), language="en")[0], Example)


def test_regions_carry_the_glyphs_that_are_on_them(make_pdf: Callable[..., Path]) -> None:
    found = taken(make_pdf(WORDS * 2), regions=1.0)
    assert found
    for example in found:
        assert isinstance(example, Example)
        assert all(0 <= glyph.x <= example.image.width for glyph in example.glyphs or ())
        assert "".join((example.answer or "").split()) == "".join(g.char for g in example.glyphs or () if g.char != " ")


def test_without_answers_only_glyphs_are_worked_out(make_pdf: Callable[..., Path]) -> None:
    (example,) = taken(make_pdf(WORDS), answers=False)
    assert isinstance(example, Example)
    assert (example.answer, bool(example.glyphs)) == (None, True)


def test_displays_are_pictures_of_formulas_with_their_glyphs() -> None:
    paper = Path(__file__).parents[2] / "examples" / "paper.pdf"
    (example,) = [one for one in taken(paper, displays=True) if isinstance(one, Example)]
    assert (example.prompt, example.answer) == (FORMULA, None)
    assert "".join(glyph.char for glyph in example.glyphs or ()) == "0 < λ ≤1,(3)"
    dark = np.asarray(example.image) < 128
    for glyph in example.glyphs or ():
        x, y, reach = round(glyph.x), round(glyph.middle), round(glyph.size / 3)
        assert glyph.char == " " or dark[y - reach : y + reach, x - reach : x + reach].any(), glyph


def test_scripts_stand_on_the_line_of_their_letters(tmp_path: Path) -> None:
    document = pymupdf.open()
    page = document.new_page(width=420, height=300)
    page.insert_text((40, 60), "where the sum of x", fontsize=12)
    end = 40 + pymupdf.get_text_length("where the sum of x", fontsize=12)
    page.insert_text((end, 63), "n", fontsize=8)
    page.insert_text((end + 9, 60), "is large", fontsize=12)
    page.insert_text((40, 90), "and another line", fontsize=12)
    document.save(tmp_path / "a.pdf")
    (example,) = taken(tmp_path / "a.pdf", answers=False)
    assert isinstance(example, Example)
    lines: dict[int, str] = {}
    for glyph in sorted(example.glyphs or (), key=lambda glyph: glyph.x):
        lines[glyph.line] = lines.get(glyph.line, "") + glyph.char
    assert [lines[number] for number in sorted(lines)] == ["where the sum of xn is large", "and another line"]


def test_accents_of_tex_are_told_as_of_their_letters() -> None:
    letters = [Glyph("x", 20.0, 50.0, 10.0, 0), Glyph("y", 26.0, 50.0, 10.0, 0)]
    hat, lone = Glyph("ˆ", 21.0, 48.0, 10.0, 0), Glyph("ˆ", 60.0, 48.0, 10.0, 0)
    assert accents.settled([*letters, hat]) == [*letters, letters[0]._replace(char="\u0302")]
    assert accents.settled([*letters, lone]) is None
    assert accents.moved([*letters, lone]) == [*letters, lone]


@pytest.mark.parametrize("options", [{"regions": 0.5}, {"language": "en"}])
def test_displays_are_taken_alone(make_pdf: Callable[..., Path], options: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="--displays"):
        taken(make_pdf(WORDS), displays=True, **options)


def test_files_can_be_left_out_by_name(make_pdf: Callable[..., Path]) -> None:
    paths = [make_pdf(WORDS, name=name) for name in ("a.pdf", "b.pdf")]
    assert pdf.items(pdf.Options(tuple(paths), without=("a.pdf",))) == [paths[1]]
