"""What stands in two dimensions, seen by the glyph head."""

from __future__ import annotations

import pymupdf
import pytest
import torch
from PIL import Image, ImageDraw
from shrunken import spec

from vary_cli import model as models
from vary_cli.example import BOLD, FORMULA, ITALIC, Example, Glyph
from vary_cli.model.blocks import WEIGHTY, BlockReader, placed, weighed
from vary_cli.model.glyphs import ReadGlyph
from vary_cli.model.looks import Look, looks_at
from vary_cli.model.strips import BASELINE, BLOCK_EM, EM, ENLARGED, HEIGHT
from vary_cli.model.vary import VaryModel


def drawn(width: int, height: int) -> Example:
    image = Image.new("L", (width, height), 255)
    ImageDraw.Draw(image).rectangle((8, 8, 20, height - 9), fill=0)
    return Example(image, FORMULA, em=BLOCK_EM)


def reader() -> BlockReader:
    torch.manual_seed(0)
    model = VaryModel(spec("vary_nano")).eval()
    assert model.glyphs is not None
    return BlockReader(model.vocabulary, model.glyphs, 60)


def test_a_block_alone_is_seen_as_among_others() -> None:
    examples = [drawn(90, 40), drawn(60, 90), drawn(200, 40), drawn(61, 90)]
    read = reader()
    together = list(read(examples))
    alone = [next(read([example])) for example in examples]
    for one, other in zip(together, alone, strict=True):
        assert [g.char for g in one.glyphs or ()] == [g.char for g in other.glyphs or ()]
        assert one.text == ""
        assert one.account.read == len(one.glyphs or ())


@pytest.mark.parametrize(
    "em",
    [
        48.0,
        34.0,
        28.0,
        pytest.param(
            26.0, marks=pytest.mark.xfail(strict=True, reason="vary-nano reads C+KΓ here; the weights before did not")
        ),
    ],
)
def test_text_of_another_size_than_was_thought_is_read_anew(em: float) -> None:
    page = pymupdf.open().new_page(width=110, height=30)
    page.insert_text((8, 20), "E = mc + kT", fontsize=12, fontname="tiro")
    pixels = page.get_pixmap(dpi=288, colorspace=pymupdf.csGRAY)
    image = Image.frombytes("L", (pixels.width, pixels.height), pixels.samples)
    (answer,) = models.load(device="cpu").transcribe([Example(image, FORMULA, em=em)])
    assert "".join(glyph.char for glyph in answer.glyphs or ()) == "E=mc+kT"
    assert all(36 < glyph.size < 60 for glyph in answer.glyphs or ())


def test_a_glyph_stands_well_within_a_row_once() -> None:
    first, second, *enlarged = looks_at(0, drawn(64, 64).image, BLOCK_EM)
    assert second.top - first.top == HEIGHT // 2
    assert first.pixels.shape[1] == second.pixels.shape[1] == 64
    assert all(look.pixels.shape[1] == round(64 * ENLARGED) for look in enlarged)
    assert [look.top - enlarged[0].top for look in enlarged] == [0, 8, 16, 24]


def test_in_formulas_it_takes_less_to_be_bold() -> None:
    glyph = Glyph("x", 10, 10, 20, 0, ITALIC)
    told = [weighed(glyph._replace(bold=odds)) for odds in (0.5 - WEIGHTY, -0.5 - WEIGHTY)]
    assert [(one.style, one.bold) for one in told] == [(BOLD | ITALIC, 0.5), (ITALIC, -0.5)]
    assert weighed(glyph) == glyph


def test_places_are_those_of_the_picture() -> None:
    example = drawn(100, 100)
    look = Look(0, next(looks_at(0, example.image, BLOCK_EM)).pixels, 8, 0.5)
    inside = ReadGlyph("x", 3.0, 0.9, 0, 0.0, BLOCK_EM / EM)
    ((glyph, probability),) = placed([inside], 1, look, 8)
    assert (glyph.x, glyph.y, glyph.size) == (48.0, (HEIGHT + BASELINE - 8) / 0.5, BLOCK_EM / 0.5)
    assert probability == 0.9
    assert not list(placed([ReadGlyph("x", 3.0, 0.9, 0, -0.5, 0.8)], 1, look, 8))  # it stands on the row's border
