from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import vary_cli
from vary_cli import cli, plugins

Vary = Callable[..., tuple[int, str, str]]
COMMANDS = [name for name in plugins.names("vary_cli.cli") if not name.startswith("_")]
HEAVY = ("torch", "transformers", "numpy", "PIL", "pymupdf", "rich", "tokenizers", "safetensors")


def python(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A fresh Python that finds this vary."""
    environment = {**os.environ, "PYTHONPATH": str(Path(vary_cli.__file__).parent.parent), **variables}
    return subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["convert", "--help"], ["ocr", "--help"]])
def test_help_brings_nothing_heavy(words: list[str]) -> None:
    code = f"import sys; from vary_cli import cli; cli.run({words}); print([m for m in {HEAVY} if m in sys.modules])"
    assert python("-c", code).stdout.splitlines()[-1] == "[]"


def test_the_package_brings_nothing_heavy() -> None:
    assert python("-c", f"import vary_cli, sys; print([m for m in {HEAVY} if m in sys.modules])").stdout == "[]\n"


def test_help_lists_every_command_by_the_first_line_of_its_file(vary: Vary) -> None:
    _, out, _ = vary("--help")
    for name in COMMANDS:
        assert f"\n  {name.replace('_', '-')} " in out
    assert "Read the text of pictures" in out


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_shows_examples(vary: Vary, name: str) -> None:
    code, out, _ = vary(name.replace("_", "-"), "--help")
    assert code == 0
    assert f"  vary {name.replace('_', '-')}" in out.partition("Examples:")[2]


def test_no_command_is_a_usage_error_that_shows_the_map(vary: Vary) -> None:
    code, out, err = vary()
    assert (code, out) == (2, "")
    assert "convert" in err


@pytest.mark.parametrize(
    ("words", "offer"),
    [
        (["convrt", "a.pdf"], "did you mean convert"),
        (["convert", "--text-layr", "off"], "--text-layer"),
        (["convert", "a.pdf", "--headers", "kep"], "'auto', 'keep', 'drop', 'comment'"),
    ],
)
def test_a_slip_is_answered_with_the_nearest(vary: Vary, words: list[str], offer: str) -> None:
    code, _, err = vary(*words)
    assert code == 2
    assert offer in err


def test_the_version_is_told_to_people_and_machines(vary: Vary) -> None:
    assert vary("--version") == (0, f"vary {vary_cli.__version__}\n", "")
    found = json.loads(vary("--version", "--json")[1])
    assert found["vary"] == vary_cli.__version__
    assert "torch" in found


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed_and_works(vary: Vary, shell: str) -> None:
    code, out, _ = vary("completion", shell)
    assert code == 0
    assert "_VARY_COMPLETE" in out


def test_commands_and_options_are_completed() -> None:
    done = python("-m", "vary_cli", _VARY_COMPLETE="bash_complete", COMP_WORDS="vary conv", COMP_CWORD="1")
    assert done.stdout == "plain,convert\n"
    done = python("-m", "vary_cli", _VARY_COMPLETE="bash_complete", COMP_WORDS="vary convert --head", COMP_CWORD="2")
    assert done.stdout == "plain,--headers\n"


def test_an_interrupt_has_its_exit_code(vary: Vary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vary_cli.cli.versions", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
    assert vary("--version", "--json")[0] == 130


def test_a_bug_stays_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vary_cli.cli.versions", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        cli.run(["--version", "--json"])


def test_a_listener_that_leaves_is_no_error() -> None:
    code = (
        "import sys, click\nfrom vary_cli import cli\n"
        "@click.command()\ndef command():\n    [click.echo('x' * 10**6) for _ in range(5)]\n"
        "cli.House.get_command = lambda *words: command\n"
        "sys.argv = ['vary', 'convert']\ncli.main()"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(vary_cli.__file__).parent.parent)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, **pipes) as process:  # type: ignore[call-overload]
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_output_is_utf8_whatever_the_locale_says() -> None:
    code = (
        "import sys; sys.argv = ['vary', '--version', '--json']; import click; from vary_cli import cli\n"
        "cli.versions = lambda: click.echo('\\u6587') or {}; cli.main()"
    )
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    environment["PYTHONPATH"] = str(Path(vary_cli.__file__).parent.parent)
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert done.stdout.startswith("文\n".encode())
