from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from PIL import Image

from vary_cli.data import folder, forms, shards
from vary_cli.data.making import encoded
from vary_cli.data.record import row
from vary_cli.errors import DataError
from vary_cli.example import BOLD, Example, Glyph

GLYPHS = (Glyph("b", 30.0, 20.0, 18.0, 1, BOLD), Glyph("a", 10.5, 20.0, 18.0, 0), Glyph("文", 50.0, 20.0, 18.0, 2))


def sample(number: int) -> Example:
    image = Image.new("L", (80, 40), 255 - number)
    return Example(
        image, f"question {number}", f"answer {number}", GLYPHS, source=f"test:{number}", history=(("q", "a"),)
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data set of three examples."""
    path = tmp_path / "set"
    (path / "0000").mkdir(parents=True)
    rows = [row(sample(number), f"0000/{number}.png") for number in range(3)]
    for number, told in enumerate(rows):
        (path / told["file_name"]).write_bytes(encoded(sample(number).image, ".png"))
    folder.write(path, rows)
    return path


def assert_same(found: Example, wanted: Example) -> None:
    assert found.image.tobytes() == wanted.image.tobytes()
    assert (found.prompt, found.answer, found.glyphs) == (wanted.prompt, wanted.answer, wanted.glyphs)
    assert (found.source, found.history) == (wanted.source, wanted.history)


def test_what_is_written_is_read_back_with_glyphs_in_their_order(data: Path) -> None:
    examples = forms.examples(data)
    assert len(examples) == 3
    for number in (2, 0, 1, 0):
        assert_same(examples[number], sample(number))
    assert [example.answer for example in examples[1:]] == ["answer 1", "answer 2"]
    assert_same(examples[-1], sample(2))
    with pytest.raises(IndexError):
        examples[3]


def test_a_data_set_travels_to_other_processes(data: Path) -> None:
    assert_same(pickle.loads(pickle.dumps(forms.examples(data)))[1], sample(1))


def test_tar_files_hold_the_same_examples(data: Path, tmp_path: Path) -> None:
    rows = [row(sample(number), f"00-{number}.png") for number in range(3)]
    for name, some in (("b.tar", rows[2:]), ("a.tar", rows[:2])):
        shards.write(tmp_path / name, [(told, encoded(sample(int(told["text"][-1])).image, ".png")) for told in some])
    for path in (tmp_path / "shards",):
        path.mkdir()
        (tmp_path / "a.tar").rename(path / "a.tar")
        (tmp_path / "b.tar").rename(path / "b.tar")
        examples = forms.examples(path)
        assert len(examples) == 3
        for number in (1, 2, 0):
            assert_same(examples[number], sample(number))


def test_the_same_rows_make_the_same_tar_file(tmp_path: Path) -> None:
    packed = [(row(sample(0), "0.png"), encoded(sample(0).image, ".png"))]
    for name in ("a.tar", "b.tar"):
        shards.write(tmp_path / name, packed)
    assert (tmp_path / "a.tar").read_bytes() == (tmp_path / "b.tar").read_bytes()


@pytest.mark.filterwarnings("ignore")  # the package's own
def test_hugging_face_opens_the_folder(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    datasets = pytest.importorskip("datasets", reason="the package datasets is not installed")
    found = datasets.load_dataset("imagefolder", data_dir=str(data), cache_dir=str(tmp_path / "cache"))["train"]
    assert [told["text"] for told in found] == ["answer 0", "answer 1", "answer 2"]
    assert found[0]["image"].size == (80, 40)
    assert found[1]["glyphs"]["char"] == ["b", "a", "文"]
    assert found[1]["prompt"] == "question 1"


@pytest.mark.parametrize("name", ["../secret.png", "/etc/passwd", "a/../../b.png", "C:\\a.png", ""])
def test_pictures_outside_of_the_folder_are_refused(data: Path, name: str) -> None:
    folder.write(data, [{"file_name": name, "text": "x"}])
    with pytest.raises(DataError, match="line 1 names"):
        forms.examples(data)[0]


@pytest.mark.parametrize("line", ["{", "[1]", '{"file_name": "0000/0.png"}', '{"file_name": "0000/0.png", "text": 5}'])
def test_a_malformed_line_is_named_when_it_is_asked_for(data: Path, line: str) -> None:
    with (data / "metadata.jsonl").open("a") as file:
        file.write(line + "\n")
    examples = forms.examples(data)
    assert_same(examples[2], sample(2))
    with pytest.raises(DataError, match="line 4"):
        examples[3]


def test_unknown_columns_and_missing_ones_do_no_harm(data: Path) -> None:
    (data / "metadata.jsonl").write_text(json.dumps({"file_name": "0000/0.png", "text": "two words", "tags": [1]}))
    record = forms.records(data)[0]
    assert (record.prompt, record.glyphs, record.history, record.language) == (None, None, (), "en")
