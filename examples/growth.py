"""How requests for information grow, year by year.

.venv/bin/python -m examples.growth RELEASE growth.png
"""

from pathlib import Path

import duckdb

from examples.study import COLOURS, figure, show, source_of, study

# More bodies are found every year, so a plain sum would grow by itself. Each year is held against the year
# before for those bodies alone that have both; a body counts once a year, by the page that is in `coverage`.
PAIRS = """
    WITH received AS (
        SELECT s.publisher, s.region_code, s.year, s.value
        FROM series s JOIN coverage c USING (report_id)
        WHERE s.measure = 'requests.received.total' AND s.comparable AND s.value IS NOT NULL
    )
    SELECT now.year, count(*) AS bodies, sum(before.value) AS before, sum(now.value) AS received,
        round(100 * (sum(now.value) / nullif(sum(before.value), 0) - 1), 1) AS growth
    FROM received now
    JOIN received before ON before.publisher = now.publisher AND before.year = now.year - 1
        AND before.region_code IS NOT DISTINCT FROM now.region_code  -- ministries have none
    GROUP BY now.year ORDER BY now.year
"""


@study
def main(connection: duckdb.DuckDBPyConnection, out: Path) -> None:
    """Requests received by bodies that reported both years, and how much more than the year before."""
    pairs = connection.sql(PAIRS).pl()
    show(pairs)
    years = pairs["year"].to_list()
    with figure(out, "新收政府信息公开申请：连续两年均有报告的机关", source_of(connection)) as axes:
        axes.bar(
            [year - 0.2 for year in years],
            pairs["before"],
            0.38,
            color="#aeb6bf",
            label="上年 the year before",
        )
        axes.bar(
            [year + 0.2 for year in years], pairs["received"], 0.38, color=COLOURS[0], label="本年 the year"
        )
        for year, top, growth, bodies in pairs.select("year", "received", "growth", "bodies").iter_rows():
            sign = "–" if growth is None else f"{growth:+.0f} %"
            axes.annotate(f"{sign}\n{bodies} 家", (year + 0.2, top), ha="center", va="bottom", fontsize=8)
        axes.set_xticks(years)
        axes.set_ylabel("件 requests")
        axes.margins(y=0.15)
        axes.legend(frameon=False, loc="upper left")


if __name__ == "__main__":
    main()
