"""What is read of a good PDF."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from vary_cli import reader
from vary_cli.document import PageImage, TextLayer
from vary_cli.errors import EncryptedError, UsageError
from vary_cli.reader import Source

MakePdf = Callable[..., Path]
SetDraw = Callable[[str], None]


def opened(document: Path | bytes, pages: str | None = None, **options: object) -> Source:
    return reader.open(document, pages, **{"layer": False, "dpi": 36, **options})  # type: ignore[arg-type]


def images(source: Source) -> list[PageImage]:
    with source:
        pages = list(source)
    assert all(isinstance(page, PageImage) for page in pages)
    return pages  # type: ignore[return-value]


def test_pages_come_in_order_at_the_resolution_asked_for(make_pdf: MakePdf) -> None:
    source = opened(make_pdf("one", "two", "three"), dpi=72)
    assert len(source) == 3
    pages = images(source)
    assert [page.number for page in pages] == [1, 2, 3]
    assert [page.label for page in pages] == ["1", "2", "3"]
    assert {(page.image.mode, page.image.size, page.size) for page in pages} == {("RGB", (420, 595), (420.0, 595.0))}
    assert pages[0].image.tobytes() != pages[1].image.tobytes()
    assert source.warnings == ()


def test_only_the_selected_pages_are_read(make_pdf: MakePdf) -> None:
    source = opened(make_pdf(*"abcdef"), "r1,2-3")
    assert (len(source), source.page_count) == (3, 6)
    assert [page.number for page in images(source)] == [2, 3, 6]


def test_a_page_that_does_not_exist_is_a_usage_error(make_pdf: MakePdf) -> None:
    path = make_pdf("one")
    with pytest.raises(UsageError) as caught:
        opened(path, "12")
    assert caught.value.message == f"page 12 does not exist: {path} has 1 page"


def test_bytes_are_read_like_the_file_they_are_from(make_pdf: MakePdf) -> None:
    path = make_pdf("one", "two")
    from_file, from_bytes = opened(path), opened(path.read_bytes(), name="stdin")
    assert (from_file.name, from_bytes.name) == (str(path), "stdin")
    assert from_file.sha256 == from_bytes.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [page.image.tobytes() for page in images(from_file)] == [page.image.tobytes() for page in images(from_bytes)]


def test_a_page_is_seen_as_it_is_shown(tmp_path: Path) -> None:
    document = pymupdf.open()
    page = document.new_page(width=400, height=600)
    page.draw_rect((100, 100, 150, 150), color=(1, 0, 0), fill=(1, 0, 0))
    page.set_cropbox(pymupdf.Rect(100, 100, 300, 400))
    page.set_rotation(90)
    document.save(tmp_path / "turned.pdf")
    (seen,) = images(opened(tmp_path / "turned.pdf", dpi=72))
    assert (seen.size, seen.image.size) == ((300.0, 200.0), (300, 200))
    assert seen.image.getpixel((290, 10)) == (255, 0, 0)
    assert seen.image.getpixel((10, 10)) == (255, 255, 255)


def test_labels_and_title_are_the_documents_own(tmp_path: Path) -> None:
    document = pymupdf.open()
    for _ in range(5):
        document.new_page()
    roman = {"startpage": 0, "prefix": "", "style": "r", "firstpagenum": 1}
    document.set_page_labels([roman, {"startpage": 2, "prefix": "A-", "style": "D", "firstpagenum": 7}])
    document.set_metadata({"title": " On Reading "})
    document.save(tmp_path / "labelled.pdf")
    source = opened(tmp_path / "labelled.pdf", "label:ii-A-8")
    assert source.title == "On Reading"
    assert [(page.number, page.label) for page in images(source)] == [(2, "ii"), (3, "A-7"), (4, "A-8")]


def test_nothing_is_rendered_before_it_is_needed(make_pdf: MakePdf, set_draw: SetDraw, tmp_path: Path) -> None:
    set_draw(f"open({str(tmp_path / 'log')!r}, 'a').write(str(number))")
    log = tmp_path / "log"
    with opened(make_pdf(*"abcdefgh"), limits=reader.Limits(ahead=2)) as source:
        assert not log.exists()
        pages = iter(source)
        next(pages)
        assert "1" <= log.read_text() <= "123"
        assert len(list(pages)) == 7
    assert log.read_text() == "12345678"


def test_a_source_can_be_read_twice(make_pdf: MakePdf) -> None:
    with opened(make_pdf("one", "two")) as source:
        first, second = list(source), list(source)
    assert [page.number for page in first] == [page.number for page in second] == [1, 2]


def test_a_pass_that_was_cut_off_says_so(make_pdf: MakePdf) -> None:
    source = opened(make_pdf(*"abcd"))
    pages = iter(source)
    next(pages)
    source.close()
    with pytest.raises(RuntimeError, match="closed or read anew"):
        next(pages)
    source.close()


def test_a_document_longer_than_a_childs_life_is_read_to_its_end(make_pdf: MakePdf, set_draw: SetDraw) -> None:
    set_draw("child.LIFE")
    child = Path(make_pdf("x").parent, "odd_child.py")
    child.write_text(child.read_text().replace("child.serve", "child.LIFE = 2\nchild.serve"))
    assert [page.number for page in images(opened(make_pdf(*"abcde")))] == [1, 2, 3, 4, 5]


def encrypted(make_pdf: MakePdf, user: str) -> Path:
    return make_pdf("secret", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw=user, owner_pw="owner")


@pytest.mark.parametrize(("password", "code"), [(None, "input_encrypted"), ("wrong", "password_wrong")])
def test_an_encrypted_document_asks_for_its_password(make_pdf: MakePdf, password: str | None, code: str) -> None:
    with pytest.raises(EncryptedError) as caught:
        opened(encrypted(make_pdf, "user"), password=password)
    assert (caught.value.exit_code, caught.value.code) == (4, code)
    assert "--password-file" in caught.value.hint
    assert "wrong'" not in str(caught.value)


@pytest.mark.parametrize("password", ["user", "owner"])
def test_a_password_opens(make_pdf: MakePdf, password: str) -> None:
    assert len(images(opened(encrypted(make_pdf, "user"), password=password))) == 1


def test_a_document_that_only_its_owner_restricts_opens_without(make_pdf: MakePdf) -> None:
    assert len(images(opened(encrypted(make_pdf, "")))) == 1


def stub_layer(tmp_path: Path, set_draw: SetDraw, body: str) -> None:
    """Let the child import a vary_cli.layer of one function."""
    (tmp_path / "stub.py").write_text(f"from vary_cli.document import *\ndef extract(page, analyse):\n    {body}\n")
    set_draw("import stub, vary_cli\nvary_cli.layer = sys.modules['vary_cli.layer'] = stub")


def test_the_text_layer_travels_with_its_page(make_pdf: MakePdf, tmp_path: Path, set_draw: SetDraw) -> None:
    span = "Span('hi', (0.0, 0.0, 9.0, 9.0), (0.0, 4.0, 9.0), 8.0, 10.0, bold=analyse)"
    stub_layer(tmp_path, set_draw, f"return TextLayer((LayerLine(({span},), (0.0, 0.0, 9.0, 9.0)),))")
    (page,) = images(opened(make_pdf("hi"), layer=True, analyse=False))
    assert isinstance(page.layer, TextLayer)
    assert (page.layer.lines[0].text, page.layer.lines[0].spans[0].bold) == ("hi", False)


def test_a_page_is_read_without_a_text_layer_that_is_broken(
    make_pdf: MakePdf, tmp_path: Path, set_draw: SetDraw
) -> None:
    stub_layer(tmp_path, set_draw, "raise RuntimeError('no such font')")
    source = opened(make_pdf("hi"), layer=True, analyse=False)
    (page,) = images(source)
    assert page.layer is None
    assert source.warnings == ("page 1: its text layer cannot be read: no such font",)
