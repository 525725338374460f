"""The tables that others rely on, from storage/views.toml, and the questions asked most."""

from browse.words import all_words
from manual.markdown import code, table
from manual.speech import Language, begun, page_words
from storage.meanings import Meaning, load_meanings
from storage.questions import Question, load_questions


def tables(language: Language) -> str:
    words = page_words("tables", language)
    parts = [section(meaning, language) for meaning in load_meanings().values()]
    asked = [question(each, language) for each in load_questions().values()]
    return "\n".join([begun(words), *parts, f"## {words['asked']}\n", *asked])


def section(meaning: Meaning, language: Language) -> str:
    is_chinese = language == "zh"
    rows = [
        (code(column.name), column.zh if is_chinese else column.en, column.kind, column.unit)
        for column in meaning.columns
    ]
    says = meaning.zh if is_chinese else meaning.en
    head = page_words("tables", language)["head"]
    return f"## {meaning.name}\n\n{says}\n\n{keys(meaning, language)}\n\n{table(head, rows)}"


def keys(meaning: Meaning, language: Language) -> str:
    words = page_words("tables", language)
    key = [f"{words['key']}: {', '.join(map(code, meaning.key))}"] if meaning.key else []
    refers = [f"{words['refers']}: {code(each.table)} ({', '.join(each.columns)})" for each in meaning.refers]
    return " · ".join(key + refers)


def question(each: Question, language: Language) -> str:
    said = all_words()[f"question_{each.name}"][language]
    return f"### {said}\n\n```sql\n{each.sql.strip()}\n```\n"
