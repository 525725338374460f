"""The measures of `series` and the ratios, with what they are made of."""

from collections.abc import Mapping
from functools import cache

from extract.forms.crosswalk import crosswalk
from manual.markdown import code, table
from manual.speech import Language, begun, page_words
from pipeline.codebook import dictionary
from storage.export.codebook import MeasureRow


def measures(language: Language) -> str:
    words = page_words("measures", language)
    found = [(each, row_of(each, language)) for each in dictionary().measures]
    series = [row for each, row in found if each.kind == "series"]
    ratios = [row for each, row in found if each.kind != "series"]
    return (
        f"{begun(words)}\n## {words['ratios']}\n\n{table(words['head'], ratios)}\n"
        f"## {words['series']}\n\n{table(words['head'], series)}"
    )


def row_of(each: MeasureRow, language: Language) -> tuple[str, ...]:
    forms = ", ".join(differing().get(each.measure, ()))
    differs = page_words("measures", language)["differs"].format(forms) if forms else ""
    name = each.zh if language == "zh" else each.en
    return code(each.measure), name, each.formula, "; ".join(filter(None, (differs, each.note)))


@cache
def differing() -> Mapping[str, tuple[str, ...]]:
    """The forms in which a measure is another quantity."""
    found: dict[str, dict[str, None]] = {}
    for each in crosswalk():
        if not each.comparable:
            found.setdefault(each.code, {})[each.form] = None
    return {name: tuple(forms) for name, forms in found.items()}
