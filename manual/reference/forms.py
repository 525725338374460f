"""The official forms cell by cell; English from the codebook."""

from collections.abc import Iterator

from extract.forms.codebook import CodebookCell, codebook
from extract.forms.model import Form, Table, official_forms
from manual.markdown import code, table
from manual.speech import Language, begun, page_words


def forms(language: Language) -> str:
    parts = [section(form, language) for form in official_forms()]
    return "\n".join([begun(page_words("forms", language)), *parts])


def section(form: Form, language: Language) -> str:
    words = page_words("forms", language)
    facts = words["facts"].format(
        notice=form.notice, since=form.since, tables=len(form.tables), cells=form.expected
    )
    tables = "\n".join(one_table(form, each, language) for each in form.tables)
    return f"## {words['form'].format(form.code)}\n\n{facts}\n\n{tables}"


def one_table(form: Form, each: Table, language: Language) -> str:
    words = page_words("forms", language)
    cells = [cell for cell in codebook() if (cell.form, cell.table_code) == (form.code, each.code)]
    columns = {cell.col_code: column_words(cell, language) for cell in cells}
    named = [(code(name), said) for name, said in columns.items()]
    return (
        f"### {form.code}: {code(each.code)} {each.heading}\n\n{table(words['columns'], named)}\n"
        f"{table(words['head'], rows(cells, language))}"
    )


def rows(cells: list[CodebookCell], language: Language) -> Iterator[tuple[str, ...]]:
    """Each row once, with the columns it has."""
    for name in dict.fromkeys(cell.row_code for cell in cells):
        own = [cell for cell in cells if cell.row_code == name]
        columns = " ".join(code(cell.col_code) for cell in own)
        units = " ".join(dict.fromkeys(cell.unit for cell in own))
        yield code(name), row_words(own[0], language), columns, units, own[0].basis


def row_words(cell: CodebookCell, language: Language) -> str:
    english, _, _ = cell.english.rpartition(": ")
    return label(f"{cell.group} {cell.row_label}".strip(), english, language)


def column_words(cell: CodebookCell, language: Language) -> str:
    _, _, english = cell.english.rpartition(": ")
    return label(cell.col_label, english, language)


def label(printed: str, english: str, language: Language) -> str:
    """As printed; for English readers with the English below."""
    return printed if language == "zh" else f"{printed}<br>{english}"
