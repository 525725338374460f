"""A report before it is written in any format: paragraphs and tables, and the figure behind every cell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random

from benchmarks.corpus.older import local_figures, local_table, statistics_figures
from samples.figures import LAST_YEAR, Printed, figures
from samples.forms import Code, Layout, disclosure, load_form, proceedings, requests
from samples.forms.statistics import statistics

Block = str | Layout

PLACES = ("柳河县", "青石市", "云岭县", "白沙镇", "南坪乡", "东湖街道办事处")
OFFICES = ("人民政府", "财政局", "教育局", "水利局", "自然资源局", "市场监督管理局")
VOLUMES = (0, 2, 20, 120, 4000)
YEARS = {"2021": (2021, LAST_YEAR), "2019": (2019, 2020), "2014": (2014, 2018), "local": (2008, 2013)}
OLDER = {"2014": (statistics_figures, statistics()), "local": (local_figures, local_table())}
HEADINGS = {"2019": "五、政府信息公开工作存在的主要问题及改进情况", "2021": "五、存在的主要问题及改进情况"}


@dataclass(frozen=True, slots=True)
class Paper:
    """`printed` may hold more figures than are drawn; `truth` has those that the tables show. `cut` are those
    left out at the end of a line, where some formats show an empty cell.
    """

    publisher: str
    year: int
    form: str
    blocks: tuple[Block, ...]
    printed: Mapping[Code, Printed]
    cut: tuple[Code, ...] = ()
    shown: tuple[Code, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.publisher}{self.year}年政府信息公开工作年度报告"

    @property
    def truth(self) -> dict[Code, Printed]:
        return {code: self.printed[code] for code in (*self.codes(), *self.shown)}

    def filled(self) -> "Paper":
        """As a format shows it in which all lines of a table are equally long."""
        blanks = {code: Printed("", None, "blank") for code in self.cut}
        return replace(self, printed={**self.printed, **blanks}, shown=self.cut)

    def codes(self) -> Iterator[Code]:
        for layout in self.layouts():
            yield from (slot.code for row in layout for slot in row if slot.code)

    def layouts(self) -> tuple[Layout, ...]:
        return tuple(block for block in self.blocks if not isinstance(block, str))


def draw_paper(random: Random, form: str) -> Paper:
    """A report without any defect, as its form has it."""
    publisher = publisher_of(random)
    year = random.randint(*YEARS[form])
    volume = random.choice(VOLUMES)
    if form in OLDER:
        draw, tables = OLDER[form]
        return Paper(
            publisher, year, form, older_blocks(publisher, year, random, tables), draw(random, volume)
        )
    true = figures(publisher, year, volume)
    return Paper(publisher, year, form, blocks_of(publisher, year, form, random), true.cells)


def blocks_of(publisher: str, year: int, form: str, random: Random) -> tuple[Block, ...]:
    official = load_form(form)
    return (
        f"根据《中华人民共和国政府信息公开条例》的规定，现公布{publisher}{year}年政府信息公开工作年度报告。",
        "一、总体情况",
        f"{year}年，主动公开政府信息{random.randint(60, 3000)}条，开展培训{random.randint(1, 6)}次。",
        "二、主动公开政府信息情况",
        disclosure(official),
        "三、收到和处理政府信息公开申请情况",
        requests(official),
        "四、政府信息公开行政复议、行政诉讼情况",
        proceedings(),
        HEADINGS[form],
        "公开的内容还不够细致，下一步将加强学习。",
        "六、其他需要报告的事项",
        "无。",
        *signature(publisher, year, random),
    )


def older_blocks(publisher: str, year: int, random: Random, table: Layout) -> tuple[Block, ...]:
    """Before 2019 the prose came first, the table of figures after it."""
    return (
        f"根据《中华人民共和国政府信息公开条例》的规定，现公布{publisher}{year}年政府信息公开工作年度报告。",
        "一、概述",
        f"{year}年，本机关按照条例的要求，主动公开政府信息{random.randint(60, 3000)}条。",
        "二、主动公开政府信息情况",
        "主要通过门户网站和公报公开，内容有规划计划、机构人事和财政预算。",
        "三、存在的主要问题及改进情况",
        "公开的内容还不够细致，下一步将加强学习。",
        "四、政府信息公开情况统计表",
        table,
        *signature(publisher, year, random),
    )


def signature(publisher: str, year: int, random: Random) -> tuple[str, str]:
    return publisher, f"{year + 1}年1月{random.randint(5, 28)}日"


def publisher_of(random: Random) -> str:
    place = random.choice(PLACES)
    if place.endswith("办事处"):
        return place
    return place + ("人民政府" if place[-1] in "镇乡" else random.choice(OFFICES))
