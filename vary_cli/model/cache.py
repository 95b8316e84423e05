"""Keys and values of many texts in the making: one block of memory, a row for each, columns that all rows share.

Every forward pass writes the same columns in all rows; which columns a row may look at is a mask of its own. So a new
text's prompt is written to end where the others are, a rejected draft leaves a hole, and `compact` closes holes. The
memory grows in steps with what is in use.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from transformers.cache_utils import Cache, CacheLayerMixin

STEP = 512  # columns by which the memory grows


class Layer(CacheLayerMixin):  # type: ignore[no-untyped-call]
    """The keys and values of one decoder layer, (rows, heads, columns, head)."""

    is_sliding = False

    def __init__(self, slots: Slots) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.slots = slots
        self.keys: Tensor = torch.empty(0)
        self.values: Tensor = torch.empty(0)

    def lazy_initialization(self, key_states: Tensor, value_states: Tensor) -> None:
        """Take memory, now that heads and dtype are known."""
        rows, columns = self.slots.seen.shape
        self.keys = key_states.new_zeros(rows, key_states.shape[1], columns, key_states.shape[3])
        self.values = value_states.new_zeros(rows, value_states.shape[1], columns, value_states.shape[3])
        self.is_initialized = True

    def update(
        self, key_states: Tensor, value_states: Tensor, *args: object, **kwargs: object
    ) -> tuple[Tensor, Tensor]:
        """Write what a forward pass made; a prompt sees only itself, later tokens see all columns in use."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        slots, end = self.slots, self.slots.at
        if slots.prompt_rows is not None:
            columns = slice(end - key_states.shape[2], end)
            self.keys[slots.prompt_rows, :, columns] = key_states
            self.values[slots.prompt_rows, :, columns] = value_states
            return key_states, value_states
        end += key_states.shape[2]
        self.keys[:, :, slots.at : end] = key_states
        self.values[:, :, slots.at : end] = value_states
        return self.keys[:, :, slots.start : end], self.values[:, :, slots.start : end]

    def rearrange(self, rows: Tensor, columns: Tensor, width: int) -> None:
        """Keep some rows, and of each the columns (rows, n) in that order; the memory is then `width` columns wide."""
        self.keys = rearranged(self.keys, rows, columns, width)
        self.values = rearranged(self.values, rows, columns, width)

    def get_seq_length(self) -> int:
        """Columns before the coming ones; positions are always given, so nobody counts with it."""
        return 0

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        """Not asked for: masks are always given."""
        return query_length, 0

    def get_max_length(self) -> int:
        """No maximum."""
        return -1

    def get_max_cache_shape(self) -> int:
        """No maximum, in the words of transformers before its `get_max_length`."""
        return -1


class Slots(Cache):
    """The memory of `rows` texts; `at` is the next column, `start` the first that anybody sees."""

    def __init__(self, layers: int, rows: int, device: torch.device | str) -> None:
        self.seen = torch.zeros(rows, STEP, dtype=torch.bool, device=device)
        self.at = self.start = 0
        self.prompt_rows: Tensor | None = None
        self.memories = [Layer(self) for _ in range(layers)]
        super().__init__(layers=list(self.memories))

    @property
    def rows(self) -> int:
        """How many texts there is room for."""
        return self.seen.shape[0]

    def enter(self, rows: Sequence[int], mask: Tensor) -> None:
        """Make room for prompts, mask (prompts, length), in some rows: the next pass writes them, ending at `at`."""
        length = mask.shape[1]
        self.reserve(0, length)
        self.at = max(self.at, length)
        self.prompt_rows = torch.tensor(rows, device=mask.device)
        self.seen[self.prompt_rows] = False
        self.seen[self.prompt_rows, self.at - length : self.at] = mask.bool()

    def go_on(self, count: int) -> None:
        """Make room for `count` new columns in all rows: the next pass writes them."""
        self.prompt_rows = None
        self.reserve(count)
        used = self.seen[:, : self.at].any(0)
        self.start = int(used.int().argmax()) if self.at else 0

    def mask(self, new: Tensor) -> Tensor:
        """What each new token sees, (rows, 1, n, columns in use + n); new (rows, n): which of them are real."""
        rows, count = new.shape
        own = new[:, None] & torch.ones(count, count, dtype=torch.bool, device=new.device).tril()
        own = own | torch.eye(count, dtype=torch.bool, device=new.device)  # nobody sees nothing at all
        past = self.seen[:, None, self.start : self.at].expand(-1, count, -1)
        return torch.cat([past, own.expand(rows, -1, -1)], -1)[:, None]

    def accept(self, kept: Tensor) -> None:
        """The pass is over: of its columns each row goes on to see those of `kept` (rows, n)."""
        end = self.at + kept.shape[1]
        self.seen[:, self.at : end] = kept
        self.at = end

    def free(self, row: int) -> None:
        """Forget a text."""
        self.seen[row] = False

    def reserve(self, count: int, least: int = 0) -> None:
        """Make room for `count` further columns and `least` in all: close holes first, then grow."""
        if max(self.at + count, least) > self.seen.shape[1]:
            longest = int(self.seen.sum(1).max())
            every = torch.arange(self.rows, device=self.seen.device)
            self.rearrange(every, max(longest + count, least) + STEP)

    def keep(self, rows: Sequence[int]) -> None:
        """Give up all other rows."""
        self.rearrange(torch.tensor(rows, device=self.seen.device), self.seen.shape[1])

    def rearrange(self, rows: Tensor, width: int) -> None:
        """Keep some rows, their columns moved together to end at one place."""
        seen = self.seen[rows]
        longest = int(seen.sum(1).max())
        order = torch.argsort(seen.int(), dim=1, stable=True)[:, seen.shape[1] - longest :]
        for layer in self.memories:
            if layer.is_initialized:
                layer.rearrange(rows, order, width)
        self.seen = torch.nn.functional.pad(seen.gather(1, order), (0, width - longest))
        self.at, self.start = longest, 0


def rearranged(x: Tensor, rows: Tensor, columns: Tensor, width: int) -> Tensor:
    """Rows of (rows, heads, columns, head), of each its `columns` (rows, n), in memory of `width` columns."""
    result = x.new_zeros(len(rows), x.shape[1], width, x.shape[3])
    index = columns[:, None, :, None].expand(-1, x.shape[1], -1, x.shape[3])
    result[:, :, : columns.shape[1]] = x[rows].gather(2, index)
    return result
