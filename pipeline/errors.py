"""What ends a command, and the exit status it ends with.

UsageProblem   2   wrong usage or unreadable input; nothing changed, the message says what to do
WorkFailed     1   the work itself failed; what was done stays, the message says what was not
"""

import click


class UsageProblem(click.ClickException):
    exit_code = 2


class WorkFailed(click.ClickException):
    exit_code = 1
