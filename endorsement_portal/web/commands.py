"""What every command of ours keeps: an error is one line and exit code 1, for bad arguments too, never a traceback."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, SystemCheckError
from django.db import DatabaseError


class PortalCommand(BaseCommand):
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.called_from_command_line = False  # argparse would print its usage and exit 2; now it raises
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        try:
            super().run_from_argv(argv)
        except CommandError as error:
            if "--traceback" in argv:
                raise
            self.stderr.write(f"CommandError: {one_line(error)}")
            sys.exit(1)

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except SystemCheckError:
            raise
        except CommandError as error:
            raise CommandError(one_line(error), returncode=error.returncode) from error
        except DatabaseError as error:
            raise CommandError(f"The database refused: {one_line(error)}") from error
        except UnicodeEncodeError as error:
            raise CommandError("An argument is not UTF-8 text.") from error


def one_line(error: Exception) -> str:
    return " ".join(str(error).split())
