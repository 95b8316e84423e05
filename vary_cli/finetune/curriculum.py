"""A curriculum: rounds of strips or formulas whose mixture changes on the way, from drawn lines to whole pages, say.

Pages need none of this: a mixture's draws know of themselves when they are due.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from vary_cli.finetune.lesson import Lesson
from vary_cli.finetune.rounds import Rounds
from vary_cli.finetune.translations import Translations


@dataclass(frozen=True)
class Curriculum:
    """Round number -> its lessons, drawn by the shares of that time."""

    rounds: Rounds | Translations

    @property
    def batches(self) -> int:
        """Lessons of a round."""
        return self.rounds.batches

    def __getitem__(self, number: int) -> list[Lesson]:
        return replace(self.rounds, mixture=self.rounds.mixture.at(number))[number]
