"""Examples become batches: questions in the family's words, ids and labels made together, pixels for every tower.

Reading and training share this room, so that prompts and preprocessing cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from PIL import Image
from tokenizers import Tokenizer
from torch import Tensor

from vary_cli.errors import UsageError
from vary_cli.example import Example
from vary_cli.model.chat import IMAGE, Piece, Turn
from vary_cli.model.marks import Marks, rows
from vary_cli.model.pixels import pixels, tiles
from vary_cli.model.spec import ModelSpec
from vary_cli.model.vary import IGNORED, Batch


@dataclass(frozen=True)
class Ask:
    """What is asked of a picture."""

    task: str | None = None
    """One of the family's tasks; None: its first."""
    language: str = "en"
    prompt: str | None = None
    """A question in free words, in place of a task."""
    box: tuple[float, ...] | None = None
    """Read only this part of the picture, px: x0, y0, x1, y1; or what stands at a point x, y."""
    color: str | None = None
    """Read only what stands in a frame of this colour: red, green or blue."""
    tiled: bool = False
    """Show the page in tiles and as a whole."""


@dataclass(frozen=True)
class Sequenced:
    """One conversation as numbers, and the pictures in it."""

    ids: list[int]
    learned: list[bool]
    """Which of the ids are to be learned."""
    pictures: list[Image.Image]
    marks: Marks | None = None
    """What was named on its one picture, in place of pixels."""


def question(spec: ModelSpec, ask: Ask, size: tuple[int, int]) -> str:
    """The question in the family's words; size: width and height of the picture, px.

    Raises UsageError where the family was not taught to be asked so.
    """
    if ask.prompt is not None:
        return ask.prompt
    task = ask.task or next(iter(spec.tasks), "")
    words = spec.tasks.get(f"tiles-{task}" if ask.tiled and f"tiles-{task}" in spec.tasks else task)
    if words is None:
        raise UsageError(f"{spec.name} does not know the task {task!r}", f"known: {', '.join(spec.tasks)}")
    text = words.get(ask.language, words.get("*"))
    if text is None:
        raise UsageError(f"{spec.name} is not asked in {ask.language!r}", f"known: {', '.join(words)}")
    return where(spec, ask, size) + text


def where(spec: ModelSpec, ask: Ask, size: tuple[int, int]) -> str:
    """The part of a question that names a box (in thousandths of the picture) or a colour."""
    if ask.box is None and ask.color is None:
        return ""
    if not spec.regions:
        raise UsageError(f"{spec.name} does not read boxes or colours", "crop the picture, or use got-ocr2")
    if ask.box is None:
        return f"[{ask.color}] "
    sides = [int(x / side * 1000) for x, side in zip(ask.box, size * (len(ask.box) // 2), strict=True)]
    return f"{sides} "


def turns(example: Example, spec: ModelSpec, ask: Ask) -> list[Turn]:
    """An example as a conversation; the picture stands in its first question."""
    text = example.prompt if example.prompt is not None else question(spec, ask, example.image.size)
    said = [*example.history, (text, example.answer)]
    first = said[0][0]
    opening = Turn(first if IMAGE in first else spec.chat.asked(first), said[0][1])
    return [opening, *(Turn(question, answer) for question, answer in said[1:])]


def views(example: Example, spec: ModelSpec, ask: Ask) -> list[Image.Image]:
    """The pictures that stand in one image block: the page, or its tiles where these are asked for."""
    if spec.tiles is None:
        if ask.tiled:
            raise UsageError(f"{spec.name} reads no tiles", "use got-ocr2, or cut pages into bands")
        return [example.image]
    words = {text for task in spec.tiles.tasks for text in spec.tasks[task].values()}
    if ask.tiled or example.prompt in words:
        return tiles(example.image, spec.tiles, spec.branches[0].pixels.size)
    return [example.image]


def sequenced(example: Example, spec: ModelSpec, tokenizer: Tokenizer, ask: Ask) -> Sequenced:
    """An example as ids: a prompt, or, where it has an answer, what is to be learned."""
    pictures = views(example, spec, ask)
    ids, learned = numbered(turns(example, spec, ask), spec, tokenizer, len(pictures) * spec.markers.tokens)
    return Sequenced(ids, learned, pictures)


def translation(marks: Marks, turn: Turn, spec: ModelSpec, tokenizer: Tokenizer) -> Sequenced:
    """A question about what was named on a picture, and its answer where there is one."""
    ids, learned = numbered([turn], spec, tokenizer, len(marks.chars))
    return Sequenced(ids, learned, [], marks)


def numbered(
    conversation: Sequence[Turn], spec: ModelSpec, tokenizer: Tokenizer, count: int
) -> tuple[list[int], list[bool]]:
    """A conversation as ids, and which of them are learned: exactly answers and what ends them.

    count: rows of each image.
    """
    ids: list[int] = tokenizer.encode(spec.chat.bos, add_special_tokens=False).ids
    learned = [False] * len(ids)
    for piece in spec.chat.pieces(conversation):
        new = block(spec, count) if piece.text == IMAGE else encoded(tokenizer, piece, spec.chat.end)
        ids += new
        learned += [piece.learned] * len(new)
    return ids, learned


def block(spec: ModelSpec, count: int) -> list[int]:
    """The ids of an image: its rows' places between the markers."""
    around = [[] if marker is None else [marker] for marker in (spec.markers.start, spec.markers.end)]
    return [*around[0], *[spec.markers.pad] * count, *around[1]]


def encoded(tokenizer: Tokenizer, piece: Piece, end: str) -> list[int]:
    """The ids of a piece. In an answer the names of special tokens are ordinary text, but for the end itself."""
    tokenizer.encode_special_tokens = piece.learned and piece.text != end
    ids: list[int] = tokenizer.encode(piece.text, add_special_tokens=False).ids
    tokenizer.encode_special_tokens = False
    return ids


def batched(sequences: Sequence[Sequenced], spec: ModelSpec, *, left: bool) -> Batch:
    """Sequences padded to one length (on the left to be continued, on the right to be learned), with their pixels."""
    ids, mask, labels = laid_out(sequences, left=left)
    pictures = [picture for sequence in sequences for picture in sequence.pictures]
    towers: dict[str, Tensor] = {
        b.tower: torch.stack([pixels(p, b.pixels) for p in pictures]) for b in spec.branches if pictures
    }
    return Batch(ids, mask, towers, labels)


def translated(sequences: Sequence[Sequenced], words: Tokenizer, *, left: bool) -> Batch:
    """Sequences about what was named on pictures, padded to one length; the names stand for the pixels."""
    ids, mask, labels = laid_out(sequences, left=left)
    return Batch(ids, mask, labels=labels, named=rows([one.marks for one in sequences if one.marks is not None], words))


def laid_out(sequences: Sequence[Sequenced], *, left: bool) -> tuple[Tensor, Tensor, Tensor]:
    """Sequences padded to one length: ids, mask and labels, each (B, L)."""
    longest = max(len(sequence.ids) for sequence in sequences)
    ids = torch.stack([padded(s.ids, longest, 0, left) for s in sequences])
    mask = torch.stack([padded([1] * len(s.ids), longest, 0, left) for s in sequences])
    labels = [[i if yes else IGNORED for i, yes in zip(s.ids, s.learned, strict=True)] for s in sequences]
    return ids, mask, torch.stack([padded(row, longest, IGNORED, left) for row in labels])


def padded(values: Sequence[int], length: int, filler: int, left: bool) -> Tensor:
    """Numbers filled up to a length."""
    filling = [filler] * (length - len(values))
    return torch.tensor([*filling, *values] if left else [*values, *filling])
