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
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from PIL import Image

from vary_cli import __version__, plugins
from vary_cli.data import workers
from vary_cli.data.record import Row, row
from vary_cli.data.skipped import Outcome, Skipped
from vary_cli.data.store import Part, Store
from vary_cli.data.workers import Done, Limits

SOURCES = "vary_cli.data.sources"
SHARD = {"invented": 512, "found": 64}
"""Examples, or items, that go into a tar file."""
QUALITY = 90  # of JPEG
COUNT = 1000  # examples, unless told
LIMITS = Limits(seconds=300)
"""Of a worker: some sources read all fonts first, or wait for TeX."""


@dataclass(frozen=True)
class Order:
    """What is to be made; all that the bytes depend on."""

    source: str
    options: Any
    """The source's own Options."""
    count: int | None = None
    """Examples (None: COUNT); of a source that finds its examples the first so many items (None: all)."""
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
            return COUNT if self.count is None else self.count
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


class Task(NamedTuple):
    """A part to be made."""

    number: int
    without: tuple[tuple[int, str], ...] = ()
    """Units (items, or blocks of invented examples) that ended a worker, and how."""


def made(order: Order, out: Path, count: int = 1, overwrite: bool = False) -> Generator[Part, None, None]:
    """The parts of the data set as they are there, `count` of them made at a time; at the end it can be read.

    What crashes a worker, hangs it or takes too much memory is left out, and the rest of its part made again. Raises
    OutputError if the folder holds something else, and what the source raises.
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
            waiting.append(Task(number))
    while waiting:
        again = []
        for done in workers.run(functools.partial(make, order, out), waiting, count, LIMITS):
            part = store.part(done.task.number)
            if done.trouble or part is None:
                again.append(spared(order, done))
            else:
                yield part
        waiting = again
    store.finish(numbers)


def spared(order: Order, done: Done[Task, int]) -> Task:
    """The task again, without what ended its worker."""
    at = done.results[-1] if done.results else next(units(order, done.task))[0]
    return Task(done.task.number, (*done.task.without, (at, done.trouble)))


def expected(order: Order, number: int) -> int:
    """Examples, or items, that a part is made of."""
    return min(order.per_part, order.total() - number * order.per_part)


def make(order: Order, out: Path, task: Task) -> Iterator[int]:
    """A worker's task: make a part and store it. Yields the unit it is at, now and then, as a sign of life."""
    store = Store(out, order.form)
    skipped = [Skipped(called(order, unit), trouble) for unit, trouble in task.without]
    suffix: str = getattr(module(order.source), "SUFFIX", ".png")
    rows: list[Row] = []
    packed: list[tuple[Row, bytes]] = []
    counts: Counter[int] = Counter()
    for unit, block, chance in units(order, task):
        yield unit
        for outcome in outcomes(order, unit, chance):
            if isinstance(outcome, Skipped):
                skipped.append(outcome)
            else:
                described = row(outcome, store.name(block, counts[block], suffix))
                counts[block] += 1
                rows.append(described)
                if order.form == "shards":
                    packed.append((described, encoded(outcome.image, suffix)))
                else:
                    store.put(described["file_name"], encoded(outcome.image, suffix))
            yield unit
    if order.form == "shards":
        store.pack(task.number, packed)
    kept = rows if order.form == "folder" else []
    store.keep(Part(task.number, expected(order, task.number), len(rows), kept, skipped))


def units(order: Order, task: Task) -> Iterator[tuple[int, int, random.Random]]:
    """(unit, block, chance) of what a part is made of: items, or blocks of examples that are invented."""
    size: int = module(order.source).BLOCK
    start = task.number * order.per_part
    spoiled = {unit for unit, _ in task.without}
    for first in range(start, start + expected(order, task.number), size):
        block = first // size
        chance = random.Random(f"{order.seed}/{block}")
        stop = min(first + size, order.total())
        for unit in range(first, stop) if order.finds else [block]:
            if unit not in spoiled:
                yield unit, block, chance


def outcomes(order: Order, unit: int, chance: random.Random) -> Iterator[Outcome]:
    """What an item holds, or the examples of a block."""
    source = module(order.source)
    if order.finds:
        yield from source.taken(items(order.source, order.options)[unit], order.options, chance)
    else:
        count = min(source.BLOCK, order.total() - unit * source.BLOCK)
        yield from itertools.islice(source.examples(order.options, chance), count)


def called(order: Order, unit: int) -> str:
    """What an item or a block is called when it is left out."""
    return str(items(order.source, order.options)[unit]) if order.finds else f"{order.source}, block {unit}"


def encoded(image: Image.Image, suffix: str) -> bytes:
    """A picture as a file: PNG, or JPEG for photographs."""
    held = io.BytesIO()
    if suffix == ".jpg":
        image.save(held, "JPEG", quality=QUALITY)
    else:
        image.save(held, "PNG", compress_level=3)
    return held.getvalue()
