"""The door: `vary` and its commands, one file each, opened only when asked for. Parses, calls one deed, shows.

A command's file is named like the command, exports `command`, and begins with the line that `vary --help` shows.
"""

from __future__ import annotations

import ast
import importlib
import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TextIO

import click

from vary_cli import __version__, plugins
from vary_cli.errors import VaryError

ORDER = ("convert", "ocr", "data", "finetune", "evaluate", "bench", "models", "doctor", "completion")
INTERRUPTED, BROKEN_PIPE = 130, 141  # what a shell reports for SIGINT and SIGPIPE


class House(click.Group):
    """A group whose commands are the files of this folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The deeds first, then what looks."""
        found = [name.replace("_", "-") for name in plugins.names(__name__) if not name.startswith("_")]
        return sorted(found, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, its file imported now."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"{__name__}.{cmd_name.replace('-', '_')}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the words name; the nearest is offered for one that is not there."""
        known = self.list_commands(ctx)
        if args[0] not in known and not args[0].startswith("-"):
            from vary_cli.config import nearest

            ctx.fail(f"No such command {args[0]!r}: {nearest(args[0], known)}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a reader of standard output that has left (`| head`) is no error."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the last flush fails at exit
            ctx.exit(BROKEN_PIPE)
        return result

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the first lines of their files: nothing is imported for it."""
        rows = [(name, first_line(f"{__name__}.{name.replace('-', '_')}")) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def first_line(module: str) -> str:
    """The first sentence of a module's docstring, read without running it."""
    spec = find_spec(module)
    source = Path(str(spec and spec.origin)).read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").split("\n")[0].rstrip(".")


@click.group(
    cls=House,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: vary convert paper.pdf -o paper.md",
)
@click.option("--version", "show_version", is_flag=True, help="Show the version and leave.")
@click.option("--json", "as_json", is_flag=True, help="With --version: as JSON, with what it stands on.")
@click.pass_context
def house(ctx: click.Context, show_version: bool, as_json: bool) -> None:
    """Documents to Markdown or LaTeX with the Vary vision-language models."""
    if show_version:
        click.echo(json.dumps(versions(), indent=2) if as_json else f"vary {__version__}")
    elif ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), err=True)
        ctx.exit(2)


def versions() -> dict[str, str | None]:
    """Versions of vary, Python and the packages that matter; None for those that are not there."""
    from importlib import metadata

    found: dict[str, str | None] = {"vary": __version__, "python": sys.version.split()[0]}
    for package in ("torch", "transformers", "pymupdf", "pillow", "tokenizers", "safetensors"):
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = None
    return found


def main() -> None:
    """The console script: run the command of this process's words and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        speak_utf8(stream)
    sys.exit(run(sys.argv[1:]))


def speak_utf8(stream: TextIO) -> None:
    """UTF-8 and plain newlines whatever the locale says."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")


def run(words: list[str]) -> int:
    """Run a command and return its exit code; a bug stays a traceback."""
    try:
        code = house.main(words, prog_name="vary", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except VaryError as error:
        from vary_cli.console import Console

        Console().error(error)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
