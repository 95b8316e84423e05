"""The walls of the house, proved by reading its source: imports go down only, and guests stay in their rooms."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import vary_cli

HOUSE = Path(vary_cli.__file__).parent
FLOORS: dict[str, int] = {
    **dict.fromkeys(["vary_cli", "errors", "plugins", "config", "document", "markup", "table", "formula"], 0),
    **dict.fromkeys(["repetition", "selection", "tidy", "example", "mathpix", "tabular", "boxes", "ink"], 0),
    **dict.fromkeys(["reader", "layer", "layout", "charts", "compose", "formats", "inputs", "output"], 1),
    **dict.fromkeys(["model"], 2),
    **dict.fromkeys(["convert", "data", "finetune", "evaluate", "bench"], 3),
    **dict.fromkeys(["console", "cluster"], 4),
    **dict.fromkeys(["cli", "__main__"], 5),
}
"""Room -> floor. A room may use its own floor and those below."""
DEEDS = ("convert", "data", "finetune", "evaluate", "bench")
GUESTS: dict[str, tuple[str, ...]] = {
    "torch": ("model", "finetune"),
    "transformers": ("model", "finetune"),
    "safetensors": ("model", "finetune"),
    "tokenizers": ("model", "finetune", "data"),
    "accelerate": ("finetune",),
    "peft": ("finetune", "model"),
    "pymupdf": ("reader", "layer", "layout", "data.sheets", "data.sources.pdf"),
    "matplotlib": ("data.sources.charts", "data.plots", "finetune"),
    "pyecharts": ("data.sources.echarts",),
    "click": ("cli",),
    "rich": ("console",),
    "tqdm": ("console",),
    "ray": ("cluster",),
}
"""Third party -> the rooms that may know it."""


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the house: 'reader.pdf' and its file."""
    for path in sorted(HOUSE.rglob("*.py")):
        parts = path.relative_to(HOUSE).with_suffix("").parts
        yield ".".join(part for part in parts if part != "__init__"), path


@cache
def imports(path: Path) -> frozenset[str]:
    """Everything that a file imports when it runs, at its top or in a function."""
    return frozenset(found(ast.parse(path.read_text(encoding="utf-8"))))


def found(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute"
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    for child in ast.iter_child_nodes(node):
        yield from found(child)


def room(module: str) -> str:
    return module.split(".")[0] or "vary_cli"


def rooms_used(path: Path) -> set[str]:
    """Rooms of the house that a file imports; names of the package itself (its version) are the ground."""
    used = {name.split(".")[1] for name in imports(path) if name.startswith("vary_cli.")}
    return {name if name in FLOORS else "vary_cli" for name in used}


ALL = dict(modules())


def test_every_room_is_on_the_plan() -> None:
    assert {room(module) for module in ALL} <= set(FLOORS)


def test_imports_go_down_only() -> None:
    assert not [
        f"{module} imports {name}"
        for module, path in ALL.items()
        for name in rooms_used(path) - allowed_above(module)
        if FLOORS[name] > FLOORS[room(module)]
    ]


def allowed_above(module: str) -> set[str]:
    """The package's public names lead to a deed and to the model."""
    return {"convert", "model"} if module == "" else set()


def test_deeds_do_not_know_each_other() -> None:
    for module, path in ALL.items():
        if room(module) in DEEDS:
            assert not rooms_used(path) & set(DEEDS) - {room(module)}, module


def test_of_the_deeds_only_training_knows_the_model() -> None:
    deeds = [module for module in ALL if room(module) in DEEDS and room(module) != "finetune"]
    assert not [module for module in deeds if "model" in rooms_used(ALL[module])]


def test_the_model_stands_on_the_ground_alone() -> None:
    for module, path in ALL.items():
        if room(module) == "model":
            assert all(FLOORS[name] == 0 for name in rooms_used(path) - {"model"}), module


def test_guests_stay_in_their_rooms() -> None:
    assert not [
        f"{guest} in {module}"
        for module, path in ALL.items()
        for guest in {name.split(".")[0] for name in imports(path)} & set(GUESTS)
        if not any(f"{module}.".startswith(f"{home}.") for home in GUESTS[guest])
    ]


def test_rooms_do_not_run_in_circles() -> None:
    graph: dict[str, set[str]] = {}
    for module, path in ALL.items():
        if module:
            graph.setdefault(room(module), set()).update(rooms_used(path) - {room(module), "vary_cli"})
    TopologicalSorter(graph).prepare()


def test_every_module_opens_with_what_it_holds() -> None:
    sources = {module: path.read_text(encoding="utf-8") for module, path in ALL.items()}
    assert not [module for module, source in sources.items() if source and not ast.get_docstring(ast.parse(source))]
