"""Where the marks of a chart stand, told by the axis that measures them."""

from __future__ import annotations

from vary_cli.charts.axes import Axis
from vary_cli.charts.scene import Scene
from vary_cli.document import Box

BEYOND = 0.6  # of a step; so far may the base lie from its number as it was measured


def upright(found: Scene) -> Box | None:
    """The plot of a chart whose values grow upwards."""
    axis = found.left
    if axis is None:
        return None
    height, width, _ = found.canvas.pixels.shape
    scale = axis.scale
    bottom = min(scale.zero + BEYOND * scale.step, scale.last + scale.step)
    right = found.right.box[0] - 1 if found.right else float(width)
    return axis.box[2] + 1, max(0.0, scale.first - scale.step), right, min(float(height), bottom)


def lying(found: Scene) -> Box | None:
    """The plot of a chart whose values grow to the right."""
    axis = found.bottom
    if axis is None:
        return None
    scale = axis.scale
    left = max(scale.zero - BEYOND * scale.step, scale.first - scale.step)
    return max(0.0, left), 0.0, min(float(found.canvas.pixels.shape[1]), scale.last + scale.step), axis.box[1] - 1


def measuring(found: Scene, series: int, count: int) -> Axis:
    """The upright axis of a series: of two, the one at the right measures the last, as is the custom."""
    assert found.left is not None
    return found.right if found.right is not None and count > 1 and series == count - 1 else found.left
