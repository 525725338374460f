"""The blocks of code in a page: what a reader would type, ask or save."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from pipeline.cli import cli

BEGIN = re.compile(r'^```(?P<language>\w+)(?: title="(?P<title>[^"]*)")?$')
INDENTED = " " * 4
FILE = re.compile(r"[\w.-]+\.toml")
SEPARATORS = {"&&", "||", "|", ";"}
PLACES = ("deploy/", "tests/", "benchmarks/", "examples/")
MODULES = ("benchmarks.", "examples.", "samples.")


@dataclass(frozen=True, slots=True)
class Fence:
    """`line` is the number of its first line. `language` is empty for a block that is merely indented."""

    line: int
    language: str
    title: str
    text: str

    @property
    def is_played(self) -> bool:
        """Commands that are run; a title over them says to the reader that they are not."""
        return self.language == "sh" and not self.title

    @property
    def is_file(self) -> bool:
        """A file that the page has its reader save under the title."""
        return bool(FILE.fullmatch(self.title))


def fences(page: Path) -> Iterator[Fence]:
    """In order."""
    lines = page.read_text(encoding="utf-8").splitlines()
    at = 0
    while at < len(lines):
        begin = BEGIN.match(lines[at])
        end = end_of(lines, at, is_fenced=bool(begin))
        if begin:
            yield Fence(at + 2, begin["language"], begin["title"] or "", "\n".join(lines[at + 1 : end]))
        elif end > at:
            yield Fence(at + 1, "", "", "\n".join(line[len(INDENTED) :] for line in lines[at:end]))
        at = end + 1


def end_of(lines: list[str], at: int, *, is_fenced: bool) -> int:
    """The line that ends the block begun at a line; the line itself where none is."""
    if is_fenced:
        return next(number for number in range(at + 1, len(lines)) if lines[number] == "```")
    ends = (number for number in range(at, len(lines)) if not lines[number].startswith(INDENTED))
    return next(ends, len(lines))


class Misprint(ValueError):  # noqa: N818 - it says what is wrong in the page
    """A command of a page that the program does not have. One line."""


def hold(text: str) -> int:
    """Look whether every command of nianbao in a block and its options are there; give how many there are.

    Raises Misprint.
    """
    count = 0
    for words in commands(text):
        for place in map(place_of, words, ["", *words]):
            if place and not place.exists():
                raise Misprint(f"{place} is not there")
        if words and Path(words[0]).name == "nianbao":
            parse(words[1:])
            count += 1
    return count


def place_of(word: str, before: str) -> Path | None:
    """The file of ours that a word of a command names, by its path or as a module behind -m."""
    if before == "-m" and word.startswith(MODULES):
        module = Path(word.replace(".", "/"))
        return module if module.is_dir() else module.with_suffix(".py")
    return Path(word.partition("::")[0]) if word.startswith(PLACES) else None


def commands(text: str) -> Iterator[list[str]]:
    """Each simple command's words, without variables set before it, comments and what is optional."""
    for line in whole_lines(text):
        found: list[str] = []
        for word in [*words_of(line), ";"]:
            if word in SEPARATORS:
                yield found
                found = []
            elif found or "=" not in word:
                found.append(word)


def whole_lines(text: str) -> Iterator[str]:
    """Lines with those that an open quotation or a backslash at the end continues."""
    begun = ""
    for line in text.replace("\\\n", " ").splitlines():
        begun += f"{line}\n"
        if begun.count('"') % 2 == 0:
            yield begun
            begun = ""


def words_of(line: str) -> list[str]:
    lexer = shlex.shlex(line.replace("[", " ").replace("]", " "), posix=True, punctuation_chars="&;|")
    lexer.whitespace_split, lexer.commenters = True, "#"
    return list(lexer)


def parse(words: list[str]) -> None:
    """Raises Misprint."""
    command: click.Command = cli
    context = click.Context(command, info_name="nianbao")
    try:
        while isinstance(command, click.Group):
            _, rest, _ = command.make_parser(context).parse_args(words)
            if not rest:
                return
            name, words = rest[0], rest[1:]
            found = command.get_command(context, name)
            if found is None:
                raise Misprint(f"there is no command {name!r}")
            command, context = found, click.Context(found, parent=context, info_name=name)
        command.make_parser(context).parse_args(words)
    except click.ClickException as error:
        raise Misprint(f"nianbao {context.info_name}: {error.format_message()}") from error
