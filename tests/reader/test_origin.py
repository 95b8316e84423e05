"""What is no document at all, told before anything is decoded."""

import os
import sys
from pathlib import Path

import pytest

from vary_cli import reader
from vary_cli.errors import InputError, UsageError
from vary_cli.reader.origin import Origin


def failure(document: Path | bytes) -> InputError:
    with pytest.raises(InputError) as caught:
        reader.open(document)
    assert caught.value.exit_code == 3
    assert caught.value.hint
    return caught.value


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    error = failure(tmp_path / "no.pdf")
    assert (error.message, error.code) == (f"{tmp_path / 'no.pdf'} does not exist", "input_missing")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert failure(tmp_path).code == "input_is_folder"


@pytest.mark.parametrize("as_bytes", [False, True])
def test_an_empty_file_is_told_from_a_damaged_one(tmp_path: Path, as_bytes: bool) -> None:
    (tmp_path / "empty.pdf").touch()
    assert failure(b"" if as_bytes else tmp_path / "empty.pdf").code == "input_empty"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"plain text", "PDF, PNG"),
        (b"BMW is no bitmap", "PDF, PNG"),
        (b"PK\x03\x04and so on", "Office file"),
        (b"\n <!DOCTYPE html>", "HTML"),
        (b"%!PS-Adobe-3.0", "PostScript"),
    ],
)
def test_what_is_no_document_is_known_by_its_bytes_not_its_name(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "paper.pdf").write_bytes(data)
    error = failure(tmp_path / "paper.pdf")
    assert error.code == "input_unknown"
    assert words in error.hint


def test_a_pdf_may_begin_with_something_else() -> None:
    assert Origin("x", b"\n\nmail header\n%PDF-1.4 ...").kind() == "PDF"


@pytest.mark.skipif(sys.platform == "win32", reason="no FIFOs on Windows")
def test_a_device_is_no_regular_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "standard input" in failure(tmp_path / "pipe").hint


def test_a_name_that_cannot_be_is_an_input_error() -> None:
    assert failure(Path("a\0b")).code == "input_unreadable"


@pytest.mark.parametrize("dpi", [0, -1, float("nan"), float("inf")])
def test_a_resolution_must_be_one(dpi: float) -> None:
    with pytest.raises(UsageError, match="dpi"):
        reader.open(b"%PDF-", dpi=dpi)


def test_limits_must_be_above_nothing() -> None:
    with pytest.raises(UsageError, match="page_timeout is 0"):
        reader.Limits(page_timeout=0)
