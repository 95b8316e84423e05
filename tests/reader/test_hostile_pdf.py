"""PDFs that are broken, lie or attack: each has its error, no page vanishes, and the reader goes on."""

import random
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from vary_cli import reader
from vary_cli.document import FailedPage, PageImage
from vary_cli.errors import InputError
from vary_cli.reader import Limits, Source, wire

MakePdf = Callable[..., Path]
SetDraw = Callable[[str], None]


def opened(document: Path | bytes, **options: object) -> Source:
    return reader.open(document, **{"layer": False, "dpi": 18, **options})  # type: ignore[arg-type]


def written(*objects: str, trailer: str = "<</Root 1 0 R>>") -> bytes:
    """A PDF of these objects, numbered from 1, without a cross-reference table."""
    body = "".join(f"{number} 0 obj{text}endobj\n" for number, text in enumerate(objects, 1))
    return f"%PDF-1.4\n{body}trailer{trailer}\n".encode()


def boxed(*boxes: str) -> bytes:
    """A PDF with a page for each of these sayings about its size."""
    document = pymupdf.open()
    for box in boxes:
        page = document.new_page(width=100, height=100)
        key, _, value = box.partition(" ")
        document.xref_set_key(page.xref, key, value)
    return bytes(document.tobytes())


def refusal(data: bytes, **options: object) -> InputError:
    with pytest.raises(InputError, match=r"^scan\.pdf ") as caught:
        opened(data, name="scan.pdf", **options)
    assert caught.value.exit_code == 3
    assert caught.value.hint
    return caught.value


def test_what_cannot_be_opened_says_why() -> None:
    error = refusal(b"%PDF-1.7\n" + b"nonsense " * 40)
    assert error.code == "input_damaged"
    assert "damaged and cannot be opened" in error.message


def test_no_pages_and_no_pages_left_are_two_things(make_pdf: MakePdf) -> None:
    bare = make_pdf("one").read_bytes().replace(b"/Count 1", b"/Count 0").replace(b"/Kids", b"/Kidz")
    assert refusal(bare).code == "input_no_pages"
    assert refusal(re.sub(rb"startxref\s+\d+", b"startxref\n7", bare)).code == "input_damaged"


def test_a_document_of_too_many_pages_is_refused(make_pdf: MakePdf) -> None:
    with pytest.raises(InputError, match="has 2 pages, more than") as caught:
        opened(make_pdf("one", "two"), limits=Limits(pages=1))
    assert caught.value.code == "input_too_long"


def test_a_damaged_file_that_could_be_repaired_is_read_with_a_warning(make_pdf: MakePdf) -> None:
    data = re.sub(rb"startxref\s+\d+", b"startxref\n7", make_pdf("one", "two").read_bytes())
    with opened(data) as source:
        assert source.warnings == ("the file is damaged; it was repaired as far as possible",)
        assert [type(page) for page in source] == [PageImage, PageImage]
    assert len(source.warnings) == 1


def test_a_truncated_file_gives_the_pages_that_are_left(make_pdf: MakePdf) -> None:
    data = make_pdf(*("words " * 50 for _ in range(6))).read_bytes()
    with opened(data[: len(data) * 2 // 3]) as source:
        pages = list(source)
    assert len(pages) == len(source)
    assert "repaired" in source.warnings[0]


def test_a_broken_content_stream_is_a_warning(make_pdf: MakePdf) -> None:
    data = bytearray(make_pdf("words " * 100, deflate=True).read_bytes())
    start = data.index(b"stream\n") + 7
    data[start : start + 20] = bytes(20)
    with opened(bytes(data)) as source:
        assert len(list(source)) == 1
    assert "page 1: it may be incomplete" in source.warnings[0]


def test_a_page_count_that_lies_is_corrected(make_pdf: MakePdf) -> None:
    data = make_pdf("one", "two").read_bytes().replace(b"/Count 2", b"/Count 5")
    with opened(data) as source:
        assert [page.number for page in source] == [1, 2]


def test_a_page_tree_that_holds_itself_ends() -> None:
    catalog, page = "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    with opened(written(catalog, "<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>", page)) as source:
        pages = list(source)
    assert len(pages) == len(source) == 2
    failed = [page for page in pages if isinstance(page, FailedPage)]
    assert {page.error.code for page in failed} == {"page_damaged"}
    assert "cycle" in failed[0].error.message


def test_pages_of_any_size_stay_within_the_budget() -> None:
    sizes = ["[0 0 1000000 1000000]", "[0 0 1 1000000]", "[0 0 0 0]", "[0 0 nan 5]", "[9 9 -90 -90]", "[0 0 1e39 1e39]"]
    data = boxed(*(f"MediaBox {size}" for size in sizes), "UserUnit 100000", "CropBox [200 200 300 300]")
    with opened(data, limits=Limits(pixels=250_000), dpi=200) as source:
        pages = list(source)
    assert len(pages) == 8
    for page in pages:
        assert isinstance(page, PageImage)
        assert page.image.width * page.image.height <= 251_000
        assert max(page.image.size) <= 50_001
    assert "page 1: it is 13889 x 13889 inches and was rendered at 0.0 dpi" in source.warnings


@pytest.mark.parametrize(
    ("trouble", "code", "words"),
    [
        ("time.sleep(1e6)", "page_timeout", "page 2 took longer than 5 s"),
        ("os.abort()", "page_crashed", "page 2 crashed the PDF library (SIGABRT)"),
        ("bytearray(1 << 40)", "page_crashed", "page 2 crashed the PDF library (MemoryError)"),
        ("raise RuntimeError('bad page')", "page_damaged", "page 2 cannot be rendered: bad page"),
        ("os.write(3, b'x' * 99)", "page_crashed", "page 2 crashed"),
    ],
)
def test_only_the_page_in_trouble_fails(
    make_pdf: MakePdf, set_draw: SetDraw, trouble: str, code: str, words: str
) -> None:
    set_draw(f"if number == 2:\n    {trouble}")
    path = make_pdf("one", "two", "three")
    with opened(path, limits=Limits(page_timeout=1)) as source:
        first, second, third = source
    assert [type(first), type(third)] == [PageImage, PageImage]
    assert isinstance(second, FailedPage)
    assert (second.number, second.label, second.error.code) == (2, "2", code)
    assert second.error.message.startswith(f"{path}: ")
    assert words in second.error.message


@pytest.mark.skipif(sys.platform == "win32", reason="Windows counts no processor time for us")
def test_a_page_that_spins_fails_by_its_processor_time(
    make_pdf: MakePdf, set_draw: SetDraw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "PATIENCE", 1000)
    set_draw("while number == 1: pass")
    with opened(make_pdf("one", "two"), limits=Limits(page_timeout=0.5)) as source:
        first, second = source
    assert isinstance(first, FailedPage)
    assert first.error.code == "page_timeout"
    assert "page 1 took more than 0.5 s of processor time" in first.error.message
    assert isinstance(second, PageImage)


def test_a_crash_that_an_earlier_page_caused_is_not_blamed_on_a_page(
    make_pdf: MakePdf, set_draw: SetDraw, tmp_path: Path
) -> None:
    mark = str(tmp_path / "mark")
    set_draw(f"if number == 2 and not os.path.exists({mark!r}): open({mark!r}, 'w'); os.abort()")
    with opened(make_pdf("one", "two")) as source:
        assert [type(page) for page in source] == [PageImage, PageImage]


def test_opening_may_hang_as_well(make_pdf: MakePdf, set_draw: SetDraw) -> None:
    set_draw("")
    child = Path(make_pdf("x").parent, "odd_child.py")
    child.write_text("import time\ntime.sleep(1e6)")
    with pytest.raises(InputError, match=r"took longer than 2\.5 s") as caught:
        opened(make_pdf("one"), limits=Limits(open_timeout=0.5))
    assert caught.value.code == "input_damaged"


def test_pages_are_accounted_for_when_the_file_goes_away(make_pdf: MakePdf, set_draw: SetDraw) -> None:
    set_draw("if number == 2: os.remove(order.path); os.abort()")
    with opened(make_pdf("one", "two", "three")) as source:
        pages = list(source)
    assert [type(page) for page in pages] == [PageImage, FailedPage, FailedPage]


def flipped(data: bytes, chance: random.Random) -> bytes:
    """The data with a few bytes changed, the first line spared."""
    broken = bytearray(data)
    for _ in range(chance.choice((1, 4, 16, 64))):
        broken[chance.randrange(9, len(broken))] = chance.randrange(256)
    return bytes(broken)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_bytes_flip_every_page_is_accounted_for(make_pdf: MakePdf, seed: int) -> None:
    data = flipped(make_pdf("one " * 50, "two", deflate=bool(seed % 2)).read_bytes(), random.Random(seed))
    refused, numbers, count = "", [], 0
    try:
        with opened(data, limits=Limits(memory=1 << 30)) as source:
            numbers, count = [page.number for page in source], len(source)
    except InputError as error:
        refused = error.code
    assert refused in ("", "input_damaged", "input_no_pages", "input_encrypted", "input_too_long")
    assert numbers == list(range(1, count + 1))
    assert bool(refused) != bool(numbers)
