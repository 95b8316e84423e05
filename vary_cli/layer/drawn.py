"""What is drawn on a page beside text: rulings, shaded boxes, pictures. Knows not what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pymupdf

from vary_cli import boxes
from vary_cli.document import Box

THIN = 2.6
"""Points: what is thinner is a line."""
SMALLEST = 16.0
"""Points: pictures that are smaller in either direction are ornaments."""
GAP = 6.0
"""Points between the parts of one drawing."""
MOST_PATHS = 4000
"""Pages with more are maps and plots: their paths are not looked at one by one."""
WHITE = 0.985


@dataclass(frozen=True)
class Marks:
    """What is drawn on a page, in points of the page as it is shown."""

    rules: tuple[Box, ...] = ()
    shades: tuple[Box, ...] = ()
    images: tuple[Box, ...] = ()
    """Embedded pictures alone."""
    pictures: tuple[Box, ...] = ()
    """Embedded pictures and clusters of drawings."""


def marks(page: pymupdf.Page) -> Marks:
    """All that is drawn on a page."""
    turn, frame = page.rotation_matrix, pymupdf.Rect(0, 0, page.rect.width, page.rect.height)
    images = [box for info in page.get_image_info() if (box := _shown(pymupdf.Rect(info["bbox"]), turn, frame))]
    log = [
        (kind, pymupdf.Rect(box))
        for kind, box, *_ in page.get_bboxlog()
        if kind in ("fill-path", "stroke-path", "fill-shade")
    ]
    if len(log) > MOST_PATHS:
        art = [box for _, rect in log if (box := _shown(rect, turn, frame)) and not _is_page(box, frame)]
        return Marks(images=tuple(images), pictures=tuple(_pictures(images, boxes.merged(art, GAP), ())))
    rules: list[Box] = []
    shades: list[Box] = []
    art = [box for kind, rect in log if kind == "fill-shade" and (box := _shown(rect, turn, frame))]
    for path, window in _clipped(page):
        for kind, rect in _parts(path, window):
            box = _shown(rect, turn, frame)
            if box is not None and not _is_page(box, frame):
                {"rule": rules, "shade": shades, "art": art}[kind].append(box)
    return Marks(
        tuple(rules), tuple(shades), tuple(images), tuple(_pictures(images, boxes.merged(art, GAP), (*rules, *shades)))
    )


def _clipped(page: pymupdf.Page) -> Iterator[tuple[dict[str, Any], pymupdf.Rect]]:
    """The paths of a page, each with the window through which it is seen."""
    windows: list[pymupdf.Rect] = []
    for path in page.get_drawings(extended=True):
        del windows[path["level"] :]
        if path["type"] in ("f", "s", "fs"):
            yield path, windows[-1] if windows else pymupdf.INFINITE_RECT()
        else:
            inner = pymupdf.Rect(path["scissor"]) if path["type"] == "clip" else pymupdf.INFINITE_RECT()
            windows.append(inner & windows[-1] if windows else inner)


def _shown(rect: pymupdf.Rect, turn: pymupdf.Matrix, frame: pymupdf.Rect) -> Box | None:
    """The part of a box that lies on the page as it is shown; None if none does."""
    if rect.x1 < rect.x0 or rect.y1 < rect.y0:
        return None
    box = rect * turn
    x0, y0, x1, y1 = max(box.x0, 0.0), max(box.y0, 0.0), min(box.x1, frame.x1), min(box.y1, frame.y1)
    return (x0, y0, x1, y1) if x0 <= x1 and y0 <= y1 else None


def _is_page(box: Box, frame: pymupdf.Rect) -> bool:
    return bool((box[2] - box[0]) * (box[3] - box[1]) > 0.9 * frame.width * frame.height)


def _parts(path: dict[str, Any], window: pymupdf.Rect) -> Iterator[tuple[str, pymupdf.Rect]]:
    """A path's parts and what each is: a rule, a shade, or art. What is white cannot be seen."""
    stroked = path.get("color") is not None and min(path["color"]) < WHITE and path.get("stroke_opacity") != 0
    filled = path.get("fill") is not None and min(path["fill"]) < WHITE and path.get("fill_opacity") != 0
    if not (stroked or filled):
        return
    if any(item[0] == "c" or (item[0] == "l" and not _is_straight(item)) for item in path["items"]):
        yield "art", _within(path["rect"], window)
        return
    if filled and all(item[0] == "l" for item in path["items"]):
        seen = _within(path["rect"], window)
        yield _area(seen), seen
        return
    for item in path["items"]:
        if item[0] == "l":
            yield "rule", _within(pymupdf.Rect(item[1], item[2]).normalize(), window)
        else:
            yield from _rectangle(item, window, filled)


def _within(rect: pymupdf.Rect, window: pymupdf.Rect) -> pymupdf.Rect:
    """The part of a rectangle that is seen through a window; turned inside out if none is."""
    return pymupdf.Rect(
        max(rect.x0, window.x0), max(rect.y0, window.y0), min(rect.x1, window.x1), min(rect.y1, window.y1)
    )


def _is_straight(item: tuple[Any, ...]) -> bool:
    return bool(abs(item[1].x - item[2].x) < 1 or abs(item[1].y - item[2].y) < 1)


def _area(rect: pymupdf.Rect) -> str:
    return "rule" if min(rect.width, rect.height) <= THIN else "shade"


def _rectangle(item: tuple[Any, ...], window: pymupdf.Rect, filled: bool) -> Iterator[tuple[str, pymupdf.Rect]]:
    """A rectangle: a thin one is a rule, a filled one a shade, others are four rules."""
    rect = item[1].rect if item[0] == "qu" else item[1].normalize() if item[0] == "re" else pymupdf.Rect(item[1])
    seen = _within(rect, window)
    if filled or min(seen.width, seen.height) <= THIN:
        yield _area(seen), seen
        return
    x0, y0, x1, y1 = rect.x0, rect.y0, rect.x1, rect.y1
    edges = ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))
    yield from (("rule", _within(pymupdf.Rect(edge), window)) for edge in edges)


def _pictures(images: Iterable[Box], drawings: Iterable[Box], straight: Iterable[Box]) -> Iterator[Box]:
    """Pictures large enough to be shown. Straight parts that touch a drawing and do not reach far out belong to it."""
    grown = [_grown(drawing, straight) for drawing in drawings]
    for box in boxes.merged([*images, *grown], 1.0):
        if min(box[2] - box[0], box[3] - box[1]) >= SMALLEST:
            yield box


def _grown(drawing: Box, straight: Iterable[Box]) -> Box:
    width, height = drawing[2] - drawing[0], drawing[3] - drawing[1]
    near = [
        b
        for b in straight
        if boxes.meets(b, drawing, GAP) and b[2] - b[0] <= 1.5 * width and b[3] - b[1] <= 1.5 * height
    ]
    return boxes.hull([drawing, *near])
