"""Settings from TOML files, the environment and flags, laid over frozen dataclasses: default < file < VARY_* < flag.

Knows no command and no dataclass of its own. A key that no dataclass has is an error that offers the nearest.
"""

from __future__ import annotations

import ast
import difflib
import inspect
import os
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from vary_cli.errors import UsageError

T = TypeVar("T")
PREFIX = "VARY_"
TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")


@dataclass(frozen=True)
class Layer:
    """Some values and where they come from."""

    values: Mapping[str, object]
    origin: str
    """Shown in errors: a file's name, 'the environment'."""


def overlay(options: T, values: Mapping[str, object], origin: str) -> T:
    """The dataclass instance with `values` in place of its own. Raises UsageError on unknown keys and wrong types."""
    return replace(options, **fitted(type(options), values, origin))  # type: ignore[type-var]


def settle(nouns: Sequence[type], layers: Iterable[Layer]) -> tuple[Any, ...]:
    """One instance of each dataclass, the layers laid over its defaults in order; a key belongs to whoever has it."""
    known = {name for noun in nouns for name in names(noun)}
    merged: list[dict[str, object]] = [{} for _ in nouns]
    for layer in layers:
        for key in layer.values.keys() - known:
            raise unknown(key, known, layer.origin)
        for noun, values in zip(nouns, merged, strict=True):
            own = {key: value for key, value in layer.values.items() if key in names(noun)}
            values |= fitted(noun, own, layer.origin)
    return tuple(noun(**values) for noun, values in zip(nouns, merged, strict=True))


def fitted(noun: type, values: Mapping[str, object], origin: str) -> dict[str, Any]:
    """The values as a dataclass's fields want them."""
    kinds = get_type_hints(noun)
    for key in values:
        if key not in kinds:
            raise unknown(key, kinds, origin)
    return {key: cast(value, kinds[key], f"{origin}: {key}") for key, value in values.items()}


def environment(nouns: Sequence[type], variables: Mapping[str, str] = os.environ) -> Layer:
    """What VARY_* variables say: VARY_DPI=300 is dpi = 300. Variables that name no field are left alone."""
    known = {PREFIX + name.upper(): name for noun in nouns for name in names(noun)}
    return Layer({known[key]: value for key, value in variables.items() if key in known}, "the environment")


def files(explicit: Path | None = None) -> list[Path]:
    """The files that count, weakest first: the user's own, then ./vary.toml, or in its place the one asked for."""
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    found = [path for path in (home / "vary" / "config.toml", Path("vary.toml")) if path.is_file()]
    return found if explicit is None else [path for path in found if path != Path("vary.toml")] + [explicit]


def section(path: Path, words: Sequence[str], commands: Iterable[str]) -> Layer:
    """The table of a command in a file: ('data', 'check') is [data.check]. Raises UsageError for unknown tables."""
    table: Mapping[str, Any] = read(path)
    for name, value in table.items():
        if name not in set(commands) or not isinstance(value, Mapping):
            raise unknown(name, commands, f"{path}, where each table is a command's")
    for word in words:
        table = table.get(word, {})
    return Layer({key.replace("-", "_"): value for key, value in table.items()}, str(path))


def read(path: Path) -> dict[str, Any]:
    """A TOML file. Raises UsageError that names the line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", "name a TOML file that exists") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not TOML: {error}", "values look like: dpi = 300") from error


def names(noun: type) -> tuple[str, ...]:
    """Names of a dataclass's fields."""
    return tuple(field.name for field in fields(noun))


@cache
def docs(noun: type) -> dict[str, str]:
    """The line of documentation under each field of a dataclass, from its source."""
    found: dict[str, str] = {}
    for base in reversed(noun.__mro__):
        if is_dataclass(base):
            found |= docs_in(ast.parse(inspect.cleandoc("\n" + inspect.getsource(base))).body[0])
    return found


def docs_in(node: ast.AST) -> dict[str, str]:
    """Strings that follow an annotated name in a class's body."""
    body = node.body if isinstance(node, ast.ClassDef) else []
    return {
        item.target.id: " ".join(str(text.value.value).split())
        for item, text in pairwise(body)
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
    }


def nearest(word: str, known: Iterable[str]) -> str:
    """A question that offers the nearest known words, or a list of them all."""
    words = sorted(known)
    close = difflib.get_close_matches(word, words, n=2)
    return f"did you mean {' or '.join(close)}?" if close else f"known: {', '.join(words)}"


def unknown(key: str, known: Iterable[str], origin: str) -> UsageError:
    """The error for a key that nobody has."""
    return UsageError(f"{origin}: {key!r} is unknown", nearest(key, known), code="unknown_key")


def cast(value: object, kind: object, where: str) -> object:
    """The value as its annotation wants it; strings, as variables and flags carry them, are parsed."""
    try:
        return CASTS.get(get_origin(kind) or kind, plain)(value, kind, where)
    except (TypeError, ValueError) as error:
        raise UsageError(f"{where}: {value!r} is not {said(kind)}", "see --help for what it takes") from error


def union(value: object, kind: object, where: str) -> object:
    """The first of the alternatives that takes the value."""
    if value is None and NoneType in get_args(kind):
        return None
    kinds = [member for member in get_args(kind) if member is not NoneType]
    for member in kinds[:-1]:
        try:
            return cast(value, member, where)
        except UsageError:  # the next alternative may take it
            continue
    return cast(value, kinds[-1], where)


def literal(value: object, kind: object, where: str) -> object:
    """One of the listed values."""
    matches = [choice for choice in get_args(kind) if value in (choice, str(choice))]
    if not matches:
        raise UsageError(f"{where}: {value!r} is not {said(kind)}", nearest(str(value), map(str, get_args(kind))))
    return matches[0]


def sequence(value: object, kind: object, where: str) -> tuple[object, ...]:
    """A list of values, or a string of them between commas."""
    items = value.split(",") if isinstance(value, str) else list(cast_to(value, Iterable))
    kinds = get_args(kind)
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        kinds = (kinds[0],) * len(items)
    if len(kinds) != len(items):
        raise ValueError(value)
    return tuple(cast(item, member, where) for item, member in zip(items, kinds, strict=True))


def mapping(value: object, kind: object, where: str) -> dict[object, object]:
    """A table whose keys and values have kinds of their own."""
    keys, values = get_args(kind) or (str, str)
    table = cast_to(value, Mapping)
    return {cast(key, keys, where): cast(item, values, f"{where}.{key}") for key, item in table.items()}


def switch(value: object, kind: object, where: str) -> bool:
    """Yes or no."""
    word = str(value).lower()
    if word not in TRUE + FALSE:
        raise ValueError(value)
    return word in TRUE


def whole(value: object, kind: object, where: str) -> int:
    """A whole number."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise TypeError(value)
    return int(value)


def real(value: object, kind: object, where: str) -> float:
    """A number."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise TypeError(value)
    return float(value)


def plain(value: object, kind: object, where: str) -> object:
    """What is made of a string (str, Path), or a dataclass, which is made of a table."""
    if isinstance(kind, type) and is_dataclass(kind):
        return value if isinstance(value, kind) else overlay(kind(), cast_to(value, Mapping), where)
    return cast_to(kind, Callable)(cast_to(value, str | os.PathLike))


def cast_to(value: object, kind: Any) -> Any:  # noqa: ANN401  # the border between typed fields and untyped tables
    """The value, which must be of that kind."""
    if not isinstance(value, kind):
        raise TypeError(value)
    return value


def said(kind: object) -> str:
    """An annotation in words."""
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(map(str, get_args(kind)))
    words: dict[object, str] = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}
    return words.get(kind, "a path" if kind is Path else str(kind))


CASTS: dict[object, Callable[[object, object, str], object]] = {
    Union: union,
    UnionType: union,
    Literal: literal,
    tuple: sequence,
    dict: mapping,
    Mapping: mapping,
    bool: switch,
    int: whole,
    float: real,
}
