"""Pages without a text layer, drawn on the spot: what their pixels alone tell of their regions."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pymupdf
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from vary_cli.document import Line, Region
from vary_cli.layout import pixels

DPI = 200
PX = DPI / 72
PROSE = (
    "Every page begins with ink on paper, and whoever reads it must first find where the lines of letters stand. "
    "Words follow each other along the line, and lines follow each other down the column until the paragraph ends. "
)


def page() -> pymupdf.Page:
    return pymupdf.open().new_page(width=595, height=842)


def seen(drawn: pymupdf.Page) -> Image.Image:
    shot = drawn.get_pixmap(dpi=DPI, alpha=False)
    return Image.frombytes("RGB", (shot.width, shot.height), shot.samples)


def regions(drawn: pymupdf.Page) -> tuple[Region, ...]:
    return pixels.regions(seen(drawn))


def lines(found: Sequence[Region]) -> list[Line]:
    return [line for region in found for line in region.lines]


def write(drawn: pymupdf.Page, box: tuple[float, float, float, float], text: str, font: str = "tiro") -> None:
    assert drawn.insert_textbox(box, text, fontsize=10, fontname=font) >= 0


def test_two_columns_are_read_one_after_the_other() -> None:
    drawn = page()
    for left in (60, 310):
        write(drawn, (left, 80, left + 225, 600), PROSE * 6)
    middles = [(line.box[0] + line.box[2]) / 2 for line in lines(regions(drawn))]
    side = [middle > 300 * PX for middle in middles]
    assert len(side) > 30
    assert side == sorted(side)
    assert side.count(True) == side.count(False)


def test_small_letters_over_a_line_are_a_part_of_it() -> None:
    drawn = page()
    for number in range(4):
        drawn.insert_text((60, 100 + 13 * number), PROSE[:90], fontsize=10, fontname="tiro")
    for left in (150, 320):
        drawn.insert_text((left, 106.2), "P", fontsize=7, fontname="tiro")
    found = lines(regions(drawn))
    assert len(found) == 4
    assert found[1].box[1] < found[0].box[3] + 3 * PX


@pytest.mark.parametrize("font", ["tiro", "helv", "china-s"])
def test_lines_say_how_large_their_letters_are_and_where_they_stand(font: str) -> None:
    drawn = page()
    text = "找到文字所在的行，然后逐行阅读，直到段落结束。" * 12 if font == "china-s" else PROSE * 6
    write(drawn, (60, 80, 540, 400), text, font)
    origins = [
        span["origin"][1] * PX
        for block in drawn.get_text("dict")["blocks"]
        for line in block["lines"]
        for span in line["spans"]
    ]
    found = lines(regions(drawn))
    assert len(found) == len(origins)
    for line, baseline in zip(found, sorted(origins), strict=True):
        assert line.em == pytest.approx(10 * PX, rel=0.16)
        assert line.baseline == pytest.approx(baseline, abs=1.2 * PX)


def test_a_bullet_stays_with_its_text() -> None:
    drawn = page()
    write(drawn, (60, 60, 540, 160), PROSE * 3)
    for number in range(3):
        drawn.draw_circle((70, 180.5 + 40 * number), 1.8, fill=(0, 0, 0))
        write(drawn, (84, 174 + 40 * number, 540, 210 + 40 * number), PROSE)
    items = [region for region in regions(drawn) if region.kind == "list"]
    assert len(items) == 3
    assert all(item.lines[0].box[0] < 74 * PX and len(item.lines) == 2 for item in items)


def test_the_last_line_of_a_paragraph_is_no_item_though_the_next_hangs_under_its_second_word() -> None:
    drawn = page()
    write(drawn, (60, 80, 540, 140), PROSE * 2)
    box = drawn.get_text("words")[0]
    last = max(word[3] for word in drawn.get_text("words"))
    drawn.insert_text((60, last + 10), "till it ends.", fontsize=10, fontname="tiro")
    second = next(word[0] for word in drawn.get_text("words") if word[4] == "it")
    drawn.insert_text((second, last + 10 + (box[3] - box[1])), PROSE[:90], fontsize=10, fontname="tiro")
    assert not any(region.kind == "list" for region in regions(drawn))


def test_lines_of_one_width_are_a_program() -> None:
    drawn = page()
    write(drawn, (60, 60, 540, 160), PROSE * 3)
    program = "def area(width, height):\n    if width < 0:\n        return None\n    return width * height\n"
    write(drawn, (60, 170, 540, 240), program, "cour")
    write(drawn, (60, 250, 540, 350), PROSE * 3)
    kinds = [region.kind for region in regions(drawn)]
    assert kinds == ["text", "code", "text"]
    code = regions(drawn)[1]
    assert len(code.lines) == 4
    assert code.lines[1].box[0] - code.lines[0].box[0] == pytest.approx(4 * 0.6 * 10 * PX, abs=4)


def test_a_typewritten_page_is_not_a_program() -> None:
    drawn = page()
    write(drawn, (60, 60, 540, 500), PROSE * 6, "cour")
    assert {region.kind for region in regions(drawn)} == {"text"}


def test_a_photograph_is_a_picture() -> None:
    drawn = page()
    write(drawn, (60, 60, 540, 160), PROSE * 3)
    tones = np.random.default_rng(1).normal(0, 18, (300, 400, 3)) + np.linspace(40, 200, 400)[:, None]
    photograph = Image.fromarray(np.clip(tones, 0, 255).astype(np.uint8))
    shot = pymupdf.Pixmap(pymupdf.csRGB, photograph.width, photograph.height, photograph.tobytes(), False)
    drawn.insert_image((100, 200, 400, 425), pixmap=shot)
    found = regions(drawn)
    assert [region.kind for region in found] == ["text", "picture"]
    assert found[1].box == pytest.approx((100 * PX, 200 * PX, 400 * PX, 425 * PX), abs=20)


def test_a_line_beside_a_photograph_is_whole() -> None:
    drawn = page()
    tones = np.random.default_rng(2).normal(0, 18, (200, 100, 3)) + np.linspace(30, 140, 100)[:, None]
    photograph = Image.fromarray(np.clip(tones, 0, 255).astype(np.uint8))
    shot = pymupdf.Pixmap(pymupdf.csRGB, photograph.width, photograph.height, photograph.tobytes(), False)
    drawn.insert_image((60, 100, 110, 200), pixmap=shot)
    for number in range(7):
        drawn.insert_text((115, 110 + 14 * number), PROSE[:70], fontsize=10, fontname="tiro")
    found = [line for region in regions(drawn) if region.kind == "text" for line in region.lines]
    assert [line.box[0] for line in found] == [pytest.approx(115 * PX, abs=4)] * 7


def test_drawings_in_the_cells_of_a_table_hide_no_text() -> None:
    drawn = page()
    for number in range(8):
        top = 80 + 50 * number
        drawn.draw_polyline([(70, top + 45), (90, top + 5), (110, top + 45)], color=0, fill=0, closePath=True)
        drawn.insert_text((140, top + 20), PROSE[:50], fontsize=10, fontname="tiro")
        drawn.insert_text((140, top + 34), PROSE[40:80], fontsize=10, fontname="tiro")
        drawn.draw_line((60, top), (500, top), width=0.6)
    for x in (60, 130, 500):
        drawn.draw_line((x, 80), (x, 480), width=0.6)
    drawn.draw_line((60, 480), (500, 480), width=0.6)
    rows = {round(line.baseline / 10) for line in lines(regions(drawn)) if line.box[0] > 135 * PX}
    assert len(rows) == 16


@pytest.mark.parametrize("pitch", [15, 34])
def test_words_on_panels_of_several_colours_are_read(pitch: int) -> None:
    drawn = page()
    colours = [(0.96, 0.6, 0.1), (0.9, 0.1, 0.3), (0.75, 0, 0.5), (0.4, 0.7, 0.2), (0, 0.6, 0.6), (0, 0.4, 0.6)]
    for number, colour in enumerate(colours):
        top = 100 + pitch * number
        drawn.draw_rect((60, top, 100, top + pitch), color=colour, fill=colour, width=0)
        drawn.insert_text((66, top + 11), "word", fontsize=10, fontname="helv")
        drawn.insert_text((108, top + 11), PROSE[:40], fontsize=10, fontname="helv")
    found = regions(drawn)
    assert not any(region.kind == "picture" for region in found)
    reach = [line.box for line in lines(found)]
    for number in range(len(colours)):
        level = [box for box in reach if box[1] < (108 + pitch * number) * PX < box[3]]
        assert 59 * PX < min(box[0] for box in level) < 68 * PX


@pytest.mark.parametrize("frames", [1, 6])
def test_frames_hide_no_text(frames: int) -> None:
    drawn = page()
    for number in range(frames):
        top = 60 + 110 * number
        drawn.draw_rect((50, top, 320, top + 100), radius=0.1)
        write(drawn, (60, top + 10, 310, top + 90), "A card holds few words,\nand they stand in a frame.")
    found = lines(regions(drawn))
    assert len(found) == 2 * frames
    assert all(line.em == pytest.approx(10 * PX, rel=0.2) for line in found)


def test_a_table_without_rules_down_has_cells() -> None:
    drawn = page()
    rows = [("Name", "Unit", "Value"), ("length", "metre", "12.5"), ("mass", "gram", "7.25"), ("time", "second", "60")]
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            drawn.insert_text((100 + 110 * column, 100 + 16 * number), text, fontsize=10, fontname="tiro")
    for y in (88, 104, 154):
        drawn.draw_line((95, y), (400, y), width=0.6)
    (table,) = [region for region in regions(drawn) if region.kind == "table"]
    assert sorted((cell.row, cell.column) for cell in table.cells) == [(n // 3, n % 3) for n in range(12)]


def test_a_long_rule_that_climbs_and_touches_letters_is_none_of_their_line() -> None:
    drawn = page()
    for number, text in enumerate(("Query the packages", "Write a selection", "Login at a machine")):
        drawn.insert_text((100, 100 + 30 * number), text, fontsize=7, fontname="tiro")
        drawn.draw_line((60, 95.8 + 30 * number), (540, 94.9 + 30 * number), width=0.5)
    found = lines(regions(drawn))
    assert len(found) == 3
    assert all(line.em == pytest.approx(7 * PX, rel=0.15) for line in found)


@pytest.mark.parametrize("side", [90, 180, 270])
@pytest.mark.parametrize("turn", [0.0, 1.1])
def test_a_scan_on_its_side_or_head_is_put_upright(side: int, turn: float) -> None:
    drawn = page()
    write(drawn, (60, 80, 540, 600), PROSE * 15)
    straight = seen(drawn)
    scan = straight.rotate(turn, resample=Image.Resampling.BICUBIC, fillcolor="white").rotate(side, expand=True)
    upright, found = pixels.upright(scan)
    assert found == pytest.approx(side + turn, abs=0.1)
    if not turn:
        assert upright.tobytes() == straight.tobytes()


def test_a_list_of_short_lines_stands_upright() -> None:
    drawn = page()
    for number in range(50):
        drawn.insert_text((80, 60 + 14 * number), f"{number + 1}  entry", fontsize=10, fontname="tiro")
    assert pixels.upright(seen(drawn))[1] == 0


@pytest.mark.parametrize("turn", [-1.4, 0.9])
def test_a_crooked_scan_is_levelled(turn: float) -> None:
    drawn = page()
    write(drawn, (60, 80, 540, 600), PROSE * 15)
    crooked = seen(drawn).rotate(turn, resample=Image.Resampling.BICUBIC, fillcolor="white")
    level, found = pixels.upright(crooked)
    assert found == pytest.approx(turn, abs=0.1)
    assert len(lines(pixels.regions(level))) == len(lines(regions(drawn)))


def test_clean_paper_holds_nothing() -> None:
    assert regions(page()) == ()


def test_a_picture_without_any_common_tone_holds_hardly_anything() -> None:
    slope = np.add.outer(np.arange(300), np.arange(400)) * (255 / 700)
    noisy = slope + np.random.default_rng(0).normal(0, 6, slope.shape)
    found = pixels.regions(Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)))
    assert sum(len(region.lines) for region in found) <= 1


def worn(drawn: pymupdf.Page) -> Image.Image:
    """As a bad scan has it: blurred, noisy."""
    image = seen(drawn).convert("L").filter(ImageFilter.GaussianBlur(1.2))
    noise = np.random.default_rng(1).normal(0, 12, (image.height, image.width))
    return Image.fromarray(np.clip(np.asarray(image, np.float32) + noise, 0, 255).astype(np.uint8)).convert("RGB")


def shaded(drawn: pymupdf.Page) -> None:
    write(drawn, (60, 60, 540, 160), PROSE * 3)
    drawn.draw_rect((60, 170, 535, 245), color=None, fill=(0.95, 0.95, 0.95))
    write(drawn, (66, 176, 540, 240), "def area(width, height):\n    return width * height\n", "cour")
    write(drawn, (60, 260, 540, 360), PROSE * 3)


@pytest.mark.parametrize("picture", [seen, worn])
def test_a_shade_is_found_where_it_is_drawn(picture: Callable[[pymupdf.Page], Image.Image]) -> None:
    drawn = page()
    shaded(drawn)
    (shade,) = pixels.with_drawn(picture(drawn))[1].shades
    assert shade == pytest.approx((60 * PX, 170 * PX, 535 * PX, 245 * PX), abs=8)


def test_the_frame_of_a_shade_is_no_text() -> None:
    drawn = page()
    shaded(drawn)
    bare = len(lines(pixels.regions(worn(drawn))))
    drawn.draw_rect((60, 170, 535, 245), color=(0.6, 0.6, 0.6), width=0.8)
    found = pixels.regions(worn(drawn))
    assert len(lines(found)) == bare
    assert "picture" not in {region.kind for region in found}


def test_a_shaded_head_is_a_row_of_its_table() -> None:
    drawn = page()
    drawn.draw_rect((95, 84, 400, 104), color=None, fill=(0.85, 0.85, 0.85))
    for y in (124, 144, 164):
        drawn.draw_line((95, y), (400, y), width=0.6)
    edges = pixels.with_drawn(seen(drawn))[1].rules
    assert {round(rule[1] / PX / 20) for rule in edges} == {4, 5, 6, 7, 8}


def test_lines_know_the_white_between_their_words() -> None:
    drawn = page()
    write(drawn, (60, 80, 540, 140), PROSE * 2)
    words = [word for word in drawn.get_text("words") if word[5:7] == drawn.get_text("words")[0][5:7]]
    line = lines(regions(drawn))[0]
    wide = [gap for gap in line.gaps if gap[1] - gap[0] > 0.15 * line.em]
    blanks = [(a[2] * PX, b[0] * PX) for a, b in pairwise(words)]
    assert all(any(low < x1 and x0 < high for x0, x1 in wide) for low, high in blanks)


def test_rings_and_dots_before_a_text_are_bullets() -> None:
    drawn = page()
    write(drawn, (60, 60, 540, 160), PROSE * 3)
    drawn.draw_circle((70, 180.5), 1.8, fill=(0, 0, 0))
    drawn.draw_circle((70, 220.5), 1.6, width=0.5)
    for top in (174, 214, 254):
        write(drawn, (84, top, 540, top + 36), PROSE)
    assert [line.bullet for line in lines(regions(drawn))[-6:]] == [True, False, True, False, False, False]


def test_a_sign_in_a_ring_beside_a_text_does_not_join_its_lines() -> None:
    drawn = page()
    write(drawn, (60, 60, 540, 160), PROSE * 3)
    drawn.draw_circle((80, 186), 14, width=1)
    drawn.draw_line((74, 180), (86, 192), width=4)
    write(drawn, (104, 172, 540, 220), PROSE)
    found = [line for line in lines(regions(drawn)) if line.box[0] > 100 * PX]
    assert len(found) >= 2
    assert all(line.em == pytest.approx(10 * PX, rel=0.2) for line in found)


def test_dense_print_is_no_panel() -> None:
    drawn = page()
    write(drawn, (60, 80, 540, 400), "繁體龍鑿鬱癰籲麤驫齉釁饕" * 40, "china-t")
    count = len({word[6] for word in drawn.get_text("words")})
    found = pixels.regions(worn(drawn))
    assert "picture" not in {region.kind for region in found}
    assert abs(len(lines(found)) - count) <= 1


def test_lines_that_touch_are_two() -> None:
    drawn = page()
    for number in range(4):
        drawn.insert_text((60, 100 + 12 * number), PROSE[:80], fontsize=10, fontname="tiro")
    for x in (92, 170, 260):
        drawn.draw_line((x, 100), (x, 108), color=(0.55, 0.55, 0.55), width=0.6)
    assert len(lines(regions(drawn))) == 4


@pytest.mark.parametrize("size", [(60, 10), (8, 60), (1, 1), (300, 12), (12, 334)])
def test_pictures_no_larger_than_a_letter_have_an_em(size: tuple[int, int]) -> None:
    image = Image.new("L", size, 255)
    image.paste(0, (0, 0, max(1, size[0] // 2), max(1, size[1] // 2)))
    assert pixels.em(image) > 0
    assert all(region.kind in ("text", "heading", "picture") for region in pixels.regions(image))


def test_rules_like_stairs_make_no_table() -> None:
    image = Image.new("L", (900, 900), 255)
    for line in range(5):
        words = "What is drawn here is no table, and says so in words."
        ImageDraw.Draw(image).text((100, 720 + 30 * line), words, fill=0, font=ImageFont.load_default(20))
    for step in range(3):  # each reaches over a third of what they make up together
        image.paste(0, (100 + 220 * step, 100 + 160 * step, 322 + 220 * step, 103 + 160 * step))
        image.paste(0, (320 + 220 * step, 100 + 160 * step, 323 + 220 * step, 263 + 160 * step))
    assert not [region for region in pixels.regions(image) if region.kind == "table"]


def test_a_page_cut_off_within_a_rule_is_read() -> None:
    image = Image.new("L", (884, 500), 255)
    for x, y, count in ((100, 276, 2), (34, 364, 4), (405, 413, 4)):
        ImageDraw.Draw(image).text((x, y), "some words" * count, fill=0)
    image.paste(0, (510, 498, 707, 500))
    image.paste(0, (740, 445, 743, 500))
    assert len(lines(pixels.regions(image))) == 3


def test_a_sliver_of_a_page_is_laid_out() -> None:
    page = Image.new("L", (300, 334), 255)
    for y in range(0, 330, 34):
        ImageDraw.Draw(page).text((4, y), "sliver of it", fill=0, font=ImageFont.load_default(26))
    for left in range(4, 150, 4):
        sliver = page.crop((left, 0, left + 11, 334))
        assert all(region.box[2] <= 11 for region in pixels.regions(sliver))


def test_light_letters_in_a_narrow_band_are_a_line_on_a_crooked_scan_too() -> None:
    drawn = page()
    write(drawn, (60, 60, 540, 160), PROSE * 3)
    drawn.draw_rect((60, 180, 535, 196), color=None, fill=(0.55, 0.63, 0))
    drawn.insert_text((100, 192), "Note", fontsize=12, fontname="hebo", color=(1, 1, 1))
    write(drawn, (60, 210, 540, 300), PROSE * 3)
    found = pixels.regions(worn(drawn).rotate(0.9, Image.Resampling.BICUBIC, fillcolor="white"))
    assert "picture" not in {region.kind for region in found}
    assert len(lines(found)) == len(lines(regions(drawn)))
