"""What the answers about a page are evidence of: how it ended, how sure the model was, who said its text."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from vary_cli.document import Account, Finish
from vary_cli.example import UNKNOWN, Generation

FINISHES: tuple[Finish, ...] = ("repeat", "length", "stop", "blank")
"""The worst first: a page ended as its worst region did."""
TROUBLE = {"length": "an answer was cut off at its longest", "repeat": "the model repeated itself and was stopped"}
AGREEMENT = 0.5
"""Least share of a text layer's characters that the model must have seen, else the page warns."""
LEGIBLE, SURE, FEW = 0.62, 0.98, 12
"""Least mean probability of the characters of text: photographs and drawings look like letters here and there. Of fewer
characters than `FEW` a picture must have more, up to `SURE`, for one alone is soon seen in a cloud; a region of a page
may have less, for single signs beside its text are often stars and bullets of odd shapes."""


def worst(answers: list[Generation]) -> Finish:
    """How the page ended; pages without text have ended well."""
    finishes = {answer.finish for answer in answers} or {"stop"}
    return next(finish for finish in FINISHES if finish in finishes and (finish != "blank" or finishes == {"blank"}))


def score(answers: Sequence[Generation]) -> float:
    """Mean probability of the tokens of all answers."""
    tokens = sum(answer.tokens for answer in answers)
    return math.exp(sum(answer.score * answer.tokens for answer in answers) / tokens) if tokens else 1.0


def is_text(answers: Sequence[Generation]) -> bool:
    """Whether what was read on a picture is text, and not a photograph, say. Nothing is."""
    count = sum(answer.tokens for answer in answers)
    return count == 0 or score(answers) >= LEGIBLE + (SURE - LEGIBLE) * max(0.0, 1 - count / FEW)


def is_legible(answer: Generation) -> bool:
    """Whether what was read in a region of a page with text is text. Characters that have no name are none."""
    named = 1 - answer.text.count(UNKNOWN) / max(1, answer.tokens)
    return answer.tokens == 0 or named * score([answer]) >= LEGIBLE * min(1.0, (answer.tokens + 4) / (FEW + 4))


def method(account: Account, layered: bool) -> str:
    """Who said the text: the text layer, the model, or both."""
    by_model = account.verified + account.corrected + account.read > 0
    by_layer = account.verified + account.unverified > 0
    if by_layer:
        return "layer+model" if by_model else "layer"
    return "layer+model" if layered and not by_model else "model"


def complaints(answers: list[Generation], account: Account) -> Iterator[str]:
    """What the user should know of a page that was read."""
    for finish, words in TROUBLE.items():
        if any(answer.finish == finish for answer in answers):
            yield words
    said = account.verified + account.corrected + account.unverified
    if account.corrected and account.verified < AGREEMENT * said:
        yield f"text layer and picture agree on only {account.verified / said:.0%} of the characters"
