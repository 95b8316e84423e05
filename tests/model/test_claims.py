"""A text layer's claims: seen, corrected, or left unverified."""

import pytest
import torch

from vary_cli.example import UNKNOWN
from vary_cli.model.claims import Claim, settle
from vary_cli.model.glyphs import GlyphHead, read
from vary_cli.model.spec import GlyphSpec

SPEC = GlyphSpec("abcdegh " + UNKNOWN, "中文")
CELLS = 30


def seeing(text: str, strength: float = 30.0) -> tuple[GlyphHead, torch.Tensor]:
    """A head and tokens that show `text`, one character in every second cell."""
    head = GlyphHead(2 * CELLS, SPEC)
    tokens = torch.eye(CELLS, 2 * CELLS)
    with torch.no_grad():
        for parameter in head.parameters():
            parameter.zero_()
        table = head.common.weight.view(4, head.repertoire.classes, 2 * CELLS)
        table[:, 0, :] = strength
        for i, char in enumerate(text):
            common, han = head.repertoire.ids(char)
            table[0, 0, 2 * i] = 0
            table[0, common, 2 * i] = strength
            if han >= 0:
                head.han.weight[han, 2 * i] = strength
    return head, tokens


def claims(text: str) -> list[Claim]:
    return [Claim(c, 2 * i + 0.25) for i, c in enumerate(text)]


def settled(shown: str, said: str, strength: float = 30.0) -> tuple[str, object]:
    head, tokens = seeing(shown, strength)
    seen = read(head, tokens[None], [4 * CELLS])[0]
    glyphs, account = settle(head, tokens, seen, claims(said))
    return "".join(g.char for g in glyphs), account


def test_a_true_layer_is_verified() -> None:
    text, account = settled("abc 中文", "abc 中文")
    assert text == "abc 中文"
    assert (account.verified, account.corrected, account.unverified) == (5, 0, 0)


def test_a_wrong_word_is_corrected_where_the_model_is_sure() -> None:
    text, account = settled("abc dad bed ced", "abc dag bed ced")
    assert text == "abc dad bed ced"
    assert account.corrected == 3


def test_a_doubtful_model_leaves_the_layer_alone() -> None:
    text, account = settled("abc dad bed ced", "abc dag bed ced", strength=5.0)
    assert text == "abc dag bed ced"
    assert (account.verified, account.corrected, account.unverified) == (11, 0, 1)


def test_what_the_model_cannot_name_is_unverified_not_wrong() -> None:
    text, account = settled("abc ab", "abc aℵ")
    assert text == "abc aℵ"
    assert (account.verified, account.unverified) == (4, 1)


def test_a_layer_wrong_throughout_is_read_anew() -> None:
    text, account = settled("abc dead beda", "hhg hgge ghhe")
    assert text == "abc dead beda"
    assert account.verified == 0


def test_no_layer_means_reading() -> None:
    head, tokens = seeing("abc")
    seen = read(head, tokens[None], [4 * CELLS])[0]
    glyphs, account = settle(head, tokens, seen, [])
    assert "".join(g.char for g in glyphs) == "abc"
    assert account.read == 3


@pytest.mark.parametrize(("said", "shown"), [("O", "0"), ("’", "'"), ("–", "-")])
def test_look_alikes_verify_each_other(said: str, shown: str) -> None:
    spec = GlyphSpec("0'-x" + UNKNOWN)
    assert GlyphHead(4, spec).repertoire.ids(shown)[0] > 0
    from vary_cli.model.claims import look_probability

    head = GlyphHead(4, spec)
    near = torch.zeros(2, head.repertoire.classes)
    near[0, head.repertoire.ids(shown)[0]] = 1.0
    assert look_probability(head, near, said) == 1.0
