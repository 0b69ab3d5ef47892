"""Typer in zh-CN: help headings, usage lines and the sentences for a mistyped command."""

import re
from typing import Any, ClassVar, Final

import typer.rich_utils
from typer._click import exceptions
from typer.core import TyperCommand, TyperGroup

from recommender.cli.messages.usage import USAGE

_USAGE_PREFIX: Final = "用法："
_UNKNOWN_COMMAND: Final = re.compile(r"No such command '(.+?)'")

typer.rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
typer.rich_utils.OPTIONS_PANEL_TITLE = "选项"
typer.rich_utils.COMMANDS_PANEL_TITLE = "命令"
typer.rich_utils.DEFAULT_STRING = "[默认：{}]"
typer.rich_utils.REQUIRED_LONG_STRING = "[必填]"


class ZhCommand(TyperCommand):
    """A command whose help is zh-CN."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "options_metavar": "[选项]"})

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the usage line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=_USAGE_PREFIX)

    def get_help_option(self, ctx: Any) -> Any:
        """``--help`` with a zh-CN description."""
        return _translated_help(super().get_help_option(ctx))


class ZhGroup(TyperGroup):
    """A group of commands whose help is zh-CN."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        words = {"options_metavar": "[选项]", "subcommand_metavar": "命令 [参数]…"}
        super().__init__(*args, **{**kwargs, **words})

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the usage line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=_USAGE_PREFIX)

    def get_help_option(self, ctx: Any) -> Any:
        """``--help`` with a zh-CN description."""
        return _translated_help(super().get_help_option(ctx))


class DefaultCommandGroup(ZhGroup):
    """A group in which whatever is no command belongs to the default one, which subclasses name.

    ``evaluate DIR`` is ``evaluate run DIR``.
    """

    default_command: ClassVar[str]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Look up the command; whatever is none starts the default one."""
        known = args and args[0] in self.commands
        return super().resolve_command(ctx, args if known else [self.default_command, *args])

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Options before the first word belong to the default command too, and nothing at all does so as well.

        Unless the group shows its help where nothing is said.
        """
        if args[0].startswith("-") and args[0] != "--help" if args else not self.no_args_is_help:
            args = [self.default_command, *args]
        return super().parse_args(ctx, args)


def _translated_help(option: Any) -> Any:
    if option is not None:
        option.help = USAGE["help"]
    return option


def usage_sentence(error: exceptions.ClickException) -> str:
    """What is wrong with a command line, and how to see the right form."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "matchmaker"
    return f"{_complaint(error)}{USAGE['hint'].format(command=command)}"


def _complaint(error: exceptions.ClickException) -> str:
    match error:
        case exceptions.MissingParameter():
            return USAGE["missing"].format(name=_parameter_name(error))
        case exceptions.NoSuchOption():
            return USAGE["no_option"].format(name=error.option_name)
        case exceptions.BadParameter():
            return USAGE["bad_value"].format(name=_parameter_name(error))
    unknown = _UNKNOWN_COMMAND.match(error.message)
    if unknown is not None:
        return USAGE["no_command"].format(name=unknown.group(1))
    return USAGE["other"].format(detail=error.message)


def _parameter_name(error: exceptions.BadParameter) -> str:
    return "" if error.param is None else error.param.get_error_hint().replace("'", "")
