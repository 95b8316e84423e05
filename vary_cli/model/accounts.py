"""Every tensor accounted for: which of a checkpoint's tensors goes where, and none missing, left over or misshapen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from torch import Tensor

from vary_cli.errors import WeightsError
from vary_cli.model.recognition import Recognised

Shape = tuple[int, ...]
Shapes = Mapping[str, Shape]
LISTED = 8  # names of each kind in an error


@dataclass
class Account:
    """What does not fit."""

    missing: list[str] = field(default_factory=list)
    left_over: list[str] = field(default_factory=list)
    misshapen: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.missing or self.left_over or self.misshapen)

    def __str__(self) -> str:
        kinds = (("missing", self.missing), ("left over", self.left_over), ("misshapen", self.misshapen))
        return "; ".join(f"{kind} ({len(names)}): {shortened(names)}" for kind, names in kinds if names)


def shortened(names: list[str]) -> str:
    """The first names of a list."""
    return ", ".join(names[:LISTED]) + (", …" if len(names) > LISTED else "")


def parts_of(shape: Shape, parts: int) -> Shape:
    """The shape of each of `parts` equal row blocks."""
    return (shape[0] // parts, *shape[1:]) if parts > 1 and shape and shape[0] % parts == 0 else shape


def account(found: Recognised, wanted: Shapes, copies: Mapping[str, str]) -> Account:
    """Compare a checkpoint's tensors with the wanted ones; `copies` may be there or not (name -> what it copies)."""
    result, seen = Account(), set()
    for name, shape in found.source.shapes.items():
        targets = found.layout.targets(name)
        for target in targets:
            expected = wanted.get(copies.get(target, target))
            piece = parts_of(shape, len(targets))
            if expected is None or target in seen:
                result.left_over.append(name)
            elif piece != expected:
                result.misshapen.append(f"{name} {list(shape)}, not {list(expected)}")
            seen.add(target)
    result.missing = [name for name in wanted if name not in seen]
    return result


def check(found: Recognised, wanted: Shapes, copies: Mapping[str, str], where: str) -> None:
    """Raise WeightsError that lists what does not fit."""
    result = account(found, wanted, copies)
    if result:
        hint = "the file is damaged, or its config.json is not the one that belongs to it"
        raise WeightsError(f"{where} is not a whole {found.spec.name} ({found.layout.name}): {result}", hint)


def renamed(found: Recognised) -> Iterator[tuple[str, Tensor]]:
    """A checkpoint's tensors one at a time under our names."""
    for name, tensor in found.source.tensors():
        targets = found.layout.targets(name)
        pieces = tensor.chunk(len(targets)) if len(targets) > 1 else (tensor,) * len(targets)
        yield from zip(targets, pieces, strict=True)
