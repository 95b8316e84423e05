"""Words and names that charts bear, drawn from the user's texts or from a few that charts often hold."""

from __future__ import annotations

import random
import re
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from vary_cli.data import text
from vary_cli.data.text import Texts

_ENGLISH = (
    "Sales Revenue Profit Cost Population Rainfall Temperature Output Exports Imports Visitors Users Orders Energy "
    "Coal Solar Wind Water Steel Wheat Rice Coffee Tea Cotton Oil Gas Cars Trains Flights Books Students Teachers "
    "Hospitals Budget Growth Share Price Demand Supply Stock Income Wages Rent Tax Debt Loans Savings Index Rate "
    "North South East West Central Online Retail Wholesale Service Research Design Marketing Support Logistics"
)
_CHINESE = (
    "销售额 收入 利润 成本 人口 降雨量 气温 产量 出口 进口 游客 用户 订单 能源 煤炭 太阳能 风能 水电 钢铁 小麦 水稻 "
    "咖啡 茶叶 棉花 石油 天然气 汽车 火车 航班 图书 学生 教师 医院 预算 增长率 份额 价格 需求 供给 库存 工资 房租 税收 "
    "债务 贷款 储蓄 指数 比例 华北 华南 华东 西部 中部 线上 零售 批发 服务 研发 设计 市场 客服 物流 北京 上海 广州 "
    "深圳 成都"
)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"

WORDS = {"en": _ENGLISH.split(), "zh": _CHINESE.split()}
MONTHS = {"en": _MONTHS.split(), "zh": [f"{month}月" for month in range(1, 13)]}
UNITS = {
    "en": ["", "%", "USD", "tons", "million", "kWh", "km", "people"],
    "zh": ["", "%", "万元", "吨", "亿元", "人", "公里", "度"],
}


@dataclass(frozen=True)
class Wording:
    """Where words come from: the user's files, or a few that charts often hold."""

    language: Literal["en", "zh"]
    drawable: Container[str]
    texts: Texts | None = None

    def word(self, chance: random.Random) -> str:
        """A short name."""
        if self.texts is None or chance.random() < 0.4:
            return chance.choice(WORDS[self.language])
        pattern = r"\b[A-Za-z][a-z]{2,12}\b(?: [a-z]{2,10}\b)?" if self.language == "en" else r"[\u4e00-\u9fff]{2,6}"
        said = self.texts.paragraph(chance, self.language == "zh")
        found = [
            word for word in re.findall(pattern, said) if all(char in self.drawable for char in word if char != " ")
        ]
        return chance.choice(found) if found else chance.choice(WORDS[self.language])

    def title(self, chance: random.Random) -> str:
        """A few names together."""
        words = [self.word(chance) for _ in range(chance.randint(2, 4))]
        return "".join(words) if self.language == "zh" else " ".join(words)

    def several(self, chance: random.Random, count: int) -> tuple[str, ...]:
        """Names that are all different."""
        found = dict.fromkeys(self.word(chance) for _ in range(count * 6))
        return tuple(found)[:count]


def wording(paths: tuple[Path, ...], chinese: bool, drawable: Container[str]) -> Wording:
    """Words of a language out of the files, if there are any."""
    return Wording("zh" if chinese else "en", drawable, text.load(paths) if paths else None)
