"""What a chart says, and the words in which that is told: Vary's python-dict (paper, section 3.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vary_cli.errors import InputError

OPENING = "The dict of the chart is:"
Points = list[tuple[float, float]]
Numbers = dict[str, float] | Points


class Unreadable(InputError):
    """A chart whose values cannot be told."""

    code = "chart_unreadable"


@dataclass(frozen=True)
class Facts:
    """One chart."""

    kind: str
    values: Mapping[str, Numbers]
    """Series by name; a single one may have none."""
    title: str = ""
    x_title: str = ""
    y_title: str = ""
    second_title: str = ""
    """Of the axis at the right."""

    def told(self) -> dict[str, Any]:
        """As a dict, less what the chart does not say."""
        axes = {"x title": self.x_title, "y title": self.y_title, "second y title": self.second_title}
        named = {key: value for key, value in axes.items() if value}
        values = self.values[""] if list(self.values) == [""] else dict(self.values)
        return {"title": self.title, "type": self.kind, **named, "values": values}


def answer(charts: Sequence[Facts], title: str = "") -> str:
    """What is said of a picture: the dict of its chart, or of several under a common title."""
    told = charts[0].told() if len(charts) == 1 else {"title": title, "charts": [chart.told() for chart in charts]}
    return f"{OPENING}\n{told!r}"
