from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

Vary = Callable[..., tuple[int, str, str]]


@pytest.fixture
def photographs(here: Path) -> Path:
    """Three pictures and two files that are none."""
    folder = here / "photographs"
    folder.mkdir()
    for number in range(3):
        Image.effect_noise((100 + 10 * number, 90), 60).save(folder / f"{number}.png")
    (folder / "notes.txt").write_text("no picture")
    (folder / "broken.jpg").write_bytes(b"no picture either")
    return folder


@pytest.fixture
def made(photographs: Path, vary: Vary) -> Path:
    """A data set of them."""
    assert vary("data", "make", "negatives", str(photographs), "-o", "set", "--workers", "1", "-q")[0] == 0
    return Path("set")


def test_what_is_left_out_is_counted_and_named(photographs: Path, vary: Vary) -> None:
    code, out, error = vary("data", "make", "negatives", str(photographs), "-o", "set", "-v", "--workers", "1")
    assert (code, out) == (0, "")
    assert "3 examples -> set" in error
    assert "notes.txt: left out, no picture" in error
    assert "2 left out: 1 no readable picture, 1 no picture" in error or "2 left out: 1 no picture" in error
    assert len((Path("set") / "metadata.jsonl").read_text().splitlines()) == 3


def test_nothing_made_is_an_error_that_says_why(here: Path, vary: Vary) -> None:
    (here / "empty").mkdir()
    (here / "empty/a.txt").write_text("x")
    code, _, error = vary("data", "make", "negatives", "empty", "-o", "set")
    assert code == 3
    assert "1 no picture" in error


def test_a_set_is_not_replaced_by_another_order_unasked(made: Path, photographs: Path, vary: Vary) -> None:
    words = ("data", "make", "negatives", str(photographs), "-o", str(made), "--seed", "1", "--workers", "1")
    assert vary(*words)[0] == 5
    assert vary(*words, "--overwrite")[0] == 0


def test_a_set_without_faults_passes(made: Path, vary: Vary) -> None:
    code, out, _ = vary("data", "check", str(made))
    assert code == 0
    assert "nothing is wrong" in out


def test_faults_are_in_the_table_and_in_the_exit_code(made: Path, vary: Vary) -> None:
    with (made / "metadata.jsonl").open("a") as file:
        file.write('{"file_name": "0000/gone.png", "text": "x"}\n')
    code, out, error = vary("data", "check", str(made), "--against", str(made))
    assert code == 8
    assert "1 of 4 examples" not in error  # the three others leak
    assert {line.split("  ")[0] for line in out.splitlines() if line[:1].isalpha()} >= {"missing picture", "leak"}
    code, out, _ = vary("data", "check", str(made), "--json")
    told = json.loads(out)
    assert code == 8
    assert (told["examples"], [finding["kind"] for finding in told["findings"]]) == (4, ["missing picture"])


def test_answers_are_counted_in_a_models_tokens(made: Path, here: Path, vary: Vary) -> None:
    from vary_cli.model.tokenizer import trained

    (here / "model").mkdir()
    trained(["nature picture photo image shot"] * 9, 300).save(str(here / "model/tokenizer.json"))
    code, out, _ = vary("data", "check", str(made), "--model", "model", "--longest", "2")
    assert code == 8
    assert "answer too long" in out
    assert vary("data", "check", str(made), "--model", "model", "--longest", "99")[0] == 0


def test_statistics_are_told_and_the_sheet_is_written(made: Path, vary: Vary) -> None:
    code, out, _ = vary("data", "stats", str(made), "--json", "--sheet", "sheet.png")
    told = json.loads(out)
    assert code == 0
    assert (told["examples"], told["languages"], told["sources"]) == (3, {"en": 3}, {"negatives": 3})
    with Image.open("sheet.png") as sheet:
        assert sheet.width > 1000
    assert "languages" in vary("data", "stats", str(made))[1]


@pytest.mark.parametrize("words", [("check", "nowhere"), ("stats", "nowhere"), ("make", "pages", "nowhere", "-o", "x")])
def test_what_is_not_there_is_an_input_error(words: tuple[str, ...], vary: Vary) -> None:
    code, _, error = vary("data", *words)
    assert code == 3
    assert "nowhere" in error


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("make", "pages", "-o", "x"), "no text is named"),
        (("make", "charts", "-o", "x", "-n", "0"), "--count is 0"),
        (("make", "novels", "-o", "x"), "No such command 'novels'"),
        (("make", "pages", "a.txt"), "Missing option '-o'"),
    ],
)
def test_a_contradiction_is_a_usage_error(words: tuple[str, ...], said: str, vary: Vary) -> None:
    code, _, error = vary("data", *words)
    assert code == 2
    assert said in error


def test_help_shows_every_source_and_its_options(vary: Vary) -> None:
    out = vary("data", "make", "--help")[1]
    sources = ("lines", "pages", "pdf", "latex", "charts", "echarts", "negatives", "conversations")
    assert all(f"  {name} " in out for name in sources)
    out = vary("data", "make", "lines", "--help")[1]
    assert "--size INTEGER..." in out
    assert "[18 40]" in out
    assert "vary data make lines" in out


def test_options_come_from_a_file_too(photographs: Path, here: Path, vary: Vary) -> None:
    (here / "vary.toml").write_text(f'[data.make.negatives]\nimages = ["{photographs}"]\nlongest = 50\n')
    assert vary("data", "make", "negatives", "-o", "set", "--workers", "1", "-q")[0] == 0
    with Image.open("set/0000/000000-000.jpg") as image:
        assert max(image.size) == 50


def test_a_tokenizer_is_learned_and_not_replaced(made: Path, vary: Vary) -> None:
    assert vary("data", "tokenizer", str(made), "-o", "words", "--size", "1500")[0] == 0
    file = Path("words") / "tokenizer.json"
    before = file.read_bytes()
    code, _, error = vary("data", "tokenizer", str(made), "-o", "words")
    assert (code, file.read_bytes()) == (5, before)
    assert "--overwrite" in error
