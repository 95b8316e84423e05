from __future__ import annotations

import os
from pathlib import Path, PurePath

import pytest

from vary_cli import output
from vary_cli.errors import OutputError, UsageError
from vary_cli.inputs import Input
from vary_cli.output import STDOUT, Writing, places


def inputs(*names: str) -> list[Input]:
    return [Input(None, PurePath("stdin")) if name == "-" else Input(Path(name), PurePath(name)) for name in names]


def planned(*names: str, **writing: object) -> list[str | None]:
    targets = output.plan(inputs(*names), ".md", Writing(**writing))  # type: ignore[arg-type]
    return [None if target.path is None else target.path.as_posix() for target in targets]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_single_file_gets_its_name_here() -> None:
    assert planned("paper.pdf") == ["paper.md"]
    assert planned("paper.pdf", output="out.md") == ["out.md"]
    assert planned("paper.pdf", output="new/") == ["new/paper.md"]


def test_an_existing_folder_is_a_folder() -> None:
    Path("out.d").mkdir()
    assert planned("paper.pdf", output="out.d") == ["out.d/paper.md"]


def test_many_inputs_mirror_their_tree() -> None:
    assert planned("a.pdf", "sub/b.pdf", output="out") == ["out/a.md", "out/sub/b.md"]


def test_many_inputs_do_not_go_into_one_file() -> None:
    with pytest.raises(UsageError, match="2 documents"):
        planned("a.pdf", "b.pdf", output="out.md")


def test_streams_are_told_apart() -> None:
    assert planned("-") == [None]
    assert planned("paper.pdf", output=STDOUT) == [None]
    assert planned("-", output="out.md") == ["out.md"]


def test_pages_go_into_a_folder_of_the_documents_name() -> None:
    assert planned("paper.pdf", split_pages=True) == ["paper"]
    assert planned("a.pdf", "b.pdf", output="out", split_pages=True) == ["out/a", "out/b"]


def test_equal_names_are_told_apart_by_suffix_then_by_number() -> None:
    assert places([PurePath("a.pdf"), PurePath("a.png"), PurePath("b.pdf")], ".md") == [
        PurePath("a.pdf.md"),
        PurePath("a.png.md"),
        PurePath("b.md"),
    ]
    assert places([PurePath("a.pdf"), PurePath("A.pdf")], ".md") == [PurePath("a.pdf.md"), PurePath("A.pdf-2.md")]


def test_a_numbered_name_never_meets_another() -> None:
    names = ["a.pdf", "a.pdf", "a.pdf-2"]
    assert len(set(places([PurePath(name) for name in names], ".md"))) == 3


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("\x1b[31mred.pdf", "_[31mred.md"),
        ("con.pdf", "_con.md"),
        ("COM1", "_COM1.md"),
        ("...", "_.md"),
        ("e\u0301.pdf", "é.md"),
        ("a:b|c.pdf", "a_b_c.md"),
        (os.fsdecode(b"\xff.pdf"), "�.md"),
        ("nul\0.pdf", "nul_.md"),
    ],
)
def test_hostile_names_become_harmless(name: str, safe: str) -> None:
    assert places([PurePath(name)], ".md") == [PurePath(safe)]


def test_long_names_are_cut_between_characters_and_stay_different() -> None:
    first, second = places([PurePath("文" * 100 + "a.pdf"), PurePath("文" * 100 + "b.pdf")], ".md")
    assert first != second
    assert all(len(place.name.encode()) <= 210 for place in (first, second))


def test_a_link_that_leads_out_of_the_folder_is_refused(here: Path) -> None:
    Path("out").mkdir()
    Path("elsewhere").mkdir()
    os.symlink(here / "elsewhere", "out/sub")
    with pytest.raises(OutputError, match="leads out"):
        planned("sub/a.pdf", "b.pdf", output="out")


def test_nothing_is_replaced_without_leave() -> None:
    Path("paper.md").write_text("mine")
    with pytest.raises(OutputError, match=r"paper\.md exists") as caught:
        planned("paper.pdf")
    assert "--overwrite" in caught.value.hint
    assert planned("paper.pdf", overwrite=True) == ["paper.md"]
    assert output.plan(inputs("paper.pdf"), ".md", Writing(skip_existing=True))[0].skipped
    assert not output.plan(inputs("other.pdf"), ".md", Writing(skip_existing=True))[0].skipped


def test_an_input_is_never_replaced() -> None:
    Path("notes.md").write_text("mine")
    with pytest.raises(OutputError, match="would replace the input"):
        planned("notes.md", overwrite=True)


def test_a_folder_appears_whole_or_is_filled_file_by_file() -> None:
    output.write_folder(Path("deep/paper"), {"p001.md": "one\n", "images/f.png": b"\x89"})
    assert sorted(os.listdir("deep/paper")) == ["images", "p001.md"]
    output.write_folder(Path("deep/paper"), {"p001.md": "two\n"})
    assert Path("deep/paper/p001.md").read_text() == "two\n"
    assert sorted(os.listdir("deep")) == ["paper"]


def test_a_folder_that_fails_leaves_nothing() -> None:
    with pytest.raises(OutputError):
        output.write_folder(Path("paper"), {"p001.md": "one\n", "p001.md/below": "no"})
    assert os.listdir() == []


def test_contradictions_are_errors() -> None:
    with pytest.raises(UsageError):
        Writing(overwrite=True, skip_existing=True)
    with pytest.raises(UsageError):
        Writing(split_pages=True, output=STDOUT)


def test_a_folder_that_cannot_be_is_known_before_work() -> None:
    Path("file").touch()
    with pytest.raises(OutputError, match="not a folder"):
        planned("a.pdf", output="file/sub/")


def test_a_folder_is_no_file() -> None:
    Path("paper.md").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        planned("paper.pdf", overwrite=True)


def test_a_file_appears_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    output.write(Path("deep/paper.md"), "old\n")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OutputError, match="No space left"):
        output.write(Path("deep/paper.md"), "new\n")
    assert Path("deep/paper.md").read_text() == "old\n"
    assert os.listdir("deep") == ["paper.md"]


def test_a_file_has_the_rights_that_the_umask_leaves() -> None:
    previous = os.umask(0o027)
    try:
        output.write(Path("paper.md"), "text\n")
    finally:
        os.umask(previous)
    assert Path("paper.md").stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_devices_are_written_in_place() -> None:
    output.write(Path("/dev/null"), "text")
    assert planned("paper.pdf", output="/dev/null") == ["/dev/null"]
    with pytest.raises(OutputError, match="No space left"):
        output.write(Path("/dev/full"), "text")
