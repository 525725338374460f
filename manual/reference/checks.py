"""The rules that figures are held against: those of extract/checks, and those across years."""

from extract.checks import CHECKS, PROSE_CHECKS
from extract.forms.model import Form, official_forms
from manual.markdown import code, table
from manual.speech import Language, agree, begun, page_words, topic


def checks(language: Language) -> str:
    said, words = topic("checks"), page_words("checks", language)
    there = rules()
    agree("manual/words/checks.toml", said, there)
    rows = [
        (code(rule), *said[rule][language], said[rule]["severity"], " ".join(forms) or words["all"])
        for rule, forms in there.items()
    ]
    return f"{begun(words)}\n{table(words['head'], rows)}"


def rules() -> dict[str, list[str]]:
    """Every rule with the forms that state it; one that none states holds for all."""
    of_reports = [rule.__name__ for rule in (*CHECKS, *PROSE_CHECKS)]
    stated = {form.code: rules_in(form) for form in official_forms()}
    names = dict.fromkeys([*of_reports, *(rule for rules in stated.values() for rule in rules)])
    return {name: [form for form, rules in stated.items() if name in rules] for name in names}


def rules_in(form: Form) -> dict[str, None]:
    of_years = [each.rule for each in form.years]
    return dict.fromkeys([each.rule for each in form.equations] + of_years)
