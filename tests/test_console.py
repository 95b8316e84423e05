from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr

import pytest

from vary_cli.console import Console, printable
from vary_cli.errors import EncryptedError


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("NO_COLOR", raising=False)


@contextmanager
def terminal() -> Iterator[Terminal]:
    with redirect_stderr(Terminal()) as stream:
        yield stream


def count_three_pages(console: Console) -> None:
    with console.progress() as progress:
        progress.expect(3)
        for failed in (False, True, False):
            progress.advance("paper.pdf", failed)
        assert (progress.done, progress.failed) == (3, 1)


def test_controls_are_stripped_from_names() -> None:
    assert printable("a\x1b[31mb\u202ec\nd\udcff") == "a�[31mb�c�d?"


def test_a_pipe_gets_no_progress_and_no_notes(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console()
    count_three_pages(console)
    console.note("a note")
    assert capsys.readouterr() == ("", "")


def test_a_pipe_gets_warnings_as_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    Console().warn("page [bold]3[/bold] of \x1b[2Jx.pdf failed")
    assert capsys.readouterr().err == "warning: page [bold]3[/bold] of �[2Jx.pdf failed\n"


def test_quiet_is_silent_but_for_errors(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(-1)
    console.warn("something")
    console.error(EncryptedError("paper.pdf needs a password", "add --password-file FILE"))
    assert capsys.readouterr().err == "vary: paper.pdf needs a password\n  add --password-file FILE\n"


def test_verbose_says_notes(capsys: pytest.CaptureFixture[str]) -> None:
    Console(1).note("using ./vary.toml")
    assert "using ./vary.toml" in capsys.readouterr().err


def test_a_terminal_gets_a_bar_with_rate_and_failures() -> None:
    with terminal() as stream:
        count_three_pages(Console())
    drawn = stream.getvalue()
    assert "3/3" in drawn
    assert "pages/s" in drawn
    assert "1 failed" in drawn


def test_a_terminal_gets_an_error_panel_with_code_and_hint() -> None:
    with terminal() as stream:
        Console().error(EncryptedError("paper.pdf needs a password", "add --password-file FILE"))
    drawn = stream.getvalue()
    assert "input_encrypted" in drawn
    assert "add --password-file FILE" in drawn
    assert "╭" in drawn


def test_no_color_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with terminal() as stream:
        Console().error(EncryptedError("paper.pdf needs a password"))
    assert "\x1b[31m" not in stream.getvalue()


def test_a_dumb_terminal_is_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with terminal() as stream:
        count_three_pages(Console())
    assert stream.getvalue() == ""
