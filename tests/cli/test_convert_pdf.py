"""PDFs through reader, layout and composition as they are; only the model is made up."""

from __future__ import annotations

import importlib
import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from vary_cli.document import Account
from vary_cli.example import Example, Generation

Vary = Callable[..., tuple[int, str, str]]
MakePdf = Callable[..., Path]
Fake = Any  # conftest's FakeModel


def believe(example: Example) -> Generation:
    """A model that sees all that the layer claims."""
    lines: dict[int, str] = defaultdict(str)
    for glyph in example.glyphs or ():
        lines[glyph.line] += glyph.char
    text = "\n".join(lines[number] for number in range(len(example.lines or ())))
    return Generation(text, "stop", len(text), 0, Account(verified=len(text)))


def test_the_text_layer_goes_through_the_model_into_the_file(vary: Vary, make_pdf: MakePdf, model: Fake) -> None:
    model.answer = believe
    make_pdf("The first page says little.", "The second page says less.")
    assert vary("convert", "paper.pdf", "-o", "paper.json") == (0, "", "")
    pages = json.loads(Path("paper.json").read_text())["pages"]
    assert [page["text"] for page in pages] == ["The first page says little.", "The second page says less."]
    assert {page["method"] for page in pages} == {"layer+model"}


def test_pages_labels_and_breaks_follow_the_document(vary: Vary, make_pdf: MakePdf, model: Fake) -> None:
    model.answer = believe
    path = make_pdf("One.", "Two.", "Three.")
    with pymupdf.open(path) as document:
        document.set_page_labels([{"startpage": 0, "prefix": "", "style": "r", "firstpagenum": 1}])
        document.saveIncr()
    _, out, _ = vary("convert", "paper.pdf", "--pages", "label:iii,1", "--page-breaks", "comment", "-o", "-")
    assert out == "<!-- vary: page 1 (i) -->\n\nOne.\n\n<!-- vary: page 3 (iii) -->\n\nThree.\n"


def test_off_shows_the_model_no_claims(vary: Vary, make_pdf: MakePdf, model: Fake) -> None:
    make_pdf("Words.")
    assert vary("convert", "paper.pdf", "--text-layer", "off", "-o", "-")[0] == 0
    assert model.asked
    assert all(example.glyphs is None for example in model.asked)


def test_a_password_is_asked_for_by_exit_code_and_taken_from_a_file(vary: Vary, make_pdf: MakePdf, model: Fake) -> None:
    model.answer = believe
    make_pdf("Secret words.", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="opens", owner_pw="owns")
    code, _, err = vary("convert", "paper.pdf")
    assert code == 4
    assert "--password-file" in err
    Path("wrong").write_text("shuts\n")
    assert vary("convert", "paper.pdf", "--password-file", "wrong")[0] == 4
    assert not Path("paper.md").exists()
    Path("right").write_text("opens\n")
    assert vary("convert", "paper.pdf", "--password-file", "right") == (0, "", "")
    assert Path("paper.md").read_text() == "Secret words.\n"


def test_a_password_is_asked_for_at_a_terminal(
    vary: Vary, make_pdf: MakePdf, model: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    model.answer = believe
    asked = []
    monkeypatch.setattr("vary_cli.cli.convert.password_prompt", lambda name: asked.append(name) or "opens")
    make_pdf("Secret words.", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="opens", owner_pw="owns")
    assert vary("convert", "paper.pdf", "-o", "-")[1] == "Secret words.\n"
    assert asked == ["paper.pdf"]


def test_a_cut_off_pdf_is_an_input_error(vary: Vary, make_pdf: MakePdf, model: Fake) -> None:
    path = make_pdf("Words.")
    path.write_bytes(path.read_bytes()[:200])
    code, _, err = vary("convert", "paper.pdf")
    assert code == 3
    assert "paper.pdf" in err


@pytest.mark.parametrize("place", ["layout.with_drawn", "compose.page"])
def test_a_fault_of_our_own_on_a_page_is_told_as_that_page_s(
    vary: Vary, make_pdf: MakePdf, model: Fake, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    calls: list[object] = []
    room, name = place.split(".")
    module = importlib.import_module(f"vary_cli.{room}")
    whole = getattr(module, name)

    def faulty(*args: object, **options: object) -> object:
        calls.append(args)
        if len(calls) == 2:
            raise IndexError("index 0 is out of bounds")
        return whole(*args, **options)

    monkeypatch.setattr(module, name, faulty)
    code, out, err = vary("convert", str(make_pdf("one", "two", "three")), "-o", "-", "--to", "json")
    assert code == 8
    assert [page["finish"] for page in json.loads(out)["pages"]] == ["stop", "failed", "stop"]
    assert json.loads(out)["pages"][1]["code"] == "internal"
    assert "IndexError: index 0 is out of bounds (test_convert_pdf.py, line" in out
    assert "please report it" in out
    assert "1 of 3 pages" in err
