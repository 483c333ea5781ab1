"""What a command may name: a file or an inspection, and the instrument of its answers."""

from __future__ import annotations

import pytest

from tests.bot.cli.command_line import PACK, CommandLine, inspection_file

pytestmark = pytest.mark.long


def test_score_of_what_cannot_be_scored_says_where_it_is_at_fault(casewalk: CommandLine) -> None:
    assert "missing.json" in casewalk.refused("score", "missing.json")
    assert "line 2" in casewalk.refused("score", casewalk.write("cut.json", '{"format":\n'))
    assert "There are: none yet" in casewalk.refused("score", "week")
    wrong = inspection_file({"communicaton": "yes", "notified": "maybe"})
    message = casewalk.refused("score", casewalk.write("wrong.json", wrong))
    assert 'Did you mean "communication"?' in message
    assert 'notified: "maybe" is no answer to it' in message
    assert PACK in casewalk.refused("score", "wrong.json", "--pack", "movement")


def test_answers_to_one_instrument_are_not_counted_with_another(casewalk: CommandLine) -> None:
    casewalk.write("week.json", inspection_file({"notified": "yes"}))
    casewalk("import", "week", "week.json")
    for command in (("score", "week.json"), ("score", "week")):
        said = casewalk.refused(*command, "--pack", "omi2-2011")
        assert "omi2-2011" in said
