"""A report before it is written in any format: paragraphs and tables, and the figure behind every cell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from samples.figures import FIRST_YEAR, LAST_YEAR, Printed, figures
from samples.forms import Code, Layout, disclosure, load_form, proceedings, requests

Block = str | Layout

PLACES = ("柳河县", "青石市", "云岭县", "白沙镇", "南坪乡", "东湖街道办事处")
OFFICES = ("人民政府", "财政局", "教育局", "水利局", "自然资源局", "市场监督管理局")
VOLUMES = (0, 2, 20, 120, 4000)
HEADINGS = {"2019": "五、政府信息公开工作存在的主要问题及改进情况", "2021": "五、存在的主要问题及改进情况"}


@dataclass(frozen=True, slots=True)
class Paper:
    """`printed` may hold more figures than are drawn; `truth` has those that the tables show."""

    publisher: str
    year: int
    form: str
    blocks: tuple[Block, ...]
    printed: Mapping[Code, Printed]

    @property
    def title(self) -> str:
        return f"{self.publisher}{self.year}年政府信息公开工作年度报告"

    @property
    def truth(self) -> dict[Code, Printed]:
        return {code: self.printed[code] for code in self.codes()}

    def codes(self) -> Iterator[Code]:
        for layout in self.layouts():
            yield from (slot.code for row in layout for slot in row if slot.code)

    def layouts(self) -> tuple[Layout, ...]:
        return tuple(block for block in self.blocks if not isinstance(block, str))


def draw_paper(random: Random) -> Paper:
    """A report without any defect, as the official form has it."""
    publisher = publisher_of(random)
    year = random.randint(FIRST_YEAR, LAST_YEAR)
    true = figures(publisher, year, random.choice(VOLUMES))
    form = load_form(true.form)
    return Paper(
        publisher,
        year,
        true.form,
        (
            f"根据《中华人民共和国政府信息公开条例》的规定，现公布{publisher}{year}年政府信息公开工作年度报告。",
            "一、总体情况",
            f"{year}年，主动公开政府信息{random.randint(60, 3000)}条，开展培训{random.randint(1, 6)}次。",
            "二、主动公开政府信息情况",
            disclosure(form),
            "三、收到和处理政府信息公开申请情况",
            requests(form),
            "四、政府信息公开行政复议、行政诉讼情况",
            proceedings(),
            HEADINGS[true.form],
            "公开的内容还不够细致，下一步将加强学习。",
            "六、其他需要报告的事项",
            "无。",
            publisher,
            f"{year + 1}年1月{random.randint(5, 28)}日",
        ),
        true.cells,
    )


def publisher_of(random: Random) -> str:
    place = random.choice(PLACES)
    if place.endswith("办事处"):
        return place
    return place + ("人民政府" if place[-1] in "镇乡" else random.choice(OFFICES))
