"""Groups of commands that are imported only when they are called, so that `--help` stays quick."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from keyword import iskeyword
from typing import Any

import click


class LazyGroup(click.Group):
    """A group whose commands live in modules of their own."""

    def __init__(self, *args: Any, helps: Mapping[str, str], prefix: str = "", **kwargs: Any) -> None:
        """Take the help text by command.

        helps: in the order a newcomer meets the commands; the texts stand here so that an overview needs no import.
        prefix: the command `x` is the `command` of `assess.cli.<prefix>x`; for a keyword like `import`, of `import_`.
        """
        super().__init__(*args, **kwargs)
        self.helps, self.prefix = helps, prefix

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(self.helps)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command; None for an unknown one."""
        if cmd_name not in self.helps:
            return None
        name = f"{self.prefix}{cmd_name}"
        module = importlib.import_module(f"assess.cli.{name}_" if iskeyword(name) else f"assess.cli.{name}")
        command = getattr(module, "command", None)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module.__name__} defines no command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the overview from the help texts alone."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.helps.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve a command name; an unknown one names the nearest."""
        if args and args[0] not in self.helps and not args[0].startswith("-"):
            from assess.documents.validation import nearest

            raise click.UsageError(f"no command '{args[0]}'; {nearest(args[0], self.helps)}", ctx)
        return super().resolve_command(ctx, args)
