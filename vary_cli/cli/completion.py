"""Print the completion script of a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from vary_cli.cli import house


@click.command(
    epilog="""\b
Examples:
  vary completion bash >> ~/.bashrc
  vary completion zsh >> ~/.zshrc
  vary completion fish > ~/.config/fish/completions/vary.fish"""
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of a shell."""
    completion = get_completion_class(shell)
    assert completion is not None  # click knows these three
    click.echo(completion(house, {}, "vary", "_VARY_COMPLETE").source(), nl=False)
