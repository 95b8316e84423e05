"""The engine of page-reading models: many texts are written at once, each until it ends, loops or is too long.

Decoding is greedy: the same page gives the same text, alone or among others, with a draft or without.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import torch
from torch import Tensor

from vary_cli.example import Finish
from vary_cli.model.batch import Sequenced, batched
from vary_cli.model.cache import Slots
from vary_cli.model.decoder import visible
from vary_cli.model.draft import Draft
from vary_cli.model.repetition import Loops
from vary_cli.model.vary import Batch, VaryModel

CERTAIN = math.log(0.95)
"""The log-probability of a token from which on it is certain: label smoothing teaches models never to say 1."""


@dataclass
class Text:
    """One text in the making."""

    prompt: Sequenced
    limit: int
    """Tokens at most."""
    stops: frozenset[int] = frozenset()
    draft: Draft | None = None
    tokens: list[int] = field(default_factory=list)
    """What the model has written, without the stop."""
    log_probability: float = 0.0
    """Sum over all tokens, the stop included."""
    doubt: float = 0.0
    """The same of the tokens that are less than certain, less what certain ones have."""
    count: int = 0
    """Tokens decided, the stop included."""
    finish: Finish | None = None
    loops: Loops | None = field(default_factory=Loops)

    @property
    def length(self) -> int:
        """Tokens of the prompt and the answer."""
        return len(self.prompt.ids) + len(self.tokens)

    @property
    def place(self) -> int:
        """Where its last token stands."""
        return len(self.prompt.ids) + len(self.tokens) - 1

    @property
    def last(self) -> int:
        """The token that the cache does not know yet."""
        return self.tokens[-1]

    @property
    def score(self) -> float:
        """Mean log-probability."""
        return self.log_probability / max(1, self.count)

    def take(self, token: int, log_probability: float) -> None:
        """Write one more token, or end."""
        self.count += 1
        self.log_probability += log_probability
        self.doubt += min(0.0, log_probability - CERTAIN)
        if token in self.stops:
            self.finish = "stop"
            return
        self.tokens.append(token)
        repeated = 0 if self.loops is None else self.loops.push(token)
        if repeated:
            del self.tokens[-repeated:]
            self.finish = "repeat"
        elif len(self.tokens) >= self.limit:
            self.finish = "length"


Batcher = Callable[[Sequence[Sequenced]], Batch]


@torch.inference_mode()
def decoded(model: VaryModel, texts: Iterable[Text], rows: int, batch: Batcher | None = None) -> Iterator[Text]:
    """Write texts, at most `rows` at once, and yield each when it has ended, as it ends. Slots are refilled at once.

    `batch` makes prompts into a batch that is padded on the left; None: as batch.py does.
    """
    waiting = iter(texts)
    writer = Writer(model, rows, batch or partial(batched, spec=model.spec, left=True))
    while True:
        for row in writer.vacant():
            text = next(waiting, None)
            if text is None:
                writer.shrink()
                break
            writer.seat(row, text)
        if not writer.busy:
            return
        writer.begin()
        yield from writer.leave()
        if writer.busy:
            writer.step()
            yield from writer.leave()


class Writer:
    """The slots and who sits in them."""

    def __init__(self, model: VaryModel, rows: int, batch: Batcher) -> None:
        assert model.spec.decoder is not None
        self.model, self.batch, self.prefix = model, batch, model.spec.decoder.prefix
        self.device = next(model.parameters()).device
        self.dtype = next(model.parameters()).dtype
        self.slots = Slots(model.spec.decoder.depth, rows, self.device)
        self.texts: list[Text | None] = [None] * rows
        self.new: list[int] = []

    @property
    def busy(self) -> bool:
        """Whether anybody sits."""
        return any(text is not None for text in self.texts)

    def vacant(self) -> list[int]:
        """Rows where nobody sits."""
        return [row for row, text in enumerate(self.texts) if text is None]

    def seat(self, row: int, text: Text) -> None:
        """Give a row to a text; it begins with the next `begin`."""
        self.texts[row] = text
        self.new.append(row)

    def shrink(self) -> None:
        """Nobody waits: give up the empty rows once they are half of all."""
        taken = [row for row, text in enumerate(self.texts) if text is not None]
        if taken and 2 * len(taken) <= len(self.texts) and not self.new:
            self.slots.keep(taken)
            self.texts = [self.texts[row] for row in taken]

    def leave(self) -> Iterator[Text]:
        """Those who have ended give up their rows."""
        for row, text in enumerate(self.texts):
            if text is not None and text.finish is not None:
                self.texts[row] = None
                self.slots.free(row)
                yield text

    def begin(self) -> None:
        """Read the prompts of the newly seated, all in one pass, and write their first tokens."""
        if not self.new:
            return
        texts = [text for row in self.new if (text := self.texts[row]) is not None]
        batch = self.batch([text.prompt for text in texts]).to(self.device, self.dtype)
        self.slots.enter(self.new, batch.mask)
        seen = visible(batch.mask, batch.prompt if self.prefix else None)
        embeds = self.model.embed(batch)
        hidden = self.model.decode(embeds, seen, batch.places, batch.mask.sum(-1), self.slots)
        self.new = []
        for text, choice in zip(texts, chosen(self.model.logits(hidden[:, -1:])), strict=True):
            advance(text, [], choice)

    def step(self) -> None:
        """One pass for everybody: the last token and, where there is a draft, what it says comes next."""
        offers = [proposals(text) for text in self.texts]
        inputs = [[0 if text is None else text.last, *offer] for text, offer in zip(self.texts, offers, strict=True)]
        width = max(map(len, inputs))
        ids = torch.tensor([row + [0] * (width - len(row)) for row in inputs], device=self.device)
        real = torch.tensor([[j < len(row) for j in range(width)] for row in inputs], device=self.device)
        self.slots.go_on(width)
        starts = torch.tensor([0 if text is None else text.place for text in self.texts], device=self.device)
        prompts = torch.tensor([1 if t is None else len(t.prompt.ids) for t in self.texts], device=self.device)
        positions = starts[:, None] + torch.arange(width, device=self.device) * real
        embeds = self.model.decoder.get_input_embeddings()(ids)  # type: ignore[union-attr]
        hidden = self.model.decode(embeds, self.slots.mask(real), positions, prompts, self.slots)
        choices = chosen(self.model.logits(hidden))
        taken = [advance(*row) for row in zip(self.texts, offers, choices, strict=True)]
        kept = torch.tensor([[j < count for j in range(width)] for count in taken], device=self.device)
        self.slots.accept(kept)


Choice = list[tuple[int, float]]  # at each position of a row the best token and its log-probability


def chosen(logits: Tensor) -> list[Choice]:
    """The greedy choice at every position, logits (B, n, vocabulary)."""
    best, tokens = logits.float().max(-1)
    logs = best - logits.float().logsumexp(-1)
    return [list(zip(t, p, strict=True)) for t, p in zip(tokens.tolist(), logs.tolist(), strict=True)]


def proposals(text: Text | None) -> list[int]:
    """What a text's draft offers; at most what there is still room for."""
    if text is None or text.draft is None:
        return []
    return text.draft.proposed(max(0, text.limit - len(text.tokens) - 1))


def advance(text: Text | None, offer: Sequence[int], choice: Choice) -> int:
    """Write what the model chose, as far as it agrees with the offer and one further -> how many inputs were right."""
    if text is None:
        return 0
    accepted = 0
    for token, log_probability in choice:
        text.take(token, log_probability)
        if text.finish is not None or accepted >= len(offer) or offer[accepted] != token:
            break
        accepted += 1
    if text.draft is not None and text.finish is None:
        text.draft.took(text.tokens, accepted, len(offer))
    return 1 + accepted
