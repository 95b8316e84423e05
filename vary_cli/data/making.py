"""Making a data set: a source's examples, block by block, by any number of workers, into a folder or tar files.

What is there already is kept: a run that was interrupted goes on, a larger count adds to it. The bytes depend on the
order alone, never on who made what when.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import io
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from PIL import Image

from vary_cli import __version__, plugins
from vary_cli.data import shards, workers
from vary_cli.data.record import Row, row
from vary_cli.data.skipped import Outcome, Skipped
from vary_cli.data.store import Part, Store
from vary_cli.data.workers import Done, Limits

SOURCES = "vary_cli.data.sources"
SHARD = {"invented": 512, "found": 64}
"""Examples, or items, that go into a tar file."""
QUALITY = 90  # of JPEG


@dataclass(frozen=True)
class Order:
    """What is to be made; all that the bytes depend on."""

    source: str
    options: Any
    """The source's own Options."""
    count: int | None = None
    """Examples; of a source that finds its examples the first so many items, or all."""
    seed: int = 0
    form: Literal["folder", "shards"] = "folder"

    @property
    def finds(self) -> bool:
        """Whether examples are found in files, not invented."""
        return hasattr(module(self.source), "items")

    @property
    def per_part(self) -> int:
        """Examples, or items, in a part: what one worker makes at a time."""
        block: int = module(self.source).BLOCK
        return block if self.form == "folder" else block * -(-SHARD["found" if self.finds else "invented"] // block)

    def facts(self) -> dict[str, Any]:
        """What must be the same for a run to go on."""
        options = {key: plain(value) for key, value in dataclasses.asdict(self.options).items()}
        found = digest(items(self.source, self.options)) if self.finds else ""
        facts = {"source": self.source, "options": options, "seed": self.seed, "form": self.form, "found": found}
        return {"vary": __version__, **facts}

    def total(self) -> int:
        """Examples, or items, in all."""
        if not self.finds:
            return self.count or 0
        here = len(items(self.source, self.options))
        return here if self.count is None else min(here, self.count)


def module(source: str) -> Any:  # noqa: ANN401  # a plug-in; its contract is told in sources/__init__.py
    """A source's module."""
    return plugins.load(SOURCES, source)


@functools.lru_cache(maxsize=2)
def items(source: str, options: Any) -> Sequence[Any]:  # noqa: ANN401
    """What there is to be had of a source that finds its examples."""
    found: Sequence[Any] = module(source).items(options)
    return found


def plain(value: object) -> object:
    """An option as JSON has it."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value


def digest(found: Sequence[object]) -> str:
    """What is found, in short."""
    return hashlib.sha256(repr(found).encode()).hexdigest()[:16]


def made(order: Order, out: Path, count: int = 1, overwrite: bool = False) -> Iterator[Part]:
    """The parts of the data set as they are there, `count` of them made at a time; at the end it can be read.

    Raises OutputError if the folder holds something else, and what the source raises.
    """
    store = Store(out, order.form)
    store.claim(order.facts(), overwrite)
    numbers = range(-(-order.total() // order.per_part))
    waiting = []
    for number in numbers:
        part = store.part(number)
        if part is not None and part.expected == expected(order, number):
            yield part
        else:
            waiting.append(number)
    for done in workers.run(functools.partial(make, order, out), waiting, count, Limits()):
        yield settled(order, store, done)
    store.finish(numbers)


def expected(order: Order, number: int) -> int:
    """Examples, or items, that a part is made of."""
    return min(order.per_part, order.total() - number * order.per_part)


def settled(order: Order, store: Store, done: Done[int, int]) -> Part:
    """A part that is done; of one that killed its worker nothing is kept but the reason."""
    part = store.part(done.task)
    if not done.trouble and part is not None:
        return part
    names = range(done.task * order.per_part, done.task * order.per_part + expected(order, done.task))
    known = items(order.source, order.options) if order.finds else names
    skipped = [Skipped(str(known[index]), done.trouble) for index in names]
    store.discard(done.task)
    return store.keep(Part(done.task, expected(order, done.task), 0, [], skipped))


def make(order: Order, out: Path, number: int) -> Iterator[int]:
    """A worker's task: make a part and store it. Yields now and then, as a sign of life."""
    store = Store(out, order.form)
    skipped: list[Skipped] = []
    suffix: str = getattr(module(order.source), "SUFFIX", ".png")
    rows: list[Row] = []
    packed: list[tuple[Row, bytes]] = []
    for index, (block, outcome) in enumerate(outcomes(order, number)):
        if isinstance(outcome, Skipped):
            skipped.append(outcome)
        else:
            described = row(outcome, store.name(block, index, suffix))
            rows.append(described)
            if order.form == "shards":
                packed.append((described, encoded(outcome.image, suffix)))
            else:
                store.put(described["file_name"], encoded(outcome.image, suffix))
        yield index
    if order.form == "shards":
        shards.write(store.shard(number), packed)
    kept = rows if order.form == "folder" else []
    store.keep(Part(number, expected(order, number), len(rows), kept, skipped))


def outcomes(order: Order, number: int) -> Iterator[tuple[int, Outcome]]:
    """(block, what it yields) of each block of a part."""
    source = module(order.source)
    size: int = source.BLOCK
    first, end = number * order.per_part, number * order.per_part + expected(order, number)
    for start in range(first, end, size):
        chance = random.Random(f"{order.seed}/{start // size}")
        stop = min(start + size, end)
        if order.finds:
            for item in items(order.source, order.options)[start:stop]:
                yield from ((start // size, outcome) for outcome in source.taken(item, order.options, chance))
        else:
            found = itertools.islice(source.examples(order.options, chance), stop - start)
            yield from ((start // size, outcome) for outcome in found)


def encoded(image: Image.Image, suffix: str) -> bytes:
    """A picture as a file: PNG, or JPEG for photographs."""
    held = io.BytesIO()
    if suffix == ".jpg":
        image.save(held, "JPEG", quality=QUALITY)
    else:
        image.save(held, "PNG", compress_level=3)
    return held.getvalue()
