"""What stands alone in a formula made up at random, as LaTeX: letters, signs, numbers, names."""

from __future__ import annotations

import random

from vary_cli.data.manuscript.signs import (
    ACCENTS,
    ALPHABETS,
    CAPITALS,
    GREEK,
    LETTERS,
    NAMES,
    OPERATIONS,
    RARE,
    RARE_OPERATIONS,
    RARE_RELATIONS,
    RARE_SPECIALS,
    RELATIONS,
    SMALL,
    SPECIALS,
)


class Symbols:
    """Draws them; common ones often, rare ones evenly."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def digits(self) -> str:
        """A few digits."""
        return "".join(self.chance.choices("0123456789", k=self.chance.randint(1, 3)))

    def sign(self) -> str:
        """What stands between letters."""
        chance = self.chance
        kind = chance.random()
        if kind < 0.7:
            return self.relation() if kind < 0.4 else self.operation()
        return chance.choice([",", "(", ")", "[", "]", "|", "/", ".", ":", "!"])

    def named(self) -> str:
        """A name of several letters."""
        chance = self.chance
        made = "".join(chance.choices(LETTERS, k=chance.randint(2, 7)))
        name = chance.choice(NAMES) if chance.random() < 0.7 else chance.choice([made, made.capitalize(), made.upper()])
        return f"\\{chance.choice(['text', 'text', 'mathrm', 'operatorname'])}{{{name}}}"

    def number(self) -> str:
        """Mostly a small one."""
        chance = self.chance
        return chance.choice([str(chance.randint(0, 9)), str(chance.randint(10, 999)), f"{chance.uniform(0, 10):.2f}"])

    def symbol(self) -> str:
        """A letter."""
        chance = self.chance
        kind = chance.random()
        if kind < 0.42:
            return chance.choice(LETTERS)
        if kind < 0.55:
            return chance.choice(CAPITALS)
        if kind < 0.75:
            return "\\" + chance.choice(GREEK)
        if kind < 0.83:
            return self.accented()
        if kind < 0.94:
            return self.lettered()
        return chance.choice(SPECIALS if chance.random() < 0.5 else RARE_SPECIALS)

    def accented(self) -> str:
        """A letter under an accent."""
        chance = self.chance
        letter = chance.choice([*LETTERS, *CAPITALS, *(f"\\{name}" for name in GREEK)])
        return f"\\{chance.choice(ACCENTS)}{{{letter}}}"

    def lettered(self) -> str:
        """A letter of another alphabet."""
        chance = self.chance
        alphabet = chance.choice(ALPHABETS)
        if alphabet == "boldsymbol" and chance.random() < 0.5:
            return f"\\boldsymbol{{\\{chance.choice(GREEK)}}}"
        small = alphabet in SMALL and chance.random() < 0.4
        return f"\\{alphabet}{{{chance.choice(LETTERS if small else CAPITALS)}}}"

    def relation(self) -> str:
        """What stands between two sides."""
        return self.chance.choice(RARE_RELATIONS if self.chance.random() < RARE else RELATIONS)

    def operation(self) -> str:
        """What stands between two terms."""
        return self.chance.choice(RARE_OPERATIONS if self.chance.random() < RARE else OPERATIONS)
