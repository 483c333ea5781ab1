"""Whatever a command prints, it steers no terminal."""

from __future__ import annotations

import sys
from contextlib import suppress

import pytest

from bot.__main__ import main
from bot.cli.output import ShownText, escapes_shown

STEERING = "\x1b[2J\x1b]0;mine\x07\x9b31m"


def test_escapes_are_shown_on_both_streams_and_line_breaks_stay(
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = sys.stdout, sys.stderr
    with escapes_shown():
        sys.stdout.write(f"a{STEERING}\nb\n")
        sys.stderr.write(f"c{STEERING}")
    assert (sys.stdout, sys.stderr) == before
    out, err = capfd.readouterr()
    assert out == "a\\u001b[2J\\u001b]0;mine\\u0007\\u009b31m\nb\n"
    assert err.startswith("c\\u001b")


@pytest.mark.parametrize(
    "command",
    ["close week", "export week --format csv", "export week --format html", "score week",
     "score week --json", "erase week", "check ./week\x1b[2J.json", "frobnicate\x9b2J"],
)  # fmt: skip
def test_a_title_with_escapes_steers_no_terminal(
    command: str,
    titled: None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ShownText, "isatty", lambda _: True)
    with suppress(SystemExit):
        main(command.split(" "))
    out, err = capsys.readouterr()
    assert out + err
    assert not {"\x1b", "\x9b", "\x07"} & {*out, *err}


@pytest.fixture
def titled(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("titled"))
    monkeypatch.delenv("CASEWALK_STORE", raising=False)
    assert (
        main(["new", "movement-of-cases-2004", "--title", f"Week{STEERING}", "--id", "week"]) == 0
    )
