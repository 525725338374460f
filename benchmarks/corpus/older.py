"""Papers of the years before 2019: a list of indicators, the official one or one of the body's own."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from random import Random

from samples.figures import Printed
from samples.forms import Code, Layout, Slot
from samples.forms.statistics import indicators

Counts = dict[str, Decimal]

SUMS = {  # an indicator and the indicators that add up to it, where the form says so
    "received.total": ("received.in_person", "received.fax", "received.online", "received.letter"),
    "concluded.total": ("concluded.on_time", "concluded.extended"),
    "replied.denied": (
        "denied.state_secret",
        "denied.trade_secret",
        "denied.privacy",
        "denied.security_stability",
        "denied.not_government_information",
        "denied.other_law",
    ),
    "replied.total": (
        "replied.already_public",
        "replied.granted",
        "replied.partial",
        "replied.denied",
        "replied.not_this_agency",
        "replied.nonexistent",
        "replied.amend_request",
        "replied.other_channel",
    ),
    "reconsideration.total": ("reconsideration.upheld", "reconsideration.corrected", "reconsideration.other"),
    "litigation.total": ("litigation.upheld", "litigation.corrected", "litigation.other"),
    "capacity.staff": ("capacity.staff_full_time", "capacity.staff_part_time"),
}
WHOLES = {  # an indicator that is part of another
    "proactive.normative_documents_published": "proactive.published",
    "response.press_conferences_by_chief": "response.press_conferences",
    "response.online_interviews_by_chief": "response.online_interviews",
}
LOCAL_HEADS = ("累计数", "本年发生数")
LOCAL_GROUPS = {
    "人员配置": ("1.从事信息公开工作人员数", "其中：⑴专职工作人员数", "⑵兼职工作人员数"),
    "学习培训": ("2.举办培训次数", "3.参加培训人次数"),
    "公开数量": ("4.公开信息总数★", "⑴规范性文件类信息数", "⑵规划计划和完成情况类信息数", "⑶其他类信息数"),
    "公开形式": ("5.在信息公开专栏发布信息数", "6.在公报发布信息数", "7.召开新闻发布会次数"),
    "申请情况": ("8.申请总数", "⑴当面提出申请数", "⑵网上提出申请数", "⑶信函提出申请数"),
    "答复情况": ("9.答复总数", "⑴全部公开数", "⑵部分公开数", "⑶不予公开数", "⑷非本单位信息数"),
    "复议诉讼": ("10.被申请复议数", "11.被提起诉讼数", "12.被举报数"),
    "收费情况": ("13.收取检索费（元）", "14.收取邮寄费（元）", "15.收取复制费（元）"),
}


def statistics_figures(random: Random, volume: int) -> Mapping[Code, Printed]:
    """Figures of the 58 indicators that add up as the table of 2014 says."""
    counts: Counts = {each.code: Decimal(random.randint(0, volume)) for each in indicators()}
    for part, whole in WHOLES.items():
        counts[part] = Decimal(random.randint(0, int(counts[whole])))
    for total, parts in SUMS.items():
        counts[total] = sum((counts[part] for part in parts), Decimal(0))
    for amount in ("fees.amount", "capacity.budget"):
        counts[amount] = Decimal(random.randint(0, volume * 90)) / 100
    return {("statistics", code, "value"): printed(value) for code, value in counts.items()}


def printed(value: Decimal) -> Printed:
    return Printed(f"{value.normalize():f}", value)


def local_figures(random: Random, volume: int) -> Mapping[Code, Printed]:
    """What has not been counted before is 不填."""

    def figure() -> Printed:
        value = Decimal(random.randint(0, volume))
        return Printed("不填", None, "not_applicable") if random.random() < 0.05 else printed(value)

    return {("local", label, head): figure() for label in local_labels() for head in LOCAL_HEADS}


def local_labels() -> Iterator[str]:
    for labels in LOCAL_GROUPS.values():
        yield from labels


def local_table() -> Layout:
    """A label for each group at its side, two columns of figures."""
    return ((Slot("指标", column_span=2), *map(Slot, LOCAL_HEADS)), *local_lines())


def local_lines() -> Iterator[tuple[Slot, ...]]:
    for group, labels in LOCAL_GROUPS.items():
        for number, label in enumerate(labels):
            side = (Slot(group, row_span=len(labels)),) if number == 0 else ()
            yield (*side, Slot(label), *(Slot(code=("local", label, head)) for head in LOCAL_HEADS))
