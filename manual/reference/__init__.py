"""The reference: every command, setting, table, check, finding, form and measure, as the code has them."""

from collections.abc import Callable, Mapping

from manual.reference.checks import checks
from manual.reference.commands import commands
from manual.reference.findings import findings
from manual.reference.forms import forms
from manual.reference.measures import measures
from manual.reference.settings import settings
from manual.reference.tables import tables
from manual.speech import Language

PAGES: Mapping[str, Callable[[Language], str]] = {
    "commands": commands,
    "settings": settings,
    "tables": tables,
    "checks": checks,
    "findings": findings,
    "forms": forms,
    "measures": measures,
}
