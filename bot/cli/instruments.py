"""The commands about instruments and reports: ``packs``, ``check``, ``verify``."""

import argparse

from bot.cli.input import read_bytes
from bot.messages import say
from criteria.instrument.load import (
    document_in,
    load_pack,
    pack_names,
    pack_path,
    read_pack,
    read_text,
)


async def packs(_options: argparse.Namespace) -> None:
    for name in pack_names():
        pack = read_pack(name)
        print(say("cli-pack-line", name=name, title=pack.text(pack.title), version=pack.version))
        for form in pack.forms:
            asked = [question for question in form.questions if question.is_answered_by_people]
            print("    " + say("cli-form-line", form=form.name, questions=len(asked)))


async def check(options: argparse.Namespace) -> int:
    from criteria.instrument.changes import harmful_changes
    from criteria.instrument.check.pack import check_pack_text

    path = pack_path(options.file)
    text = read_text(path)
    issues = check_pack_text(text)
    if options.against and not any(issue.is_error for issue in issues):
        issues += harmful_changes(read_pack(options.against), load_pack(document_in(text, path)))
    for issue in issues:
        print(issue)
    errors = sum(issue.is_error for issue in issues)
    if issues:
        told = say(
            "cli-problems",
            file=options.file,
            errors=say("cli-errors", count=errors),
            warnings=say("cli-warnings", count=len(issues) - errors),
        )
        print(f"\n{told}")
    else:
        print(say("cli-no-problems", file=options.file))
    return 1 if errors else 0


async def verify(options: argparse.Namespace) -> int:
    from bot.reports.verify_report import exit_code, verify_report
    from criteria.verify.verify import verify_text

    findings = verify_text(read_bytes(options.figures))
    print(verify_report(findings, name_all=options.all, quiet=options.quiet))
    return exit_code(findings)
