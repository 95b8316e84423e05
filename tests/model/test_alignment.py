"""The alignment loss against all alignments, written out."""

import itertools
import math

import pytest
import torch
import torch.nn.functional as F

from vary_cli.model.alignment import alignment_loss, padded


def every_alignment(logs: torch.Tensor, text: list[int]) -> float:
    """Log-probability of a text, by brute force. logs (T, classes)."""
    total = 0.0
    for path in itertools.product(range(logs.shape[1]), repeat=len(logs)):
        if [c for c in path if c] == text:
            total += math.exp(sum(float(logs[t, c]) for t, c in enumerate(path)))
    return math.log(total)


@pytest.mark.parametrize("text", [[1], [1, 2], [1, 1], [2, 2, 1]])
def test_it_sums_over_all_alignments(text: list[int]) -> None:
    torch.manual_seed(len(text))
    logs = F.log_softmax(torch.randn(1, 5, 3), -1)
    loss = alignment_loss(logs, torch.tensor(text), torch.tensor([len(text)]), torch.tensor([5]))
    assert loss.item() == pytest.approx(-every_alignment(logs[0], text) / len(text), rel=1e-5)


def test_steps_behind_the_end_do_not_count() -> None:
    torch.manual_seed(0)
    logs = F.log_softmax(torch.randn(1, 5, 3), -1)
    longer = torch.cat([logs, F.log_softmax(torch.randn(1, 4, 3), -1)], 1)
    told = (torch.tensor([1, 2]), torch.tensor([2]), torch.tensor([5]))
    assert alignment_loss(longer, *told).item() == pytest.approx(alignment_loss(logs, *told).item())


def test_a_batch_is_the_mean_of_its_texts() -> None:
    torch.manual_seed(0)
    logs = F.log_softmax(torch.randn(2, 6, 4), -1)
    alone = [
        alignment_loss(logs[:1], torch.tensor([1, 2, 3]), torch.tensor([3]), torch.tensor([6])),
        alignment_loss(logs[1:], torch.tensor([3]), torch.tensor([1]), torch.tensor([4])),
    ]
    both = alignment_loss(logs, torch.tensor([1, 2, 3, 3]), torch.tensor([3, 1]), torch.tensor([6, 4]))
    assert both.item() == pytest.approx(sum(alone).item() / 2)


def test_the_gradient_is_the_numerical_one() -> None:
    torch.manual_seed(0)
    logits = torch.randn(2, 5, 3, dtype=torch.float64, requires_grad=True)
    told = (torch.tensor([1, 1, 2]), torch.tensor([2, 1]), torch.tensor([5, 4]))
    assert torch.autograd.gradcheck(lambda x: alignment_loss(F.log_softmax(x, -1), *told), logits)


def test_texts_are_padded_behind_their_end() -> None:
    assert padded(torch.tensor([1, 2, 3]), torch.tensor([1, 2])).tolist() == [[1, 0], [2, 3]]
