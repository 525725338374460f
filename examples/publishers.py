"""Who publishes late, and who not at all.

.venv/bin/python -m examples.publishers RELEASE publishers.png
"""

from pathlib import Path

import duckdb

from examples.study import figure, show, source_of, study

# `missing` is not found, which is not the same as not published: QUALITY.md. So each year is shown whole.
STATES = {
    "found": ("按期 in time", "#5d8a66"),
    "late": ("逾期 late", "#d4a017"),
    "unreadable": ("不可读 unreadable", "#7d6b91"),
    "blocked": ("网站拒绝访问 blocked", "#85929e"),
    "missing": ("未见 not found", "#c0392b"),
}
YEARS = "SELECT year, state, count(*) AS bodies FROM coverage GROUP BY ALL ORDER BY year, state"
WORST = """
    SELECT publisher, region_code, count(*) FILTER (state = 'missing') AS missing,
        count(*) FILTER (state = 'late') AS late, count(*) AS years
    FROM coverage GROUP BY ALL HAVING missing + late > 0
    ORDER BY missing DESC, late DESC, publisher, region_code LIMIT 15
"""


@study
def main(connection: duckdb.DuckDBPyConnection, out: Path) -> None:
    """Bodies by year: in time, late, or not found; and the fifteen with the most gaps."""
    years = connection.sql(YEARS).pl().pivot("state", index="year", values="bodies").fill_null(0).sort("year")
    show(years)
    show(connection.sql(WORST).pl())
    with figure(out, "应当公布年度报告的机关：按期、逾期与未见", source_of(connection)) as axes:
        below = [0] * years.height
        for state, (words, colour) in STATES.items():
            if state in years.columns:
                heights = years[state].to_list()
                axes.bar(years["year"], heights, bottom=below, color=colour, label=words, width=0.7)
                below = [so_far + height for so_far, height in zip(below, heights, strict=True)]
        axes.set_xticks(years["year"].to_list())
        axes.set_ylabel("机关 bodies")
        axes.legend(frameon=False, loc="upper left")


if __name__ == "__main__":
    main()
