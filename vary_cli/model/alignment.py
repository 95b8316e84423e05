"""The probability of a text, summed over all ways to place its characters on a row of steps.

Each step writes one character or none, as in the recurrent neural aligner (Sak et al. 2017): unlike connectionist
temporal classification, two equal neighbours are two characters, so "ll" needs no gap between its letters.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

NEVER = -1e4  # log-probability of what cannot be; finite, so that no difference of two of them is undefined


def alignment_loss(logs: Tensor, sequence: Tensor, lengths: Tensor, steps: Tensor) -> Tensor:
    """Mean negative log-probability per character of a batch of texts.

    logs (B, T, classes) log-probabilities, class 0 is "nothing"; sequence (sum of lengths,) all texts, one after the
    other; lengths (B,) characters of each; steps (B,) how many of the T steps belong to each.
    """
    texts = padded(sequence, lengths)  # (B, U)
    written = logs.gather(2, texts[:, None, :].expand(-1, logs.shape[1], -1))  # (B, T, U)
    losses: Tensor = Alignment.apply(written, logs[:, :, 0], lengths, steps)  # type: ignore[no-untyped-call]
    return (losses / lengths.clamp(min=1)).mean()


def padded(sequence: Tensor, lengths: Tensor) -> Tensor:
    """(sum of lengths,) -> (B, longest), zeros behind the end."""
    texts = sequence.new_zeros(len(lengths), max(1, int(lengths.max())))
    texts[torch.arange(texts.shape[1], device=lengths.device) < lengths[:, None]] = sequence
    return texts


class Alignment(torch.autograd.Function):
    """Forward-backward over the lattice; the gradient is the posterior probability of each step's choice."""

    @staticmethod
    def forward(ctx: Any, written: Tensor, nothing: Tensor, lengths: Tensor, steps: Tensor) -> Tensor:  # noqa: ANN401
        """written (B, T, U): the u-th character at step t; nothing (B, T) -> negative log-probability of each text."""
        live = torch.arange(written.shape[1], device=steps.device) < steps[:, None]  # (B, T)
        written = written.masked_fill(~live[..., None], NEVER).transpose(0, 1)  # (T, B, U)
        nothing = nothing.masked_fill(~live, 0.0).T  # (T, B): behind the end nothing is sure
        before, after = forwards(written, nothing), backwards(written, nothing, lengths)
        total = after[0, :, 0]  # (B,)
        chosen = (before[:-1, :, :-1] + written + after[1:, :, 1:] - total[:, None]).exp().transpose(0, 1)
        left = (before[:-1] + nothing[..., None] + after[1:] - total[:, None]).exp().sum(-1).T
        ctx.save_for_backward(chosen * live[..., None], left * live)
        return -total

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, None, None]:  # noqa: ANN401
        """The posteriors, weighed."""
        chosen, left = ctx.saved_tensors
        weight = -gradients[0]
        return weight[:, None, None] * chosen, weight[:, None] * left, None, None


def forwards(written: Tensor, nothing: Tensor) -> Tensor:
    """(T + 1, B, U + 1): log-probability of having written u characters before step t."""
    count, batch, longest = written.shape
    table = written.new_full((count + 1, batch, longest + 1), NEVER)
    table[0, :, 0] = 0.0
    for t in range(count):
        table[t + 1] = table[t] + nothing[t, :, None]
        table[t + 1, :, 1:] = torch.logaddexp(table[t + 1, :, 1:], table[t, :, :-1] + written[t])
    return table


def backwards(written: Tensor, nothing: Tensor, lengths: Tensor) -> Tensor:
    """(T + 1, B, U + 1): log-probability of writing the rest from step t on, u characters being written."""
    count, batch, longest = written.shape
    table = written.new_full((count + 1, batch, longest + 1), NEVER)
    table[count].scatter_(1, lengths[:, None], 0.0)
    for t in reversed(range(count)):
        table[t] = table[t + 1] + nothing[t, :, None]
        table[t, :, :-1] = torch.logaddexp(table[t, :, :-1], table[t + 1, :, 1:] + written[t])
    return table
