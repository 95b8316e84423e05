"""How models are spoken to: the text around questions and answers, as data, and the pieces of a conversation.

A piece is a text and whether it is learned (supervised) in training. Knows neither ids nor pictures: IMAGE stands
where an image's rows go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

IMAGE = "<image>"
PAD = "<imgpad>"


class Piece(NamedTuple):
    """A stretch of a conversation."""

    text: str
    learned: bool = False


class Turn(NamedTuple):
    """A question, in which IMAGE stands for the picture, and its answer; None where it is asked for."""

    question: str
    answer: str | None = None


@dataclass(frozen=True)
class ChatStyle:
    """The text around questions and answers, and what ends an answer."""

    system: str = ""
    user: tuple[str, str] = ("", "")
    """Before and after a question."""
    assistant: str = ""
    """Before an answer."""
    training: str = ""
    """Before an answer in training only: the published prompt ends earlier."""
    answer: tuple[str, str] = ("", "")
    """Before and after an answer, learned with it."""
    end: str = ""
    """The token after an answer, learned with it."""
    stop: tuple[str, ...] = ()
    """What ends an answer when reading, each one token."""
    bos: str = ""
    """The token that every sequence starts with."""
    image: tuple[str, str] = ("<img>", "</img>")
    """The tokens around an image's rows."""
    after_image: str = "\n"
    """Between the image and the question."""
    questions: bool = True
    """False: questions are dropped, the picture alone is the prompt."""

    def asked(self, question: str) -> str:
        """The question about a picture as a turn has it: the picture first."""
        return f"{IMAGE}{self.after_image}{question}" if self.questions else IMAGE

    def pieces(self, turns: Sequence[Turn]) -> list[Piece]:
        """A conversation as pieces; neighbours that are both learned or both not are one, images stand alone."""
        pieces = [Piece(self.system)]
        for question, answer in turns:
            pieces += self.question(question)
            pieces.append(Piece(self.assistant))
            if answer is not None:
                before, after = self.answer
                pieces += [Piece(self.training), Piece(before + answer + after, True), Piece(self.end, True)]
        return merged(pieces)

    def question(self, text: str) -> list[Piece]:
        """A question's pieces, cut at its images."""
        before, after = self.user
        texts = text.split(IMAGE) if self.questions else [""] * (1 + text.count(IMAGE))
        pieces = [Piece(before), Piece(texts[0])]
        for part in texts[1:]:
            pieces += [Piece(IMAGE), Piece(part)]
        return [*pieces, Piece(after)]

    def text(self, pieces: Sequence[Piece], rows: int) -> str:
        """A conversation as the authors write it, with `rows` pads for every image."""
        block = self.image[0] + PAD * rows + self.image[1]
        return "".join(block if piece == Piece(IMAGE) else piece.text for piece in pieces)


def merged(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbouring texts that are not learned become one: a tokenizer must see them together."""
    result: list[Piece] = []
    for joinable, group in groupby(pieces, key=lambda p: not p.learned and p.text != IMAGE):
        texts = [p for p in group if p.text]
        result += [Piece("".join(p.text for p in texts))] if joinable and texts else texts
    return result


MPT = ChatStyle(
    system="<|im_start|>system\n"
    "You should follow the instructions carefully and explain your answers in detail.<|im_end|>",
    user=("<|im_start|>user\n", "<|im_end|>"),
    assistant="<|im_start|>assistant\n",
    end="<|im_end|>",
    stop=("<|im_end|>", "<|endoftext|>"),
)
"""Models on Qwen: ChatML without a newline after an end (the authors' `mpt` template)."""

VICUNA = ChatStyle(
    system="A chat between a curious user and an artificial intelligence assistant. "
    "The assistant gives helpful, detailed, and polite answers to the user's questions. ",
    user=("USER: ", " "),
    assistant="ASSISTANT:",
    answer=(" ", ""),
    end="</s>",
    stop=("</s>",),
    bos="<s>",
)
"""Vicuna's own conversations, version 1."""

PLAIN = ChatStyle(training="\n", answer=("", "\n"), end="</s>", stop=("</s>",), bos="</s>", questions=False)
"""Vary-tiny: the picture alone asks. OPT's sequences start with the token that ends them."""
