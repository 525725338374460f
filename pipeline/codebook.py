"""What the forms say of their cells and measures, as a release keeps it."""

from collections import defaultdict
from typing import Any

from extract.forms.codebook import CodebookCell, Ratio, codebook, english_measure, ratios
from extract.forms.crosswalk import crosswalk
from pipeline.show import meanings
from settings.tables import load_toml
from storage.export.codebook import CodebookEntry, Dictionary, MeasureRow, told_columns
from storage.export.quality import Accuracy, Measured
from storage.meanings import Column


def dictionary() -> Dictionary:
    measures = (*series_measures(), *map(ratio_measure, ratios()))
    return Dictionary(tuple(map(entry, codebook())), measures, accuracy(), meanings())


def accuracy() -> Accuracy:
    """As benchmarks/corpus/accuracy.py measured it."""
    told = load_toml("extract", "accuracy.toml")
    return Accuracy(told["extractor"], tuple(Measured(**each) for each in told["measured"]))


def entry(cell: CodebookCell) -> CodebookEntry:
    words = f"{cell.group} {cell.row_label}：{cell.col_label}".strip()
    return CodebookEntry(
        (cell.form, cell.table_code, cell.row_code, cell.col_code),
        Column(cell.variable, words, cell.english, "number", cell.unit),
        cell.checks,
        tuple(spelled(getattr(cell, name)) for name in told_columns()),
    )


def spelled(value: Any) -> Any:
    """Several words as one text: a list of words, or of a check's rule and scope."""
    if not isinstance(value, tuple):
        return value
    return " ".join(each if isinstance(each, str) else ":".join(each) for each in value)


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
