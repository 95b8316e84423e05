from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from vary_cli.errors import DeviceError
from vary_cli.example import Example, Generation

Vary = Callable[..., tuple[int, str, str]]
Draw = Callable[..., Path]
Fake = Any  # conftest's FakeModel


def test_a_picture_becomes_markdown_beside_us(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("scans/page.png")
    assert vary("convert", "scans/page.png") == (0, "", "")
    assert Path("page.md").read_text() == "word\n"


def test_the_suffix_chooses_the_format_and_to_overrules_it(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("page.png")
    assert vary("convert", "page.png", "-o", "page.json")[0] == 0
    assert json.loads(Path("page.json").read_text())["pages"][0]["text"] == "word"
    assert vary("convert", "page.png", "-o", "page.xyz", "--to", "text")[0] == 0
    assert Path("page.xyz").read_text() == "word\n"


def test_an_unknown_suffix_or_format_is_a_usage_error(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("page.png")
    assert vary("convert", "page.png", "-o", "page.xyz")[0] == 2
    assert vary("convert", "page.png", "--to", "word")[0] == 2
    assert model.calls == 0


def test_standard_output_carries_the_result_alone(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("page.png")
    assert vary("convert", "page.png", "-o", "-") == (0, "word\n", "")


def test_a_document_from_standard_input_goes_to_standard_output(
    vary: Vary, draw: Draw, model: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = draw("page.png").read_bytes()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data), isatty=lambda: False))
    assert vary("convert", "-") == (0, "word\n", "")


def test_many_documents_mirror_their_tree_and_share_one_call(vary: Vary, draw: Draw, model: Fake) -> None:
    for name in ("in/a.png", "in/sub/b.png", "in/sub/b.bmp"):
        draw(name)
    assert vary("convert", "in", "-o", "out")[0] == 0
    found = sorted(path.as_posix() for path in Path("out").rglob("*.md"))
    assert found == ["out/a.md", "out/sub/b.bmp.md", "out/sub/b.png.md"]
    assert model.calls == 1


def test_several_documents_do_not_share_a_stream_unless_it_has_lines(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("a.png")
    draw("b.png")
    assert vary("convert", "a.png", "b.png", "-o", "-")[0] == 2
    code, out, _ = vary("convert", "a.png", "b.png", "-o", "-", "--to", "jsonl")
    assert code == 0
    assert [json.loads(line)["source"] for line in out.splitlines()] == ["a.png", "b.png"]


def test_pages_are_chosen_and_split(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("book.tiff", pages=3)
    assert vary("convert", "book.tiff", "--pages", "1,r1", "--split-pages")[0] == 0
    assert sorted(os.listdir("book")) == ["p001.md", "p003.md"]


def test_a_page_that_does_not_exist_is_a_usage_error(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("page.png")
    code, _, err = vary("convert", "page.png", "--pages", "12")
    assert code == 2
    assert "page 12 does not exist" in err
    assert not Path("page.md").exists()


def test_nothing_is_replaced_without_leave(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("page.png")
    Path("page.md").write_text("mine\n")
    code, _, err = vary("convert", "page.png")
    assert (code, model.calls) == (5, 0)
    assert "--overwrite" in err
    assert vary("convert", "page.png", "--skip-existing") == (0, "", "nothing to do: all results exist\n")
    assert Path("page.md").read_text() == "mine\n"
    assert vary("convert", "page.png", "--overwrite")[0] == 0
    assert Path("page.md").read_text() == "word\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [("missing.pdf", None), ("empty.pdf", b""), ("notes.pdf", b"plain words"), ("cut.png", b"\x89PNG\r\n\x1a\n")],
)
def test_what_cannot_be_read_leaves_nothing_behind(vary: Vary, model: Fake, name: str, content: bytes | None) -> None:
    if content is not None:
        Path(name).write_bytes(content)
    before = os.listdir()
    assert vary("convert", name)[0] == 3
    assert os.listdir() == before


def test_one_bad_document_does_not_end_the_batch(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("a.png")
    draw("c.png")
    Path("b.png").write_bytes(b"no picture")
    code, _, err = vary("convert", "a.png", "b.png", "gone.png", "c.png", "-o", "out", "--report", "run.json")
    assert code == 8
    assert "b.png is not a document" in err
    assert "gone.png does not exist" in err
    assert sorted(os.listdir("out")) == ["a.md", "c.md"]
    report = json.loads(Path("run.json").read_text())
    assert [document["status"] for document in report["documents"]] == ["done", "failed", "failed", "done"]
    codes = [document["error"] and document["error"]["code"] for document in report["documents"]]
    assert codes == [None, "input_unknown", "input_missing", None]
    assert report["exit_code"] == 8


def test_documents_that_all_fail_alike_end_with_that_code(vary: Vary, model: Fake) -> None:
    assert vary("convert", "a.png", "b.png", "-o", "out")[0] == 3
    assert not Path("out").exists()


def test_the_report_accounts_for_every_page(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("page.png")
    code, out, _ = vary("convert", "page.png", "--report", "-")
    page = json.loads(out)["documents"][0]["pages"][0]
    assert code == 0
    assert (page["number"], page["finish"], page["method"], page["characters"]) == (1, "stop", "model", 4)
    assert json.loads(out)["model"]["name"] == "fake"


def test_report_and_result_do_not_mix(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("page.png")
    assert vary("convert", "page.png", "-o", "-", "--report", "-")[0] == 2


def test_a_blank_page_is_not_shown_to_the_model(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("page.png", text="")
    assert vary("convert", "page.png", "-o", "page.json")[0] == 0
    page = json.loads(Path("page.json").read_text())["pages"][0]
    assert (page["finish"], page["text"], model.asked) == ("blank", "", [])


def test_strict_takes_warnings_for_failures(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("page.png")
    model.answer = lambda example: Generation("word", "repeat", 1, -0.01)
    assert vary("convert", "page.png")[0] == 0
    assert vary("convert", "page.png", "--overwrite", "--strict")[0] == 8
    assert Path("page.md").read_text() == "word\n"


def test_an_interrupt_leaves_the_finished_pages_written(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("book.tiff", pages=3)

    def answer(example: Example) -> Generation:
        if len(model.asked) == 3:
            raise KeyboardInterrupt
        return Generation("word", "stop", 1, -0.01)

    model.answer = answer
    assert vary("convert", "book.tiff")[0] == 130
    assert Path("book.md").read_text().count("word") == 2
    assert "page 3 failed: interrupted" in Path("book.md").read_text()


def test_a_model_that_gives_up_leaves_the_finished_pages_and_its_own_code(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("book.tiff", pages=2)

    def answer(example: Example) -> Generation:
        if len(model.asked) == 2:
            raise DeviceError("memory ran out", "add --batch-size 1")
        return Generation("word", "stop", 1, -0.01)

    model.answer = answer
    code, _, err = vary("convert", "book.tiff", "--report", "run.json")
    assert code == 7
    assert "--batch-size 1" in err
    assert Path("book.md").read_text().startswith("word")
    assert json.loads(Path("run.json").read_text())["documents"][0]["status"] == "partial"


def test_settings_come_from_file_variable_and_flag_in_this_order(
    vary: Vary, draw: Draw, model: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw("page.png")
    Path("vary.toml").write_text('[convert]\nmodel = "filed"\ndevice = "cpu"\noverwrite = true\n')
    vary("convert", "page.png")
    assert model.loaded["name"] == "filed"
    monkeypatch.setenv("VARY_MODEL", "variable")
    vary("convert", "page.png")
    assert model.loaded["name"] == "variable"
    vary("convert", "page.png", "--model", "flag", "--offline", "--batch-size", "4")
    said = {"name": "flag", "device": "cpu", "dtype": "auto", "batch_size": 4, "offline": True}
    assert model.loaded.items() >= said.items()


def test_a_misspelled_setting_is_an_error(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("page.png")
    Path("mine.toml").write_text("[convert]\ndpy = 300\n")
    code, _, err = vary("convert", "page.png", "--config", "mine.toml")
    assert code == 2
    assert "mine.toml: 'dpy' is unknown" in err
    assert "did you mean dpi?" in err


def test_a_task_is_put_into_the_models_words(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("page.png")
    vary("convert", "page.png", "-o", "-", "--lang", "zh")
    vary("convert", "page.png", "-o", "-", "--prompt", "What is this?")
    assert [example.prompt for example in model.asked] == ["读。", "What is this?"]
    assert vary("convert", "page.png", "-o", "-", "--task", "orc")[0] == 2


def test_verbose_says_what_goes_where(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("page.png")
    _, _, err = vary("convert", "page.png", "-v")
    assert "fake (0) on cpu, fp32" in err
    assert "page.png: 1 page -> page.md" in err
