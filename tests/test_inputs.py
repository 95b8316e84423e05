from __future__ import annotations

import os
from pathlib import Path

import pytest

from vary_cli.errors import InputError, UsageError
from vary_cli.inputs import expand


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("b.pdf", "a.PDF", "notes.txt", "sub/c.png", "sub/deep/d.tiff", ".hidden/e.pdf", "sub/.f.pdf"):
        (tmp_path / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "docs" / name).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def places(*words: str) -> list[str]:
    return [item.place.as_posix() for item in expand(words)]


def test_a_folder_is_walked_in_stable_order_without_hidden_and_foreign_files(tree: Path) -> None:
    assert places("docs") == ["a.PDF", "b.pdf", "sub/c.png", "sub/deep/d.tiff"]


def test_a_named_file_is_taken_whatever_its_suffix_and_stands_alone(tree: Path) -> None:
    assert places("docs/notes.txt", "docs/sub/c.png") == ["notes.txt", "c.png"]


def test_a_missing_file_is_an_input_whose_reading_will_fail(tree: Path) -> None:
    assert places("gone.pdf") == ["gone.pdf"]


def test_a_pattern_keeps_the_folders_below_its_fixed_part(tree: Path) -> None:
    assert places("docs/**/*.png") == ["sub/c.png"]
    assert places("docs/*.pdf") == ["b.pdf"]


def test_a_file_named_like_a_pattern_is_a_file(tree: Path) -> None:
    Path("a[1].pdf").touch()
    assert places("a[1].pdf") == ["a[1].pdf"]


def test_a_list_holds_a_path_a_line(tree: Path) -> None:
    Path("list.txt").write_text("docs/b.pdf\n\n  docs/sub/c.png\n")
    assert places("@list.txt") == ["b.pdf", "c.png"]


def test_a_list_of_lists_is_refused(tree: Path) -> None:
    Path("list.txt").write_text("@list.txt\n")
    with pytest.raises(UsageError, match="another list"):
        expand(["@list.txt"])


def test_no_file_is_read_twice(tree: Path) -> None:
    os.symlink("docs/b.pdf", "same.pdf")
    assert places("docs/b.pdf", "./docs/b.pdf", "same.pdf", "docs") == [
        "b.pdf",
        "a.PDF",
        "sub/c.png",
        "sub/deep/d.tiff",
    ]


def test_standard_input_is_one_input(tree: Path) -> None:
    assert [item.name for item in expand(["-"])] == ["standard input"]
    with pytest.raises(UsageError):
        expand(["-", "-"])


@pytest.mark.parametrize("word", ["empty", "docs/*.gif", "@missing.txt"])
def test_a_word_that_means_nothing_is_an_error(tree: Path, word: str) -> None:
    Path("empty").mkdir()
    with pytest.raises(InputError):
        expand([word])


def test_names_that_no_file_system_takes_are_no_bugs(tree: Path) -> None:
    assert len(expand(["x" * 5000])) == 1
    with pytest.raises(InputError):
        expand(["a\0b"])
