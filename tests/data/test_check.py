from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vary_cli.data import census, check, folder, forms
from vary_cli.data.check import Seen
from vary_cli.data.glances import glances

Pictures = Mapping[str, Image.Image | bytes | None]


def noise(seed: int, size: int = 320) -> Image.Image:
    """A picture like no other."""
    cells = np.random.default_rng(seed).integers(0, 255, (20, 20), np.uint8)
    return Image.fromarray(cells).resize((size, size), Image.Resampling.BICUBIC)


def data_set(
    path: Path, pictures: dict[str, Image.Image | bytes | None], answers: dict[str, str] | None = None
) -> Path:
    """A folder of pictures, files or nothing at all under these names."""
    path.mkdir()
    for name, picture in pictures.items():
        if isinstance(picture, bytes):
            (path / name).write_bytes(picture)
        elif picture is not None:
            picture.save(path / name)
    said = answers or {}
    folder.write(path, [{"file_name": name, "text": said.get(name, f"an answer of {name}")} for name in pictures])
    return path


def seen(path: Path) -> Seen:
    return Seen(forms.records(path), sorted(glances(path), key=lambda glance: glance.index))


def kinds(found: list[check.Finding]) -> dict[str, set[str]]:
    names = defaultdict(set)
    for finding in found:
        names[finding.kind].add(Path(finding.name).name)
    return dict(names)


def test_each_fault_is_found_and_the_good_ones_pass(tmp_path: Path) -> None:
    answers = {"empty.png": " \n", "long.png": "word " * 50}
    names = ("a.png", "b.png", "empty.png", "long.png", "copy.png")
    pictures: dict[str, Image.Image | bytes | None] = {name: noise(number) for number, name in enumerate(names[:4])}
    pictures |= {"copy.png": noise(0), "missing.png": None, "broken.png": b"\x89PNG and no more"}
    pictures["bomb.png"] = Image.new("1", (9_000, 9_000))
    pictures["alike.png"] = noise(1, 200)
    path = data_set(
        tmp_path / "set", pictures, answers | {"alike.png": "an answer of b.png", "b.png": "an answer of b.png"}
    )
    with (path / "metadata.jsonl").open("a") as file:
        file.write("no json\n")
        glyphs = {"char": ["a"], "x": [900.0], "y": [2.0], "size": [9.0], "line": [0]}
        file.write(json.dumps({"file_name": "a.png", "text": "glyphs elsewhere", "glyphs": glyphs}) + "\n")
    found = list(check.findings(seen(path), None, lambda text: len(text.split()), 20))
    assert kinds(found) == {
        "missing picture": {"missing.png"},
        "broken picture": {"broken.png"},
        "picture too large": {"bomb.png"},
        "malformed": {"entry 10", "a.png"},
        "empty answer": {"empty.png"},
        "answer too long": {"long.png"},
        "duplicate": {"copy.png"},
        "near duplicate": {"alike.png"},
    }


def test_leakage_is_found_by_pixels_by_likeness_and_by_words(tmp_path: Path) -> None:
    long = "These words are long enough that nobody writes them twice by accident."
    same = {"shrunk.png": "nearly the same words", "c.png": "nearly the same word"}
    test = data_set(
        tmp_path / "test", {"a.png": noise(1), "b.png": noise(2), "c.png": noise(3)}, same | {"b.png": long}
    )
    pictures = {"own.png": noise(7), "taken.png": noise(1), "shrunk.png": noise(3, 180), "words.png": noise(8)}
    train = data_set(tmp_path / "train", pictures, same | {"words.png": long})
    found = list(check.findings(seen(train), seen(test)))
    assert kinds(found) == {"leak": {"taken.png", "shrunk.png", "words.png"}}
    assert {Path(finding.name).name: finding.detail.split(" as ")[0] for finding in found}[
        "words.png"
    ] == "the same answer"


def test_pages_of_text_are_not_taken_for_each_other(tmp_path: Path) -> None:
    blank = Image.new("L", (300, 300), 255)
    pictures = {f"{number}.png": noise(number) for number in range(40)} | {"blank.png": blank}
    assert list(check.findings(seen(data_set(tmp_path / "set", pictures)))) == []


def test_the_census_counts_and_the_sheet_shows(tmp_path: Path) -> None:
    pictures: dict[str, Image.Image | bytes | None] = {f"{number}.png": noise(number) for number in range(5)}
    path = data_set(tmp_path / "set", pictures | {"broken.png": b"nothing"}, {"0.png": "文字文字", "1.png": "12"})
    counts = census.Census()
    records = forms.records(path)
    for index in range(len(records)):
        counts.add(records, index)
    assert (counts.examples, counts.malformed, dict(counts.languages)) == (6, 0, {"zh": 1, "none": 1, "en": 4})
    assert (counts.length(0), counts.length(1)) == (2, len("an answer of broken.png"))
    sheet = census.sheet(path, None, 6, 0)
    assert sheet.width == census.COLUMNS * (census.TILE + census.GAP) + census.GAP
    assert len(sheet.getcolors(1 << 24) or ()) > 200


@pytest.mark.parametrize(("a", "b", "same"), [("abcdef", "abcdef", True), ("abcdef", "uvwxyz", False), ("", "", True)])
def test_answers_are_the_same_if_they_share_most_of_their_letters(a: str, b: str, same: bool) -> None:
    assert check.same_words(a, b) is same
