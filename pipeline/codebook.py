"""What the forms say of their cells and measures, as a release keeps it."""

from collections import defaultdict
from dataclasses import asdict

from extract.forms.codebook import Ratio, codebook, english_measure, ratios
from extract.forms.crosswalk import crosswalk
from storage.export.codebook import CodebookRow, Dictionary, MeasureRow


def dictionary() -> Dictionary:
    cells = tuple(
        CodebookRow(**asdict(cell) | {"forms": " ".join(cell.forms), "measures": " ".join(cell.measures)})
        for cell in codebook()
    )
    return Dictionary(cells, (*series_measures(), *map(ratio_measure, ratios())))


def series_measures() -> tuple[MeasureRow, ...]:
    """Each measure of the crosswalk once; its formula says of which cells it is made in each form."""
    formulas: dict[str, list[str]] = defaultdict(list)
    notes: dict[str, list[str]] = defaultdict(list)
    labels: dict[str, str] = {}
    for each in crosswalk():
        labels[each.code] = each.label
        formulas[each.code].append(f"{each.form}: {' + '.join(map('/'.join, each.cells))}")
        if each.note and f"{each.form}: {each.note}" not in notes[each.code]:
            notes[each.code].append(f"{each.form}: {each.note}")
    return tuple(
        MeasureRow(
            code, "series", label, english_measure(code), "; ".join(formulas[code]), "；".join(notes[code])
        )
        for code, label in labels.items()
    )


def ratio_measure(ratio: Ratio) -> MeasureRow:
    formula = f"({' + '.join(ratio.over)}) / ({' + '.join(ratio.under)})"
    return MeasureRow(ratio.code, f"ratio of {ratio.of}", ratio.zh, ratio.en, formula, ratio.note)
