"""ECharts in Node: a chart's description goes in, its SVG comes out. Nothing is loaded from the network.

Needs Node and the npm package echarts.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from vary_cli.errors import DependencyError

SCRIPT = """
const echarts = require('echarts');
require('readline').createInterface({input: process.stdin}).on('line', line => {
  const {width, height, option, theme} = JSON.parse(line);
  const chart = echarts.init(null, theme, {renderer: 'svg', ssr: true, width, height});
  chart.setOption(option);
  console.log(JSON.stringify(chart.renderToSVGString()));
  chart.dispose();
});
"""
"""Reads a chart a line, writes its SVG a line."""


class Node:
    """A Node process that draws charts, started at the first."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None

    def draw(self, option: dict[str, Any], width: int, height: int) -> str:
        """A chart as SVG. Raises DependencyError if Node or ECharts is missing."""
        if self.process is None:
            self.process = start()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        asked = {"width": width, "height": height, "option": option, "theme": None}
        try:
            self.process.stdin.write(json.dumps(asked) + "\n")
            self.process.stdin.flush()
            svg: str = json.loads(self.process.stdout.readline())
        except (OSError, ValueError) as error:
            hint = "try: node -e \"require('echarts')\", and npm install echarts"
            raise DependencyError("Node could not draw a chart with ECharts", hint) from error
        return svg

    def __del__(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()


def start() -> subprocess.Popen[str]:
    """Node, ready to draw. Raises DependencyError."""
    node = shutil.which("node")
    if node is None:
        raise DependencyError("Node is not installed", "install nodejs and npm, then: npm install echarts")
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [node, "-e", SCRIPT], cwd=modules(), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
    )


@functools.cache
def modules() -> Path:
    """A folder from which Node finds ECharts: here or above, in NODE_PATH, or for all users. Raises DependencyError."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "node_modules" / "echarts").is_dir():
            return folder
    stated = [Path(part) for part in os.environ.get("NODE_PATH", "").split(os.pathsep) if part]
    for folder in (*stated, *everywhere()):
        if (folder / "echarts").is_dir():
            return folder / "echarts"  # a package finds itself by its own name
    hint = "npm install echarts, in this folder or one above it; or npm install -g echarts"
    raise DependencyError("the npm package echarts is not installed", hint)


def everywhere() -> list[Path]:
    """Where npm keeps the packages of all users, if there is npm."""
    npm = shutil.which("npm")
    told = (
        subprocess.run([npm, "root", "-g"], capture_output=True, text=True, check=False).stdout.strip() if npm else ""
    )
    return [Path(told)] if told else []
