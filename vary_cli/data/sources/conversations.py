"""Questions about pictures and their answers, in the forms in which they are published: LLaVA, DocVQA, ChartQA.

Vary paper, section 3.3: LLaVA-80k or CC665k, DocVQA and ChartQA (train) for supervised tuning.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from vary_cli.data import pictures
from vary_cli.data.folder import inner
from vary_cli.data.forms import turns
from vary_cli.data.pictures import Stored
from vary_cli.data.skipped import Outcome, Skipped, drawn
from vary_cli.data.text import read
from vary_cli.errors import DataError
from vary_cli.example import Example

BLOCK = 32
EXAMPLE = "vary data make conversations llava_80k.json --images coco/train2017 -o data/llava"
SUFFIX = ".jpg"
SHORT = "Answer the following questions using a single word or phrase:"
"""The paper's instruction before the questions of DocVQA and ChartQA."""

Turns = tuple[tuple[str, str], ...]
Item = tuple[str, str, Turns]  # the file it stands in, its picture, what is said


@dataclass(frozen=True)
class Options:
    """Which conversations."""

    json: tuple[Path, ...] = field(default=(), metadata={"flag": False, "needed": True})
    """LLaVA's, DocVQA's or ChartQA's JSON files."""
    images: Path | None = None
    """The folder that their pictures' names start from; by default that of the JSON file."""
    longest: int = 1600
    """Longer side, px; larger pictures are shrunk."""


def items(options: Options) -> list[Item]:
    """The conversations of all files. Raises DataError for a file of another form."""
    return [(str(file), picture, said) for file in options.json for picture, said in entries(file)]


def examples(options: Options, chance: random.Random) -> Iterator[Example]:
    """Conversations in an order of chance, without end."""
    return drawn(items(options), lambda item: taken(item, options, chance), chance)


def taken(item: Item, options: Options, chance: random.Random) -> Iterator[Outcome]:
    """One conversation; its last answer is asked for, the turns before are its history."""
    file, name, said = item
    origin = f"conversations:{Path(file).name}:{name}"
    if not name or not said or not said[-1][1].strip():
        yield Skipped(origin, "no picture" if not name else "no answer")
        return
    try:
        place = (options.images or Path(file).parent) / inner(name, file)
        image = pictures.opened(Stored(place)).convert("RGB")
    except DataError as error:
        yield Skipped(origin, "picture missing" if error.code == "picture_missing" else "no readable picture")
        return
    image.thumbnail((options.longest, options.longest), Image.Resampling.LANCZOS)
    *history, (prompt, answer) = said
    yield Example(image, prompt, answer, source=origin, history=tuple(history))


def entries(file: Path) -> list[tuple[str, Turns]]:
    """(picture, turns) of a file, by its form. Raises DataError."""
    try:
        told = json.loads(read(file))
        rows: Sequence[dict[str, Any]] = told["data"] if isinstance(told, dict) else told
        form = next(form for key, form in FORMS.items() if rows and key in rows[0])
        return [form(row) for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, StopIteration) as error:
        hint = "LLaVA's has 'conversations', DocVQA's 'question' and 'answers', ChartQA's 'query' and 'label'"
        raise DataError(f"{file} is in no form that is known: {error!r}", hint, "data_malformed") from error


def llava(row: dict[str, Any]) -> tuple[str, Turns]:
    """{"image": ..., "conversations": [{"from": "human", "value": ...}, {"from": "gpt", "value": ...}, ...]}."""
    return str(row.get("image") or ""), turns(row)


def docvqa(row: dict[str, Any]) -> tuple[str, Turns]:
    """{"question": ..., "image": "documents/...png", "answers": [...]}; the first answer counts."""
    answers = row.get("answers") or [""]
    return str(row["image"]), ((f"{SHORT} {row['question']}", str(answers[0])),)


def chartqa(row: dict[str, Any]) -> tuple[str, Turns]:
    """{"imgname": "...png", "query": ..., "label": ...}."""
    return str(row["imgname"]), ((f"{SHORT} {row['query']}", str(row["label"])),)


FORMS: dict[str, Callable[[dict[str, Any]], tuple[str, Turns]]] = {
    "conversations": llava,
    "query": chartqa,
    "question": docvqa,
}
"""The key by which a form is known, and how its entries are read."""
