"""What a source could not use, and how a source of found things becomes a stream without end."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from vary_cli.errors import DataError
from vary_cli.example import Example

T = TypeVar("T")
PATIENCE = 200
"""Items without an example, one after the other, after which a stream gives up."""


class Skipped(NamedTuple):
    """Something that makes no example."""

    origin: str
    """What it is: a file, a page of a file."""
    reason: str
    """Why, in a few words that are the same for all of its kind."""


Outcome = Example | Skipped


def drawn(items: Sequence[T], taken: Callable[[T], Iterable[Outcome]], chance: random.Random) -> Iterator[Example]:
    """Examples of items in an order of chance, without end. Raises DataError if hardly any item has one."""
    idle = 0
    last = Skipped("", "nothing was found")
    while idle < PATIENCE:
        idle += 1
        for outcome in taken(chance.choice(items)) if items else ():
            if isinstance(outcome, Skipped):
                last = outcome
            else:
                idle = 0
                yield outcome
    raise DataError(f"no example could be made; the last try: {last.origin}: {last.reason}", "name other files")
