"""The command line: ``casewalk``. Every command and its options, in one visible place.

What a command does is in :mod:`bot.cli`, imported when it runs, so that ``casewalk score`` need not
wait for the chat's libraries. Bad input ends with a message on standard error and exit code 1,
wrong usage with 2.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from bot.cli.output import escapes_shown
from storage.exports import EXPORTS

Run = Callable[[argparse.Namespace], Coroutine[Any, Any, int | None]]
SERVE: Final = "channels:serve_bot"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    with escapes_shown():
        return _run(arguments)


def _run(arguments: Sequence[str] | None) -> int:
    options = _parser().parse_args(arguments)
    module, _, name = options.run.partition(":")
    loop = None
    if options.run == SERVE:
        from bot.running import fast_loop

        loop = fast_loop()
    try:
        with asyncio.Runner(loop_factory=loop) as runner:
            run: Run = getattr(import_module(f"bot.cli.{module}"), name)
            return runner.run(run(options)) or 0
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output went away; Python would complain again while it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except _expected_errors() as exc:
        print(f"casewalk: {exc}", file=sys.stderr)
        return 1


def _expected_errors() -> tuple[type[Exception], ...]:
    """The errors whose messages are for people. Imported here: only a failing run pays for it."""
    from bot.channels.telegram.start_error import StartError
    from bot.cli.input import InputError
    from bot.settings import SettingsError
    from criteria.instrument.load import PackError
    from storage.errors import StoreError
    from storage.inspection_file import InspectionFileError
    from storage.sample_file import SampleError

    return (
        InputError, SettingsError, StartError, PackError, InspectionFileError, SampleError,
        StoreError,
    )  # fmt: skip


def _parser() -> argparse.ArgumentParser:  # noqa: PLR0915  # one line an argument
    parser = argparse.ArgumentParser(
        prog="casewalk",
        description="Walk through an inspection's cases, question by question, and score them.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: str, about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about)
        added.set_defaults(run=run)
        return added

    one = command("try", "channels:talk",
                  "have the whole conversation here, with a demo inspection")  # fmt: skip
    one.add_argument("--pack", metavar="NAME", help="an instrument's name or JSON file")
    one.add_argument("--data", metavar="DIR", type=Path, help="keep the demo here, and go on there")
    one.add_argument("--record", metavar="FILE", type=Path, help="write the conversation as a test")

    one = command("serve", SERVE, "run the Telegram bot")
    one.add_argument("--webhook", metavar="URL", help="be called at this address instead of asking")
    one.add_argument("--listen", metavar="HOST:PORT", default="127.0.0.1:8080",
                     help="where to take the webhook's calls (default: %(default)s)")  # fmt: skip

    command("health", "health:health", "say whether the serving bot is alive")

    command("packs", "instruments:packs", "list the instruments")

    one = command("check", "instruments:check", "list every problem of a pack")
    one.add_argument("file", metavar="FILE", help="a pack's JSON file, or an instrument's name")
    one.add_argument("--against", metavar="OLD", help="also list what would hurt users of OLD")

    one = command("new", "inspections:new", "make an inspection and print its id")
    one.add_argument("pack", metavar="PACK", help="an instrument's name or JSON file")
    one.add_argument("--title", required=True)
    one.add_argument("--cases", metavar="FILE.csv", type=Path,
                     help="columns: case, inspector, and profile questions")  # fmt: skip
    one.add_argument("--id", help="letters, digits and dashes (default: from the title)")
    one.add_argument("--follows", metavar="ID", help="the inspection that this one follows up")

    one = command("invite", "inspections:invite_person", "print a single-use code to join with")
    one.add_argument("id", metavar="ID")
    one.add_argument("--role", choices=("inspector", "lead"), required=True)
    one.add_argument(
        "--person", metavar="I2", help="for somebody who is known and has a new account"
    )

    one = command("score", "scores:score", "print the score summary")
    one.add_argument("source", metavar="ID|FILE.json")
    one.add_argument("--pack", metavar="NAME", help="score a file with this pack")
    one.add_argument("--json", action="store_true", help="as JSON")
    one.add_argument("--region", metavar="FILE.json", type=Path, help="set it in a region's range")
    one.add_argument("--caseload", metavar="N", type=int, help="cases the sample is drawn from")

    one = command(
        "compare", "scores:compare_inspections", "set an inspection beside an earlier one"
    )
    one.add_argument("source", metavar="ID|FILE.json")
    one.add_argument("earlier", metavar="EARLIER|FILE.json", nargs="?",
                     help="default: the inspection that it follows up")  # fmt: skip
    one.add_argument("--pack", metavar="NAME", help="read files with this pack")

    one = command(
        "adjust", "inspections:adjust", "set a criterion's level or comment, with the lead's reason"
    )
    one.add_argument("id", metavar="ID")
    one.add_argument("name", metavar="CRITERION", help="a criterion's or headline's name")
    what = one.add_mutually_exclusive_group(required=True)
    what.add_argument("--to", metavar="NAME", help="a level or band of the pack")
    what.add_argument("--clear", action="store_true", help="take the adjustment back")
    one.add_argument("--reason", default="", help="why; kept beside it")

    one = command(
        "verify", "instruments:verify", "check a report's printed figures before it is published"
    )
    one.add_argument("figures", metavar="FIGURES.json", type=Path)
    one.add_argument("--all", action="store_true", help="name everything that was not checked")
    one.add_argument("--quiet", action="store_true", help="leave out what fits")

    one = command("export", "inspections:export", "write an inspection's answers")
    one.add_argument("id", metavar="ID")
    one.add_argument("--format", required=True, choices=tuple(EXPORTS))
    one.add_argument("--out", metavar="FILE", type=Path, help="default: standard output")

    one = command(
        "import",
        "inspections:import_file",
        "read an inspection file into an inspection, new or not",
    )
    one.add_argument("id", metavar="ID")
    one.add_argument("file", metavar="FILE.json", type=Path)
    one.add_argument("--pack", metavar="NAME", help="the pack of a new inspection, by name or file")
    one.add_argument("--replace", action="store_true",
                     help="also where that takes away what is stored")  # fmt: skip

    one = command("close", "keeping:close", "end an inspection: nothing in it changes any more")
    one.add_argument("id", metavar="ID")
    one.add_argument("--keep-until", metavar="DATE", help="how long it is to be kept (2027-12-31)")
    one.add_argument("--undo", action="store_true", help="open it again")

    one = command("archive", "keeping:archive", "write everything of an inspection into one file")
    one.add_argument("id", metavar="ID")
    one.add_argument("--out", metavar="FILE.zip", type=Path, required=True)

    one = command("erase", "keeping:erase", "erase an inspection, a case or a person for good")
    one.add_argument("id", metavar="ID")
    what = one.add_mutually_exclusive_group()
    what.add_argument("--case", metavar="REF", help="this case only, with its notes and photos")
    what.add_argument("--person", metavar="REF", help="which chat this person is, and no more")
    one.add_argument("--yes", action="store_true", help="do it; without, only say what would go")

    one = command("doctor", "keeping:doctor", "check the store, every file of it")
    one.add_argument("--mend", action="store_true", help="put right what can safely be")
    one.add_argument("--accept", action="store_true", help="take restored files as they are")

    command("key", "keeping:key", "print a new key, for CASEWALK_KEY")

    one = command(
        "rekey", "keeping:rekey", "encrypt the store, or change its key to CASEWALK_NEW_KEY"
    )
    one.add_argument("--decrypt", action="store_true", help="no encryption any more")

    one = command("move", "keeping:move", "carry everything from one store to another")
    one.add_argument("--from", dest="source", metavar="STORE", required=True,
                     help="tinydb:DIR or postgresql://…; it is only read")  # fmt: skip
    one.add_argument("--to", dest="target", metavar="STORE", required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main())
