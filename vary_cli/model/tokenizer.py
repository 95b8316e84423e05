"""Tokenizers of the family as fast ones: a ready tokenizer.json, Qwen v1's tiktoken ranks, GPT-2's files of an OPT.

Nothing that comes with a checkpoint is executed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from vary_cli.errors import WeightsError

QWEN_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""Where Qwen v1 cuts text before it merges bytes: every digit stands alone."""

QWEN_SPECIALS = (
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    *(f"<|extra_{i}|>" for i in range(205)),
    *("<ref>", "</ref>", "<box>", "</box>", "<quad>", "</quad>", "<img>", "</img>", "<imgpad>"),
)
"""Ids 151643 to 151859, after the ranks."""

OPT_SPECIALS = ("<imgpad>", "<img>", "</img>")
"""What Vary-tiny adds to OPT's table, in this order."""

SPECIALS = ("<pad>", "<s>", "</s>", "<imgpad>", "<img>", "</img>")
"""The first ids of a tokenizer that is trained here."""

SPLIT = r" ?\\[A-Za-z]+|\p{Han}| ?\p{N}| ?[^\s\p{Han}\p{N}\p{P}\p{S}]+| ?[\p{P}\p{S}]+|\s+"
"""Where its text is cut before bytes are merged: Han characters, digits and LaTeX's commands stand alone."""


def find(path: Path) -> Tokenizer | None:
    """The tokenizer in a checkpoint's folder; None where there is none."""
    folder = path if path.is_dir() else path.parent
    if (folder / "tokenizer.json").is_file():
        return Tokenizer.from_file(str(folder / "tokenizer.json"))
    if (folder / "qwen.tiktoken").is_file():
        return from_tiktoken(folder / "qwen.tiktoken")
    if (folder / "vocab.json").is_file() and (folder / "merges.txt").is_file():
        return from_gpt2(folder)
    return None


def from_tiktoken(file: Path) -> Tokenizer:
    """Qwen v1's tokenizer from its ranks (lines of base64 bytes and a number), with the specials after them."""
    ranks = read_ranks(file)
    letters = byte_letters()
    vocabulary = {"".join(letters[byte] for byte in token): rank for token, rank in ranks.items()}
    merges = [
        ("".join(letters[byte] for byte in left), "".join(letters[byte] for byte in right))
        for left, right in sorted_merges(ranks)
    ]
    result = Tokenizer(models.BPE(vocabulary, merges, ignore_merges=True))
    result.normalizer = normalizers.NFC()
    result.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(QWEN_SPLIT), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    result.decoder = decoders.ByteLevel()
    result.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in QWEN_SPECIALS])
    return result


def read_ranks(file: Path) -> dict[bytes, int]:
    """Token -> rank. Raises WeightsError where the file is not one of ranks."""
    ranks: dict[bytes, int] = {}
    try:
        for line in file.read_bytes().splitlines():
            token, rank = line.split()
            ranks[base64.b64decode(token)] = int(rank)
    except ValueError as error:
        raise WeightsError(f"{file} is not a list of tiktoken ranks: {error}", "get the file again") from error
    return ranks


def sorted_merges(ranks: Mapping[bytes, int]) -> Iterator[tuple[bytes, bytes]]:
    """Every pair that joins into a token, the lowest rank first: tiktoken may merge any of them."""
    for token in sorted(ranks, key=lambda t: ranks[t]):
        cuts = [(token[:i], token[i:]) for i in range(1, len(token))]
        known = [(left, right) for left, right in cuts if left in ranks and right in ranks]
        yield from sorted(known, key=lambda pair: (ranks[pair[0]], ranks[pair[1]]))


def byte_letters() -> dict[int, str]:
    """GPT-2's printable letter for each byte."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return {byte: chr(byte) for byte in plain} | {byte: chr(256 + i) for i, byte in enumerate(others)}


def from_gpt2(folder: Path) -> Tokenizer:
    """OPT's tokenizer from vocab.json, merges.txt and, where there is one, added_tokens.json."""
    result = Tokenizer(models.BPE.from_file(str(folder / "vocab.json"), str(folder / "merges.txt")))
    result.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    result.decoder = decoders.ByteLevel()
    added = folder / "added_tokens.json"
    ids = json.loads(added.read_text(encoding="utf-8")) if added.is_file() else {}
    names = ["<s>", "<pad>", "</s>", "<unk>", *(sorted(ids, key=lambda name: ids[name]) or OPT_SPECIALS)]
    result.add_special_tokens([AddedToken(name, special=True, normalized=False) for name in names])
    return result


def trained(texts: Iterable[str], size: int) -> Tokenizer:
    """A byte-level BPE tokenizer of `size` entries for English, Chinese, code and markup, learnt from texts.

    Digits and Han characters stand alone; the specials (SPECIALS) have the first ids.
    """
    result = Tokenizer(models.BPE())
    result.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    result.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[AddedToken(text, special=True, normalized=False) for text in SPECIALS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    result.train_from_iterator(texts, trainer)
    return result
