"""The transcriber of page-reading models: examples in, generations out, in order, many at once."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from PIL import Image
from tokenizers import Tokenizer

from vary_cli.errors import UsageError, WeightsError
from vary_cli.example import Example, Finish, Generation, Transcriber
from vary_cli.model.bands import bands, joined
from vary_cli.model.batch import Ask, sequenced
from vary_cli.model.chat import PAD
from vary_cli.model.checkpoint import Loaded
from vary_cli.model.draft import Draft
from vary_cli.model.engine import Text, decoded
from vary_cli.model.spec import ModelSpec

BLANK = 6  # gray levels between the darkest and the brightest pixel of an empty page
WORST: tuple[Finish, ...] = ("repeat", "length", "stop", "blank")  # a page ends as the worst of its bands does


@dataclass(frozen=True)
class Reading:
    """How pages are to be read."""

    ask: Ask = field(default_factory=Ask)
    max_tokens: int | None = None
    """Longest answer; None: the family's."""
    bands: int = 1
    """Bands into which every page is cut; their answers are joined."""
    draft: bool = True
    """Verify an example's draft instead of writing anew; the answer is the same."""


def transcriber(loaded: Loaded, reading: Reading | None = None, *, batch_size: int = 4) -> Transcriber:
    """A function from examples to generations, `batch_size` texts at once.

    Raises WeightsError where the model cannot write, UsageError where the family cannot be asked so.
    """
    spec, words = loaded.spec, loaded.tokenizer
    if spec.decoder is None:
        raise WeightsError(f"{loaded.path} has no decoder: it cannot write", "choose a whole model: vary models list")
    if words is None:
        hint = "put tokenizer.json, qwen.tiktoken, or vocab.json and merges.txt beside the weights"
        raise WeightsError(f"{loaded.path} has no tokenizer", hint)
    check(spec, words)
    how = reading or Reading()

    def transcribe(examples: Iterable[Example]) -> Iterator[Generation]:
        pages: deque[list[Text]] = deque()

        def texts() -> Iterator[Text]:
            for example in examples:
                pages.append(page_texts(example, spec, words, how))
                yield from pages[-1]

        for _ in decoded(loaded.model, texts(), batch_size):
            while pages and all(text.finish for text in pages[0]):
                yield generation(pages.popleft(), words)
        for page in pages:
            yield generation(page, words)

    return transcribe


def check(spec: ModelSpec, words: Tokenizer) -> None:
    """Raise WeightsError where the tokenizer knows an image's markers by other numbers than the model."""
    marks = spec.markers
    if marks.start is None:
        return
    named = zip((*spec.chat.image, PAD), (marks.start, marks.end, marks.pad), strict=True)
    wrong = [
        f"{text} as {words.token_to_id(text)}, not {mark}" for text, mark in named if words.token_to_id(text) != mark
    ]
    if wrong:
        raise WeightsError(f"the tokenizer is not {spec.name}'s: it has {', '.join(wrong)}", "get its own tokenizer")


def page_texts(example: Example, spec: ModelSpec, words: Tokenizer, how: Reading) -> list[Text]:
    """What is to be written for one example: a text for each of its bands, none for an empty page."""
    if blank(example.image):
        return []
    if how.bands > 1 and how.ask.box is not None:
        raise UsageError("a box cannot be read in bands", "leave one of them out")
    pictures = bands(example.image, how.bands) if how.bands > 1 else [example.image]
    texts = [new_text(replace(example, image=picture, answer=None), spec, words, how) for picture in pictures]
    for text in texts[1:]:
        if text.draft is not None:
            text.draft.place = None  # a lower band begins somewhere within the draft
    return texts


def new_text(example: Example, spec: ModelSpec, words: Tokenizer, how: Reading) -> Text:
    """One text, about to be written."""
    assert spec.decoder is not None
    prompt = sequenced(example, spec, words, how.ask)
    room = spec.decoder.positions - len(prompt.ids)
    if room < 1:
        message = f"the prompt has {len(prompt.ids)} tokens, {spec.name} takes {spec.decoder.positions} in all"
        raise UsageError(message, "ask for less at once")
    drafted = None
    if how.draft and example.draft:
        drafted = Draft(words.encode(example.draft, add_special_tokens=False).ids)
    return Text(prompt, min(how.max_tokens or spec.max_tokens, room), stops(spec, words), drafted)


def stops(spec: ModelSpec, words: Tokenizer) -> frozenset[int]:
    """The ids that end an answer. Raises WeightsError where the tokenizer does not have one of them as one token."""
    ids = [words.encode(token, add_special_tokens=False).ids for token in spec.chat.stop]
    if any(len(found) != 1 for found in ids):
        raise WeightsError(f"the tokenizer is not {spec.name}'s: it lacks one of {', '.join(spec.chat.stop)}")
    return frozenset(found[0] for found in ids)


def generation(texts: list[Text], words: Tokenizer) -> Generation:
    """What has become of a page."""
    if not texts:
        return Generation("", "blank", 0, 0.0)
    answer = joined([words.decode(text.tokens, skip_special_tokens=False).strip() for text in texts])
    tokens = sum(text.count for text in texts)
    score = sum(text.log_probability for text in texts) / max(1, tokens)
    finish = min((text.finish or "stop" for text in texts), key=WORST.index)
    return Generation(answer, finish, tokens, score, probability=math.exp(sum(text.doubt for text in texts)))


def blank(image: Image.Image) -> bool:
    """Whether a page has nothing on it."""
    darkest, brightest = image.convert("L").getextrema()
    return float(brightest) - float(darkest) < BLANK  # type: ignore[arg-type]
