"""On which grounds requests are refused, by level of government.

.venv/bin/python -m examples.refusals RELEASE refusals.png
"""

from pathlib import Path

import duckdb
import polars as pl

from examples.study import COLOURS, figure, show, source_of, study

# The eight grounds of 不予公开 in the forms of 2019 and 2021, which mean the same in both. A share is the
# ratio of the sums: a body with two requests must not weigh as much as one with two thousand.
GROUNDS = """
    SELECT r.level, split_part(s.measure, '.', 3) AS ground, sum(s.value) AS requests
    FROM series s JOIN coverage c USING (report_id) JOIN reports r USING (report_id)
    WHERE s.measure LIKE 'requests.denied.%.total' AND s.comparable AND s.form IN ('2019', '2021')
    GROUP BY ALL ORDER BY ground, r.level
"""
LEVELS = {
    "ministry": "国务院部门 ministries",
    "province": "省 provinces",
    "prefecture": "市 prefectures",
    "county": "县 counties",
    "township": "乡镇 townships",
    "department": "部门 departments",
}
NAMES = {
    "state_secret": "国家秘密 state secret",
    "law_prohibits": "法律法规禁止 law forbids",
    "security_stability": "三安全一稳定 security, stability",
    "third_party": "第三方权益 third parties",
    "internal_affairs": "内部事务 internal affairs",
    "deliberative": "过程性信息 deliberation",
    "enforcement_file": "执法案卷 enforcement files",
    "administrative_inquiry": "行政查询 registers",
}


@study
def main(connection: duckdb.DuckDBPyConnection, out: Path) -> None:
    """What part of all refusals each ground has, at each level."""
    counts = connection.sql(GROUNDS).pl()
    shares = counts.with_columns(share=100 * pl.col("requests") / pl.col("requests").sum().over("level"))
    table = shares.pivot("level", index="ground", values="share").fill_nan(0).fill_null(0)
    show(table)
    levels = [level for level in LEVELS if level in table.columns]
    totals = dict(counts.group_by("level").agg(pl.col("requests").sum()).iter_rows())
    widths = {ground: row for ground, *row in table.select("ground", *levels).iter_rows()}
    with figure(out, "不予公开的理由，按机关层级（占不予公开总数 %）", source_of(connection)) as axes:
        left = [0.0] * len(levels)
        for colour, (ground, words) in zip(COLOURS, NAMES.items(), strict=True):
            here = widths.get(ground, [0.0] * len(levels))
            axes.barh(levels, here, left=left, color=colour, label=words, height=0.62)
            left = [so_far + width for so_far, width in zip(left, here, strict=True)]
        axes.set_yticks(range(len(levels)), [f"{LEVELS[each]}\n{totals[each]:,.0f} 件" for each in levels])
        axes.invert_yaxis()
        axes.set_xlim(0, 100)
        axes.set_xlabel("%")
        axes.legend(frameon=False, ncols=4, fontsize=7, loc="upper left", bbox_to_anchor=(-0.22, -0.12))


if __name__ == "__main__":
    main()
