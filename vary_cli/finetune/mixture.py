"""What is learned from: named sets of entries, each with its share, and which entry is drawn when.

Shares may change on the way, so that a model learns lines first, then regions, then pages. The n-th draw depends on the
seed and n alone: a resumed run and any number of processes draw the same.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from vary_cli.errors import DataError
from vary_cli.example import Example


class Entry(Protocol):
    """An example that is not opened yet."""

    @property
    def text(self) -> str:
        """Its answer."""

    @property
    def prompt(self) -> str | None:
        """Its question."""

    @property
    def history(self) -> tuple[tuple[str, str], ...]:
        """Earlier questions and answers."""

    @property
    def columns(self) -> object | None:
        """Where its characters stand; None if that is not known."""

    def example(self) -> Example:
        """The example itself. Raises DataError."""


Place = tuple[str, int]
"""A set's name and an entry's index in it."""

Weight = float | tuple[float, float]
"""How much a set counts: always, or at the beginning and at the end."""


@dataclass(frozen=True)
class Mixture:
    """Sets of entries and how much of each is drawn."""

    sets: Mapping[str, Sequence[Entry]]
    shares: Mapping[str, float]
    """At the beginning; they add up to 1."""
    seed: int
    held: Mapping[str, frozenset[int]]
    """Entries that are kept out, to be judged by."""
    last: Mapping[str, float] | None = None
    """Shares at the end, which are come to evenly; None: as at the beginning."""
    length: int = 1
    """Draws, or rounds, until the end."""

    def entry(self, place: Place) -> Entry:
        """An entry by its place."""
        return self.sets[place[0]][place[1]]

    def __len__(self) -> int:
        return sum(len(entries) - len(self.held.get(name, ())) for name, entries in self.sets.items())

    def draws(self, first: int, end: int) -> list[Place]:
        """The draws from `first` up to `end`, set by set: each set goes through all of its entries in turn."""
        return [
            place for name in self.shares for place in self.turns(name, self.count(name, first), self.count(name, end))
        ]

    def count(self, name: str, draws: int) -> int:
        """How many of the first draws are of one set."""
        inside, share = min(draws, self.length), self.shares[name]
        change = 0.0 if self.last is None else self.last[name] - share
        return int(share * draws + change * (inside**2 / (2 * self.length) + draws - inside) + 1e-9)

    def at(self, draw: int) -> Mixture:
        """The mixture as it is at a draw, for those who draw otherwise; sets of which nothing is drawn are left out."""
        last = self.shares if self.last is None else self.last
        done = min(1.0, draw / self.length)
        now = {name: share + done * (last[name] - share) for name, share in self.shares.items()}
        return replace(self, shares={name: share for name, share in now.items() if share > 0}, last=None)

    def turns(self, name: str, first: int, end: int) -> Iterator[Place]:
        """The draws of one set by its own count; each round in another order."""
        size = len(self.sets[name]) - len(self.held.get(name, ()))
        for n in range(first, end):
            yield name, self.order(name, n // size)[n % size]

    def order(self, name: str, epoch: int) -> tuple[int, ...]:
        """The order in which a set is gone through."""
        return shuffled(len(self.sets[name]), self.held.get(name, frozenset()), f"{self.seed}/{name}/{epoch}")

    def kept_out(self) -> list[Place]:
        """The entries to judge by."""
        return [(name, index) for name, held in self.held.items() for index in sorted(held)]


@lru_cache(maxsize=64)
def shuffled(size: int, without: frozenset[int], seed: str) -> tuple[int, ...]:
    """Indices in an order that the seed decides."""
    indices = [index for index in range(size) if index not in without]
    random.Random(seed).shuffle(indices)
    return tuple(indices)


def mixture(sets: Mapping[str, Sequence[Entry]], weights: Mapping[str, Weight], held: float, seed: int) -> Mixture:
    """A mixture of sets; one without a weight counts by its size. `held`: share of each set that is judged by.

    Raises DataError for sets that are empty, or of which nothing is left to learn from.
    """
    for name, entries in sets.items():
        if not len(entries):
            raise DataError(f"{name} holds no example", "name a data set that holds some", "data_empty")
    out = {name: held_out(len(entries), held, f"{seed}/{name}/held") for name, entries in sets.items()}
    free = {name: len(entries) - len(out[name]) for name, entries in sets.items()}
    if weights and set(weights) != set(sets):
        raise DataError("some sets have a weight and some have none", "give all of them one, or none")
    ends = {name: weight if isinstance(weight, tuple) else (weight, weight) for name, weight in weights.items()}
    for name, pair in ends.items():
        if min(pair) < 0 or not max(pair):
            raise DataError(f"{name} weighs nothing", "leave it out", "data_empty")
    first, last = (shares({name: pair[k] for name, pair in ends.items()} or free) for k in (0, 1))
    return Mixture(sets, first, seed, out, None if first == last else last)


def shares(weights: Mapping[str, float]) -> dict[str, float]:
    """Weights, made to add up to 1. Raises DataError where all of them are 0."""
    total = sum(weights.values())
    if not total:
        raise DataError("no set weighs anything", "give one of them a weight above 0", "data_empty")
    return {name: weight / total for name, weight in weights.items()}


def held_out(size: int, share: float, seed: str) -> frozenset[int]:
    """Some of a set's indices: at least one if there are ten, never more than 64."""
    count = min(64, max(int(size >= 10), round(share * size))) if share else 0
    return frozenset(random.Random(seed).sample(range(size), min(count, size - 1)))
