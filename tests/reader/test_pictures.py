"""Pictures of every kind, broken ones too."""

import io
import random
import struct
import zlib
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image

from vary_cli import reader
from vary_cli.document import FailedPage, PageImage
from vary_cli.errors import InputError
from vary_cli.reader import Limits

RED = (255, 0, 0)
WHITE = (255, 255, 255)


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def pages(data: bytes, select: str | None = None, **options: int) -> Sequence[PageImage | FailedPage]:
    with reader.open(data, select, limits=Limits(**options)) as source:
        found = list(source)
    assert len(found) == len(source)
    return found


def seen(data: bytes, **options: int) -> PageImage:
    (page,) = pages(data, **options)
    assert isinstance(page, PageImage)
    assert page.image.mode == "RGB"
    assert page.layer is None
    return page


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF"])
def test_every_format_is_one_page(kind: str) -> None:
    page = seen(saved(Image.new("RGB", (40, 20), RED), kind))
    assert (page.number, page.label, page.image.size) == (1, "1", (40, 20))
    assert np.abs(np.subtract(page.image.getpixel((20, 10)), RED)).max() < 4


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr", "LA", "RGBA"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    image = Image.new("RGB", (8, 8), WHITE).convert(mode)
    page = seen(saved(image, "JPEG" if mode in ("CMYK", "YCbCr") else "PNG"))
    assert page.image.getpixel((4, 4)) == WHITE


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_not_clipped(kind: str) -> None:
    values = np.array([[0, 257 * 100, 65535]], dtype=np.uint16)
    page = seen(saved(Image.fromarray(values), kind))
    assert [page.image.getpixel((x, 0)) for x in range(3)] == [(0, 0, 0), (100, 100, 100), WHITE]


@pytest.mark.parametrize("dtype", [np.int32, np.float32])
def test_values_without_a_range_are_spread_over_it(dtype: type) -> None:
    page = seen(saved(Image.fromarray(np.array([[-7, 3, 13]], dtype=dtype)), "TIFF"))
    assert [page.image.getpixel((x, 0)) for x in (0, 2)] == [(0, 0, 0), WHITE]
    assert seen(saved(Image.fromarray(np.zeros((2, 2), dtype=dtype)), "TIFF")).image.getpixel((0, 0)) == (0, 0, 0)


def test_what_is_transparent_is_white() -> None:
    clear, half = Image.new("RGBA", (2, 2), (0, 0, 0, 0)), Image.new("LA", (2, 2), (0, 128))
    palette = Image.new("P", (2, 2))
    palette.putpalette([255, 0, 0, 0, 255, 0])
    assert seen(saved(clear, "WEBP", lossless=True)).image.getpixel((0, 0)) == WHITE
    assert seen(saved(half)).image.getpixel((0, 0)) == (127, 127, 127)
    assert seen(saved(palette, transparency=0)).image.getpixel((0, 0)) == WHITE
    assert seen(saved(Image.new("RGB", (2, 2), RED), transparency=RED)).image.getpixel((0, 0)) == WHITE


@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "PNG", "WEBP"])
def test_a_picture_on_its_side_is_put_upright(kind: str) -> None:
    image = Image.new("RGB", (40, 20), WHITE)
    image.paste(RED, (0, 0, 16, 20))
    exif = Image.Exif()
    exif[0x0112] = 6
    page = seen(saved(image, kind, exif=exif))
    assert page.image.size == (20, 40)
    assert page.image.getpixel((10, 4))[1] < 60  # type: ignore[index]
    assert page.image.getpixel((10, 36))[1] > 200  # type: ignore[index]


@pytest.mark.parametrize(("dpi", "inches"), [(300, 1.0), (72, 1.5), (1, 1.5), (96, 1.5), (None, 1.5)])
def test_a_resolution_is_believed_if_a_scanner_could_have_written_it(dpi: int | None, inches: float) -> None:
    image = Image.new("L", (300, 150))
    page = seen(saved(image, "TIFF", dpi=(dpi, dpi)) if dpi else saved(image))
    assert page.size == pytest.approx((inches * 72, inches * 36), rel=0.001)


def test_the_flat_pixels_of_a_fax_are_made_square() -> None:
    page = seen(saved(Image.new("1", (408, 196)), "TIFF", dpi=(204, 98), compression="group4"))
    assert page.image.size == (408, 408)
    assert page.size == pytest.approx((144, 144))
    assert page.scale == pytest.approx(204 / 72)


def tiff(*images: Image.Image) -> bytes:
    return saved(images[0], "TIFF", save_all=True, append_images=images[1:])


def directories(data: bytes) -> list[tuple[int, int]]:
    """Where each directory of a TIFF begins, and where it says which comes next."""
    found = []
    (offset,) = struct.unpack_from("<I", data, 4)
    while offset:
        (entries,) = struct.unpack_from("<H", data, offset)
        found.append((offset, offset + 2 + 12 * entries))
        (offset,) = struct.unpack_from("<I", data, found[-1][1])
    return found


def test_each_frame_of_a_tiff_is_a_page() -> None:
    data = tiff(Image.new("RGB", (8, 4), RED), Image.new("L", (4, 4)), Image.new("1", (6, 2), 1))
    found = pages(data, "2-")
    assert [(page.number, page.image.size) for page in found if isinstance(page, PageImage)] == [
        (2, (4, 4)),
        (3, (6, 2)),
    ]


def test_frames_that_follow_each_other_in_a_circle_are_each_read_once() -> None:
    data = bytearray(tiff(Image.new("L", (8, 4)), Image.new("L", (4, 4))))
    first, last = directories(data)
    struct.pack_into("<I", data, last[1], first[0])
    assert len(pages(bytes(data))) == 2


def test_a_smaller_copy_of_a_page_is_no_page() -> None:
    thumbnail = Image.new("L", (4, 4))
    thumbnail.encoderinfo = {"tiffinfo": {254: 1}}
    data = saved(Image.new("L", (8, 8)), "TIFF", save_all=True, append_images=[thumbnail, Image.new("L", (6, 6))])
    assert [page.image.size for page in pages(data) if isinstance(page, PageImage)] == [(8, 8), (6, 6)]


def test_a_broken_frame_fails_alone() -> None:
    noise = Image.effect_noise((64, 64), 90)
    data = bytearray(
        saved(noise, "TIFF", save_all=True, append_images=[noise, noise], compression="tiff_adobe_deflate")
    )
    start, end = directories(data)[0][1], directories(data)[1][0]
    data[start + 40 : end - 40] = bytes(end - start - 80)
    first, second, third = pages(bytes(data))
    assert [type(first), type(third)] == [PageImage, PageImage]
    assert isinstance(second, FailedPage)
    assert second.error.code == "input_damaged"
    assert "page 2 of the input is damaged" in second.error.message


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF"])
@pytest.mark.parametrize("share", [0.1, 0.6])
@pytest.mark.filterwarnings("ignore:.*:UserWarning")
def test_a_truncated_picture_is_damaged(kind: str, share: float) -> None:
    data = saved(Image.effect_noise((64, 64), 90), kind)
    with pytest.raises(InputError, match="is damaged") as caught:
        pages(data[: int(len(data) * share)])
    assert (caught.value.exit_code, caught.value.code) == (3, "input_damaged")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF"])
@pytest.mark.filterwarnings("ignore:.*:UserWarning", "ignore:.*:PIL.Image.DecompressionBombWarning")
def test_whatever_bytes_flip_a_picture_is_read_or_refused(kind: str) -> None:
    chance = random.Random(kind)
    whole = saved(Image.effect_noise((32, 32), 90), kind)
    for _ in range(40):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 4, 16))):
            data[chance.randrange(4, min(300, len(data)))] = chance.randrange(256)
        try:
            found = pages(bytes(data), pixels=1_000_000)
        except InputError:
            continue
        assert found


def claiming(width: int, height: int) -> bytes:
    """A small PNG whose header says that it is large."""
    data = bytearray(saved(Image.new("L", (1, 1))))
    struct.pack_into(">II", data, 16, width, height)
    struct.pack_into(">I", data, 29, zlib.crc32(data[12:29]))
    return bytes(data)


@pytest.mark.parametrize("side", [9_500, 30_000, 2_000_000_000])
def test_a_picture_bomb_is_refused_by_its_header(side: int) -> None:
    with pytest.raises(InputError, match="too large") as caught:
        pages(claiming(side, side))
    assert caught.value.code == "input_too_large"


def test_pillows_own_guard_stays_on() -> None:
    assert Image.MAX_IMAGE_PIXELS == 89_478_485


def test_a_picture_over_the_budget_is_shrunk_but_keeps_its_size_on_paper() -> None:
    page = seen(saved(Image.new("L", (400, 200)), dpi=(200, 200)), pixels=20_000)
    assert page.image.size == (200, 100)
    assert page.size == pytest.approx((144, 72), rel=0.001)
