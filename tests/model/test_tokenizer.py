from __future__ import annotations

import base64
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from vary_cli.errors import WeightsError
from vary_cli.model import tokenizer

MERGES = ["th", "the", " the", "de", "def", "中".encode()[:2].decode("latin-1"), "  ", "12", "re", "ret"]
TEXTS = [
    "the 中文 page",
    "def f(x):\n    return x12 + 345.60\n\n\n",
    "Ünïcödé ﬁ 𝑥 😀",
    "<|im_start|>user\n<img></img>",
    " \r\n\t ",
]


@pytest.fixture
def ranks(tmp_path: Path) -> Path:
    """Bytes and a few merges, as qwen.tiktoken writes them; as many ids as the real one."""
    tokens = [bytes([byte]) for byte in range(256)]
    tokens += [merge.encode("latin-1") for merge in MERGES]
    tokens += [f"#{i:06}".encode() for i in range(151643 - len(tokens))]
    lines = (base64.b64encode(token) + b" %d" % rank for rank, token in enumerate(tokens))
    (tmp_path / "qwen.tiktoken").write_bytes(b"\n".join(lines))
    return tmp_path / "qwen.tiktoken"


@pytest.fixture
def words(ranks: Path) -> Tokenizer:
    found = tokenizer.find(ranks.parent)
    assert found is not None
    return found


def test_qwen_s_specials_have_their_ids(words: Tokenizer) -> None:
    ids = {
        text: words.token_to_id(text)
        for text in ("<|endoftext|>", "<|im_end|>", "<ref>", "<img>", "</img>", "<imgpad>")
    }
    assert list(ids.values()) == [151643, 151645, 151851, 151857, 151858, 151859]
    assert words.get_vocab_size() == 151860


def test_what_is_encoded_is_decoded(words: Tokenizer, tmp_path: Path) -> None:
    for text in TEXTS:
        assert words.decode(words.encode(text).ids, skip_special_tokens=False) == text
    words.save(str(tmp_path / "tokenizer.json"))
    again = tokenizer.find(tmp_path)
    assert again is not None
    assert [again.encode(text).ids for text in TEXTS] == [words.encode(text).ids for text in TEXTS]


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("中文表0123456789 \n\t(){}=_'")))
def test_any_composed_text_comes_back(words: Tokenizer, text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert words.decode(words.encode(text).ids, skip_special_tokens=False) == composed


def test_digits_stand_alone_and_merges_follow_the_ranks(words: Tokenizer) -> None:
    assert [words.id_to_token(i) for i in words.encode("12 the").ids] == ["1", "2", "Ġthe"]
    assert [words.id_to_token(i) for i in words.encode("return").ids] == ["ret", "u", "r", "n"]


def test_text_is_composed_before_it_is_cut(words: Tokenizer) -> None:
    assert words.encode("e\u0301").ids == words.encode("\u00e9").ids


def test_what_is_no_list_of_ranks_is_refused(tmp_path: Path) -> None:
    (tmp_path / "qwen.tiktoken").write_text("not base64 at all")
    with pytest.raises(WeightsError, match="is not a list of tiktoken ranks"):
        tokenizer.find(tmp_path)


def test_opt_s_files_become_one_with_vary_s_tokens(tmp_path: Path) -> None:
    letters = tokenizer.byte_letters()
    table = (
        {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3} | {letters[byte]: byte + 4 for byte in range(256)} | {"th": 260}
    )
    (tmp_path / "vocab.json").write_text(json.dumps(table))
    (tmp_path / "merges.txt").write_text("#version: 0.2\nt h\n")
    words = tokenizer.find(tmp_path)
    assert words is not None
    assert [words.token_to_id(t) for t in ("</s>", "<imgpad>", "<img>", "</img>")] == [2, 261, 262, 263]
    assert words.encode("th</s>").ids == [260, 2]


def test_a_tokenizer_trained_here_keeps_han_and_digits_apart() -> None:
    words = tokenizer.trained(["the theme of the thesis 中文文档", "\\frac{a}{b} 2026"] * 50, 320)
    assert [words.token_to_id(name) for name in tokenizer.SPECIALS] == [0, 1, 2, 3, 4, 5]
    assert len(words.encode("中文文档").ids) == 4
    assert len(words.encode("2026").ids) == 4
    for text in ("the thesis", "中文文档", "naïve \\frac{x}{y}\n\ttab", "龘🙂"):
        assert words.decode(words.encode(text).ids) == text
