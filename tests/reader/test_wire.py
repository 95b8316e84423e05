"""What passes between the reader and its child."""

import io
import os
import pickle

import pytest

from vary_cli.document import Area, LayerLine, OutlineEntry, Span, TextLayer
from vary_cli.reader import wire


def test_a_page_arrives_as_it_was_sent() -> None:
    span = Span("a", (0, 0, 1, 1), (0, 1), 1, 12)
    layer = TextLayer((LayerLine((span,), (0, 0, 1, 1)),), (Area("text", (0, 0, 1, 1)),), (OutlineEntry(1, "A", None),))
    sent = wire.Rendered(1, 2, (1.0, 2.0), layer, False, ("hm",))
    pipe = io.BytesIO()
    wire.send(pipe, sent, b"pixels")
    wire.send(pipe, 7)
    pipe.seek(0)
    assert wire.receive(pipe) == (sent, b"pixels")
    assert wire.receive(pipe) == (7, b"")
    with pytest.raises(EOFError):
        wire.receive(pipe)


@pytest.mark.parametrize("evil", [os.system, io.BytesIO, wire.pickle.Unpickler])
def test_nothing_that_could_run_is_taken_from_a_child(evil: object) -> None:
    pipe = io.BytesIO()
    wire.send(pipe, evil)
    pipe.seek(0)
    with pytest.raises(pickle.UnpicklingError, match="no part of a message"):
        wire.receive(pipe)


def test_a_message_of_absurd_length_is_refused() -> None:
    with pytest.raises(pickle.UnpicklingError, match="too long"):
        wire.receive(io.BytesIO(b"\xff" * 16))


@pytest.mark.parametrize("head", [b"", b"junk", b"\x80\x05.", b"\x80\x05K\x01b.", b"\x80\x05\x8c\xffab."])
def test_a_message_that_makes_no_sense_is_told_from_a_child_that_is_gone(head: bytes) -> None:
    with pytest.raises(pickle.UnpicklingError):
        wire.receive(io.BytesIO(wire.SIZES.pack(len(head), 0) + head))
