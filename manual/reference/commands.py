"""The commands, from click; their Chinese from words/commands.toml."""

from collections.abc import Iterator, Mapping

import click

from manual.markdown import code, table
from manual.speech import Language, agree, begun, page_words, topic
from pipeline.cli import cli

EVERYWHERE = "*"  # in words/commands.toml: options that every command has


def commands(language: Language) -> str:
    found = dict(leaves(cli, ()))
    hold_to_words(found)
    parts = [section(name, command, language) for name, command in found.items()]
    return "\n".join([begun(page_words("commands", language)), *parts])


def leaves(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its words behind `nianbao`."""
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from leaves(inner, (*path, name))
    else:
        yield " ".join(path), command


def hold_to_words(found: Mapping[str, click.Command]) -> None:
    """Every command and parameter has Chinese, and every option English. Raises Undocumented."""
    said = topic("commands")
    agree("manual/words/commands.toml", said.keys() - {EVERYWHERE}, found)
    for name, command in found.items():
        own = {spelled(each) for each in command.params} - said[EVERYWHERE].keys()
        agree(f"manual/words/commands.toml, {name}", said[name].keys() - {"says"}, own)
        silent = [each for each in command.params if isinstance(each, click.Option) and not each.help]
        agree(f"the help of nianbao {name}", (), map(spelled, silent))


def spelled(parameter: click.Parameter) -> str:
    """`--max-pages`, or an argument as the usage shows it."""
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return (parameter.metavar or str(parameter.name).upper()).strip("[]. ")


def section(name: str, command: click.Command, language: Language) -> str:
    words = page_words("commands", language)
    context = click.Context(command, info_name=f"nianbao {name}")
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    says = topic("commands")[name]["says"] if language == "zh" else " ".join((command.help or "").split())
    rows = [(code(shown(each)), meaning(name, each, language)) for each in command.params]
    return f"## nianbao {name}\n\n{says}\n\n```text\n{usage}\n```\n\n{table(words['head'], rows)}"


def shown(parameter: click.Parameter) -> str:
    if not isinstance(parameter, click.Option) or parameter.is_flag:
        return spelled(parameter)
    kind = parameter.type
    choices = "/".join(map(str, kind.choices)) if isinstance(kind, click.Choice) else kind.name.upper()
    return f"{spelled(parameter)} {parameter.metavar or choices}"


def meaning(name: str, parameter: click.Parameter, language: Language) -> str:
    said = topic("commands")
    if language == "zh":
        words = str({**said[EVERYWHERE], **said[name]}[spelled(parameter)])
    elif isinstance(parameter, click.Option):
        words = str(parameter.help)
    else:  # the command's own text explains it
        words = "one" if parameter.nargs == 1 else "one or more" if parameter.required else "any number"
    is_told = isinstance(parameter, click.Option) and parameter.show_default
    default = page_words("commands", language)["default"].format(code(str(parameter.default)))
    return f"{words}{default if is_told else ''}"
