"""Flags made of dataclasses, and the dataclasses that several commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from functools import wraps
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

import click

from vary_cli import config, plugins
from vary_cli.console import Console, printable

if TYPE_CHECKING:
    from vary_cli.model import Model

Decorator = Callable[[Callable[..., None]], Callable[..., None]]


@dataclass(frozen=True)
class Loading:
    """Which model reads, and where."""

    model: str = field(default="vary-nano", metadata={"short": "-m"})
    """Name of a model, or a checkpoint's folder."""
    device: str = "auto"
    """auto, cpu, cuda, cuda:1 or mps."""
    dtype: Literal["auto", "fp32", "bf16", "fp16"] = "auto"
    """Number format of the network; auto is bf16 on a GPU, fp32 on a CPU."""
    batch_size: Literal["auto"] | int = "auto"
    """Regions or pages read at once; auto goes by memory."""
    offline: bool = False
    """Never use the network; fail if the model is not here."""
    bands: int = 1
    """For models that read whole pages: cut dense pages into this many overlapping bands and join the answers."""


def load(loading: Loading, console: Console) -> Model:
    """The model that was asked for."""
    from vary_cli.model import load as load_model

    batch_size = None if loading.batch_size == "auto" else loading.batch_size
    model = load_model(
        loading.model,
        device=loading.device,
        dtype=loading.dtype,
        batch_size=batch_size,
        offline=loading.offline,
        bands=loading.bands,
    )
    console.note(f"{model.name} ({model.revision[:12] or 'no revision'}) on {model.device}, {model.dtype}")
    return model


def password_prompt(name: str) -> str | None:
    """Ask for a document's password; None if nobody sits at a terminal."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    answer: str = click.prompt(f"Password of {printable(name)}", hide_input=True, err=True)
    return answer


def settings(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command a flag for every field of its dataclass parameters, and -q, -v and --config.

    The function is called with the dataclasses settled (file, VARY_* variable, flag), and with a Console if it takes
    one.
    """
    hints = get_type_hints(function)
    nouns = {name: kind for name, kind in hints.items() if is_dataclass(kind) and isinstance(kind, type)}
    windows = [name for name, kind in hints.items() if kind is Console]

    @wraps(function)
    def command(*, quiet: bool, verbose: int, config: Path | None, **given: object) -> None:
        own = {key for noun in nouns.values() for key in names(noun)}
        said = {key: value for key, value in given.items() if key in own and value is not None and value != ()}
        settled = settled_nouns(list(nouns.values()), said, config)
        words = {key: value for key, value in given.items() if key not in own}
        console = {name: Console(-1 if quiet else verbose) for name in windows}
        function(**words, **console, **dict(zip(nouns, settled, strict=True)))

    flags = {key: flag for noun in nouns.values() for key, flag in flags_of(noun).items()}
    decorated: Callable[..., None] = command
    for decorate in reversed([*flags.values(), *COMMON]):
        decorated = decorate(decorated)
    return decorated


def settled_nouns(nouns: list[type], flags: dict[str, object], explicit: Path | None) -> tuple[Any, ...]:
    """The dataclasses with everything laid over their defaults."""
    words = click.get_current_context().command_path.split()[1:]
    commands = [name.replace("_", "-") for name in plugins.names("vary_cli.cli")]
    files = [config.section(path, words, commands) for path in config.files(explicit)]
    return config.settle(nouns, [*files, config.environment(nouns), config.Layer(flags, "the command line")])


def names(noun: type) -> tuple[str, ...]:
    """Fields that have a flag."""
    return tuple(item.name for item in fields(noun) if item.metadata.get("flag", True))


def flags_of(noun: type) -> dict[str, Decorator]:
    """A click option for each field; not given is None, so that files and variables keep their say."""
    kinds, docs = get_type_hints(noun), config.docs(noun)
    flagged = [item for item in fields(noun) if item.name in names(noun)]
    return {item.name: flag(item, kinds[item.name], docs.get(item.name, "")) for item in flagged}


def flag(item: Field[Any], kind: object, doc: str) -> Decorator:
    """The option of one field."""
    long = "--" + item.name.replace("_", "-")
    if kind is bool:
        words = [f"{long}/--no-{long[2:]}"] if item.default is True else [long]
        return click.option(*words, item.name, is_flag=True, default=None, help=doc)
    short = [item.metadata["short"]] if "short" in item.metadata else []
    return click.option(
        *short,
        long,
        item.name,
        type=click_type(kind),
        default=None,
        multiple=get_origin(kind) is tuple and not several(kind),
        nargs=several(kind) or 1,
        help=doc + shown_default(item),
        metavar=item.metadata.get("metavar"),
    )


def several(kind: object) -> int:
    """How many values a field of a fixed number of them takes: --size 18 36; 0 for all others."""
    members = get_args(kind) if get_origin(kind) is tuple else ()
    return 0 if Ellipsis in members else len(members)


def click_type(kind: object) -> Any:  # noqa: ANN401  # click's own words for types are of several kinds
    """How click reads a field."""
    if get_origin(kind) in (Union, UnionType):
        members = [click_type(member) for member in get_args(kind) if member is not type(None)]
        return members[0] if len(members) == 1 else str
    if get_origin(kind) is tuple:
        return click_type(get_args(kind)[0])
    if get_origin(kind) is Literal:
        return click.Choice([str(choice) for choice in get_args(kind)])
    return click.Path(path_type=Path) if kind is Path else kind


def shown_default(item: Field[Any]) -> str:
    """The default as help shows it; nothing where it goes without saying."""
    if item.default is MISSING or item.default in (None, "", ()):
        return ""
    words = item.default if isinstance(item.default, tuple) else [item.default]
    return f"  [{' '.join(map(str, words))}]"


COMMON: list[Decorator] = [
    click.option("--config", type=click.Path(path_type=Path), help="A TOML file to read instead of ./vary.toml."),
    click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors."),
    click.option("-v", "--verbose", count=True, help="Say more; -vv says everything."),
]
