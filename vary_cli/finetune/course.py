"""The lessons of a run in order, as each process gets them: made by workers ahead of time, found again after a break.

A course is cut into sheaves of lessons (see rounds.py and papers.py). A step takes one lesson from each of `micros`
sheaves, which are worked off side by side; the sheaves are shared out among the processes. So what a step learns
depends on its number alone, not on how many processes learn it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from torch.utils.data import DataLoader, Dataset

from vary_cli.errors import VaryError
from vary_cli.finetune.lesson import Lesson


class Sheaves(Protocol):
    """Sheaf number -> its lessons, always `batches` of them."""

    @property
    def batches(self) -> int:
        """Lessons of a sheaf."""

    def __getitem__(self, number: int) -> list[Lesson]:
        """A sheaf. Raises VaryError."""


@dataclass(frozen=True)
class Share:
    """Which of the processes this is."""

    rank: int = 0
    world: int = 1


class Made(Dataset[list[Lesson] | VaryError]):
    """Sheaves as workers make them: an error is handed over, for it would lose its words on the way."""

    def __init__(self, sheaves: Sheaves) -> None:
        self.sheaves = sheaves

    def __getitem__(self, number: int) -> list[Lesson] | VaryError:
        try:
            return self.sheaves[number]
        except VaryError as error:
            return error


def course(
    sheaves: Sheaves, micros: int, first: int, share: Share = Share(), workers: int = 0
) -> Iterator[list[Lesson]]:
    """This process's lessons of each step from step `first` on, without end. `micros` is a multiple of the processes.

    Raises VaryError as the sheaves do.
    """
    mine = range(share.rank, micros, share.world)
    block, skipped = divmod(first, sheaves.batches)
    numbers = (number * micros + k for number in range(block, 1 << 40) for k in mine)
    loader = DataLoader(
        Made(sheaves),
        sampler=numbers,
        batch_size=None,
        num_workers=workers,
        prefetch_factor=2 if workers else None,
        collate_fn=same,
    )
    made = iter(loader)
    while True:
        held = [opened(next(made)) for _ in mine]
        for step in range(skipped, sheaves.batches):
            yield [sheaf[step] for sheaf in held]
        skipped = 0


def same(made: list[Lesson] | VaryError) -> list[Lesson] | VaryError:
    """A sheaf as it is."""
    return made


def opened(made: list[Lesson] | VaryError) -> list[Lesson]:
    """The lessons of a sheaf. Raises the error that came in their place."""
    if isinstance(made, VaryError):
        raise made
    return made
