"""The page around what is shown as it is read."""

from browse.snapshots.harmless import HERE, MARK

STYLE = f"""body {{ font: 16px/1.6 system-ui, "Noto Sans CJK SC", sans-serif; margin: 1rem; color: #1d1d1f;
  background: #fff; }} pre {{ white-space: pre-wrap; font: inherit; }} p {{ max-width: 46rem; }}
table {{ border-collapse: collapse; margin: 1rem 0; }} td {{ border: 1px solid #bbb; padding: .2rem .5rem; }}
{MARK}
.sheet {{ position: relative; max-width: 62rem; margin: 0 auto; border: 1px solid #bbb; }}
.sheet img {{ display: block; width: 100%; }} .box {{ position: absolute; border: 3px solid #c00; }}
.box#{HERE} {{ background: #ffeb3b55 !important; outline: none !important; }}
nav {{ margin: .5rem 0; line-height: 2; }} nav > * {{ padding: 0 .4rem; }}"""


def whole(inside: str) -> str:
    return (
        '<!doctype html>\n<html lang="zh"><head><meta charset="utf-8"><title>年报</title>'
        f"<style>{STYLE}</style></head><body>{inside}</body></html>\n"
    )
