"""Hostile packs and files: what somebody might hand to Casewalk, by mistake or to break it.

An input is made of a kind, a number and a seed, and is the same at every run.
:mod:`tests.hostile_run` reads them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).parents[1]
SEED: Final = os.environ.get("CASEWALK_HOSTILE_SEED", "1")
Maker = Callable[[Random], bytes]


class Input(NamedTuple):
    """A file's content, and what made it."""

    kind: str
    number: int
    maker: str
    content: bytes


# --- parts of hostile documents -------------------------------------------------------------------

DEEP: Final = (40, 990, 20_000, 100_000)
TEXTS: Final = (
    "", " ", "\x00", "a\x00b", "\x1b[2J\x1b]0;x\x07", "\u202e gnol \u202c", "\u2066x", "\ufeff",
    "\u2028", "\ud800", "\udfff\ud800", "😀" * 50, "é" * 5_000, "x" * 200_000, "=1+1",
    "@SUM(A1:A9)",
    '=HYPERLINK("http://127.0.0.1:9/","x")', "+1", "-1+1", "|calc", "../x", "..", ".", "C:\\x",
    "\\\\127.0.0.1\\x", "CON", "nul.json", "/etc/passwd", "/dev/zero", "/dev/stdin", "~", "a/b",
    "x" * 33, "x" * 300, "file:///etc/passwd", "http://127.0.0.1:9/x", "{{7*7}}", "${x}", "%s%n",
    "'; DROP TABLE cases; --", "<script>alert(1)</script>", "<!ENTITY a 'b'>", "(a+)+$",
    "9" * 5_000,
    "ﬁ", "İ" * 2_000, "ß" * 2_000, "\u0345" * 3_000, "a\u0301" * 3_000, "\n" * 5_000, "٣", "１２",
    "q", "yes", "na", "not_known", "2011-02-30", "9999-12-31", "0001-01-01", "-0001-01-01", "NaN",
)  # fmt: skip
NUMBERS: Final = (
    0, -0.0, -1, 1, 2**31, 2**63, 2**64, -(2**63) - 1, 10**40, 10**400, 10**4_000, 1e308, -1e308,
    5e-324, 0.1, 101, 1e9, float("nan"), float("inf"), float("-inf"), True, False,
)  # fmt: skip


def strange(rng: Random, depth: int = 0) -> Any:
    """Any JSON value whatever, for a place that expects another."""
    kind = rng.randrange(8 if depth < 3 else 5)
    if kind < 3:
        return rng.choice(TEXTS)
    if kind == 3:
        return rng.choice(NUMBERS)
    if kind == 4:
        return rng.choice((None, True, False, [], {}))
    if kind == 5:
        return [strange(rng, depth + 1) for _ in range(rng.randrange(4))]
    if kind == 6:
        return {rng.choice(TEXTS): strange(rng, depth + 1) for _ in range(rng.randrange(4))}
    return {"$ref": rng.choice(REFS)}


REFS: Final = (
    "http://127.0.0.1:9/pack.json", "https://example.invalid/x", "file:///etc/passwd", "#",
    "#/forms/0",
    "../canary.json", "urn:casewalk:pack:1", "#/$defs/question",
)  # fmt: skip


def dumped(document: Any) -> bytes:
    """As JSON text; also what is no JSON (NaN), and lone surrogates, escaped as JSON has them."""
    return json.dumps(document).encode()


def nested(rng: Random) -> bytes:
    depth = rng.choice(DEEP)
    opened, closed = rng.choice((("[", "]"), ('{"a":', "}"), ('[{"label":', "}]")))
    whole = opened * depth + "1" + closed * depth
    return (whole if rng.random() < 0.8 else opened * depth).encode()


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, (*path, index))


def mutated(document: Any, rng: Random) -> Any:
    """The document with a few of its parts taken out, doubled, exchanged or put elsewhere."""
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        known = [*places(document)][1:]
        if not known:
            break
        path, other = rng.choice(known), rng.choice(known)
        owner: Any = document
        for part in path[:-1]:
            owner = owner[part]
        key, change = path[-1], rng.randrange(7)
        if change == 0:
            del owner[key]
        elif change == 1 and isinstance(owner, list):
            owner.insert(key, owner[key])
        elif change == 2:
            found = document
            for part in other:
                found = found[part]
            owner[key] = json.loads(json.dumps(found))
        elif change == 3 and isinstance(owner, dict):
            owner[rng.choice(TEXTS)] = owner.pop(key)
        elif change == 4:
            owner[key] = [owner[key]] * rng.choice((1, 2, 300))
        else:
            owner[key] = strange(rng)
    return document


def scrambled(text: bytes, rng: Random) -> bytes:
    """The text with bytes taken out, put in, doubled or changed."""
    changed = bytearray(text)
    for _ in range(rng.choice((1, 1, 2, 10))):
        at = rng.randrange(len(changed) + 1)
        change = rng.randrange(5)
        if change == 0:
            del changed[at : at + rng.choice((1, 2, 50, 5_000))]
        elif change == 1:
            changed[at:at] = bytes(rng.randrange(256) for _ in range(rng.choice((1, 4))))
        elif change == 2:
            changed[at:at] = changed[at : at + rng.choice((1, 30, 3_000))]
        elif change == 3 and at < len(changed):
            changed[at] ^= 1 << rng.randrange(8)
        else:
            changed[at:at] = rng.choice(
                (b"NaN", b"1e999", b"9" * 6_000, b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800", b"\x00")
            )
    return bytes(changed)


def repeated(rng: Random) -> bytes:
    """Much of the same: a small thing to send, a large one to hold."""
    many = rng.choice((1_000, 50_000, 300_000, 2_000_000))
    return rng.choice(
        (
            lambda: b"[" + b"0," * many + b"0]",
            lambda: b'{"forms":[' + b"[]," * many + b"[]]}",
            lambda: b'{"a":"' + b"x" * many * 4 + b'"}',
            lambda: b'{"a":{' + b'"b":1,' * many + b'"b":1}}',
            lambda: b" " * many * 4 + b"{}",
            lambda: b"{}" * many,
            lambda: b"\x00" * many,
            lambda: b"[" + b'{"name":"a"},' * (many // 4) + b"{}]",
            lambda: b"{" + b",".join(b'"k%d":%d' % (n, n) for n in range(many // 8)) + b"}",
        )
    )()


def not_text(rng: Random) -> bytes:
    return rng.choice(
        (
            lambda: b"",
            lambda: bytes(rng.randrange(256) for _ in range(rng.choice((1, 100, 10_000)))),
            lambda: '{"settings": {}}'.encode("utf-16"),
            lambda: b"\xef\xbb\xbf" * 3 + b"{}",
            lambda: b'{"a": "\xed\xa0\x80"}',
            lambda: b"\x1f\x8b\x08" + b"\x00" * 100,
            lambda: b"PK\x03\x04" + b"\x00" * 100,
            lambda: b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
            lambda: rng.choice((b"1e999", b"-", b"nul", b"NaN", b'"x"', b"9" * 5_000, b"[1,]")),
        )
    )()


# --- packs ----------------------------------------------------------------------------------------

REAL_PACKS: Final = sorted((ROOT / "criteria" / "instrument" / "packs").glob("*.json"))


def real_pack(rng: Random) -> Any:
    return json.loads(rng.choice(REAL_PACKS).read_bytes())


def small_pack() -> Any:
    """A pack without a fault, as the checks' tests have it."""
    from tests.criteria.instrument.small_pack import a_pack  # noqa: PLC0415  # only packs are made of it

    return a_pack()


def with_questions(questions: list[Any]) -> bytes:
    pack = small_pack()
    pack["forms"][0]["survey"] += questions
    return dumped(pack)


def a_question(name: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "select_one yes_no",
        "name": name,
        "label": {"en": "?"},
        "criterion": "c1",
    } | more


def pack_nested_inside(rng: Random) -> bytes:
    pack = json.dumps(small_pack())
    at = pack.find(rng.choice(('"label":', '"relevant":', '"forms":', '"choices":', '"from":')))
    value = nested(rng).decode()
    end = pack.index(":", at) + 1
    return f'{pack[:end]}{value},"z":{pack[end:]}'.encode()


def pack_of_many_questions(rng: Random) -> bytes:
    many = rng.choice((1_000, 3_000, 10_000))
    link = rng.choice(("", "chain", "loop", "all before", "near", "same number"))
    return with_questions([a_question(f"w{n}", **_linked(link, n, many)) for n in range(many)])


def _linked(link: str, n: int, many: int) -> dict[str, Any]:
    match link:
        case "chain":
            return {"relevant": f"${{w{n - 1}}} = 'yes'"} if n else {}
        case "loop":
            return {"relevant": f"${{w{(n + 1) % many}}} = 'yes'"}
        case "all before":
            named = range(max(0, n - 40), n)
            return {"relevant": " or ".join(f"${{w{one}}} = 'yes'" for one in named)} if n else {}
        case "near":
            return {"criterion": f"c{n}{n}", "headlines": [f"r{n}"], "parent": f"ww{n}"}
        case "same number":
            return {"number": "1.1", "relevant": "${v} = 'y'"}
        case _:
            return {}


def pack_of_loops(rng: Random) -> bytes:
    many = rng.choice((2, 3, 50, 800))
    step = rng.randrange(1, many)
    questions = []
    for n in range(many):
        other = f"${{w{(n + step) % many}}}"
        more: dict[str, Any] = {"relevant": f"{other} = 'yes'"}
        if rng.random() < 0.3:
            more = {
                "type": "calculate",
                "choices": "yes_no",
                "calculation": f"if({other}, 'yes', 'no')",
            }
        questions.append(a_question(f"w{n}", **more))
    return with_questions(questions)


ODD_EXPRESSIONS: Final = (
    "//*[//*[//*[//*]]]",
    "/descendant-or-self::node()/ancestor::node()/descendant::node()",
    "document('file:///etc/passwd')",
    "doc('http://127.0.0.1:9/x') | unparsed-text('/etc/passwd')",
    "id('a') | key('a', 'b')",
    "regex(., '^(([a-z])+.)+[A-Z]([a-z])+$')",
    "matches(${said}, '(a+)+$') and replace(., '(x+x+)+y', '')",
    "working_days('0001-01-01', '9999-12-31') > 0",
    "working_days(${seen}, ${seen}) * 1e308 > 1e308",
    "string(1e308 * 1e308) = 'Infinity'",
    "__import__('os').system('id')",
    "substring('x', -1 div 0, 1 div 0)",
    "position() = last()",
    "name(/) | //@* | ..",
    "1 div 0",
    "$risky", "${risky", "$$", "::", "@*", "#",
    "processing-instruction('x')", "comment()", "text()", "*",
    "(: comment :) 1", "\x00", "\ud800 = 1", "${ｒisky} = 1",
    "\u202e1 = 1", "١ = 1", "\t\n1\r", "1=1\n",
)  # fmt: skip


def expression(rng: Random) -> str:
    """One that is deep, long, costly or no expression at all."""
    if rng.random() < 0.4:
        return rng.choice(ODD_EXPRESSIONS)
    many = rng.choice((3, 30, 59, 200, 500, 5_000, 100_000))
    return rng.choice(
        (
            lambda: "(" * many + "1" + ")" * many,
            lambda: "not(" * many + "1" + ")" * many,
            lambda: "-" * many + "1",
            lambda: "+-" * many + "${risky}",
            lambda: " or ".join(["${risky} = 'yes'"] * many),
            lambda: " and ".join(f"${{age}} > {n}" for n in range(min(many, 200))),
            lambda: "=".join(["1"] * many),
            lambda: "if(1," * many + "1" + ",1)" * many,
            lambda: " * ".join(["9" * 300] * min(many, 6)),
            lambda: " mod ".join(["1e308"] * 20),
            lambda: "9" * many,
            lambda: "0." + "0" * many + "1",
            lambda: "'" + "x" * many + "'",
            lambda: "'" + "x" * many,
            lambda: "${" * many,
            lambda: "${risky}" * many,
            lambda: "${" + "a" * many + "}",
            lambda: "." * many,
            lambda: "/" * many,
            lambda: "//*" * min(many, 600),
            lambda: "concat(" * 50 + "'x', 'x'" + ", 'x')" * 50,
            lambda: "count-selected(" * 20 + "${papers}" + ")" * 20,
            lambda: "selected(${papers}, " + "'x' or " * min(many, 200) + "'y')",
            lambda: "true() and " * min(many, 100) + "false()",
            lambda: "1e" + "9" * min(many, 1_000),
            lambda: "string-length(string(" + "9" * min(many, 1_900) + "))",
        )
    )()  # fmt: skip


def pack_of_expressions(rng: Random) -> bytes:
    questions = []
    for n in range(rng.choice((1, 5, 40))):
        source, key = expression(rng), rng.choice(("relevant", "constraint", "calculation"))
        more = {key: source}
        if key == "calculation":
            more["type"] = "calculate"
        questions.append(a_question(f"w{n}", **more))
    pack = small_pack()
    pack["forms"][0]["survey"] += questions
    pack["columns"]["files"][0]["where"] = expression(rng)
    if rng.random() < 0.2:
        pack["settings"]["holidays"] = rng.choice(("GB-ENG", "GB-XXX", "../x", 1))
    return dumped(pack)


def pack_hard_to_reach(rng: Random) -> bytes:
    """Conditions of which to tell whether they can hold takes trying very much."""
    pack = small_pack()
    pack["choices"]["many"] = [
        {"name": f"m{n}", "label": {"en": f"M{n}"}} for n in range(rng.choice((5, 60, 3_000)))
    ]
    several = rng.choice((4, 11, 12, 13))
    kind = rng.choice(("select_one many", "select_multiple many", "decimal", "date", "text"))
    for n in range(several):
        pack["forms"][1]["survey"].append(
            {"type": kind, "name": f"w{n}", "label": {"en": "?"}, "na": True, "not_known": True}
        )
    for n in range(rng.choice((1, 30, 200))):
        terms = " and ".join(f"${{w{one}}} = 'm{n % 5}'" for one in range(several))
        more = f"{terms} and ${{w0}} > {n} and ${{w0}} < {n}"
        pack["forms"][1]["survey"].append(
            {"type": "note", "name": f"x{n}", "label": {"en": "?"}, "relevant": more}
        )
    return dumped(pack)


def pack_with_references(rng: Random) -> bytes:
    pack = real_pack(rng) if rng.random() < 0.5 else small_pack()
    for _ in range(rng.choice((1, 5))):
        path = rng.choice([*places(pack)])
        owner: Any = pack
        for part in path:
            owner = owner[part]
        if isinstance(owner, dict):
            key = rng.choice(("$ref", "$schema", "$id", "$dynamicRef", "$defs", "$anchor"))
            owner[key] = rng.choice(REFS)
    return dumped(pack)


def pack_with_keys_twice(rng: Random) -> bytes:
    text = json.dumps(small_pack())
    key = rng.choice(('"name": ', '"label": ', '"type": ', '"forms": ', '"settings": ', '"from": '))
    many = rng.choice((1, 3, 5_000))
    return text.replace(key, f"{key}{json.dumps(rng.choice(TEXTS))}, " * many + key, 2).encode()


def pack_with_odd_values(rng: Random) -> bytes:
    pack = real_pack(rng) if rng.random() < 0.3 else small_pack()
    known = [*places(pack)][1:]
    for _ in range(rng.choice((1, 5, 60))):
        path = rng.choice(known)
        owner: Any = pack
        try:
            for part in path[:-1]:
                owner = owner[part]
            owner[path[-1]] = rng.choice((*TEXTS, *NUMBERS))
        except (TypeError, KeyError, IndexError):
            continue  # another value took this place
    return dumped(pack)


def pack_of_much(rng: Random) -> bytes:
    """Ten thousand of something that a pack has a few of."""
    pack, many = small_pack(), rng.choice((500, 3_000, 10_000))
    label = {"en": "L"}
    rng.choice(
        (
            lambda: pack["choices"]["yes_no"].extend(
                {"name": f"c{n}", "label": label, "sufficient": False} for n in range(many)
            ),
            lambda: pack["choices"].update(
                {f"l{n}": [{"name": "a", "label": label}] for n in range(many)}
            ),
            lambda: pack["choices"]["fact"][0].update(aliases=[f"a{n}" for n in range(many)]),
            lambda: pack["choices"]["fact"][0].update(aliases=["a"] * many),
            lambda: pack["headlines"].extend(
                {"name": f"h{n}", "label": label} for n in range(many)
            ),
            lambda: pack["sections"][0]["criteria"].extend(
                {"name": f"k{n}", "label": label, "weight": n} for n in range(many)
            ),
            lambda: pack["sections"].extend({"name": f"s{n}", "label": label} for n in range(many)),
            lambda: pack["scoring"]["bands"].extend(
                {"name": f"B{n}", "from": n / many} for n in range(many)
            ),
            lambda: pack["scoring"]["levels"]["rules"].extend(
                {"name": f"r{n}", "label": label, "each": "fair"} for n in range(many)
            ),
            lambda: pack["forms"].extend(
                {"name": f"f{n}", "label": label, "survey": []} for n in range(many)
            ),
            lambda: pack["columns"]["files"].extend(
                {"name": f"k{n}", "label": label, "where": f"${{risky}} = 'x{n}'"}
                for n in range(many)
            ),
            lambda: pack["tables"].extend(
                {"name": f"t{n}", "label": label, "kind": "numbers",
                 "rows": [{"label": label, "questions": ["nobody"]}]} for n in range(many)
            ),
            lambda: pack["tables"][0]["rows"].extend(
                {"label": label, "questions": ["risky"] * 5} for n in range(many)
            ),
            lambda: pack["forms"][0]["survey"][1].update(headlines=[f"h{n}" for n in range(many)]),
            lambda: pack["settings"].update(
                form_title={f"{one}{other}-{n}": "x" for n in range(many // 100)
                            for one in "abcdefghij" for other in "abcdefghij"}
            ),
            lambda: pack.update({f"k{n}": n for n in range(many)}),
            lambda: pack["forms"][0]["survey"][0].update({f"k{n}": n for n in range(many)}),
        )
    )()  # fmt: skip
    return dumped(pack)


def pack_mutated(rng: Random) -> bytes:
    return dumped(mutated(real_pack(rng), rng))


def pack_scrambled(rng: Random) -> bytes:
    return scrambled(rng.choice(REAL_PACKS).read_bytes(), rng)


# --- inspection files -----------------------------------------------------------------------------


def inspection(rng: Random) -> Any:
    """An inspection file of a real pack with a few answered cases."""
    pack = json.loads(rng.choice(REAL_PACKS).read_bytes())
    lists = {name: [one["name"] for one in choices] for name, choices in pack["choices"].items()}

    def value(question: Any) -> Any:
        kind, _, name = question["type"].partition(" ")
        plain = {"integer": 3, "decimal": 6.9, "date": "2011-05-02", "text": "a note"}
        if kind == "select_multiple":
            return lists[name][:2]
        return rng.choice(lists[name]) if kind == "select_one" else plain.get(kind)

    cases = []
    for n in range(rng.choice((1, 3, 20))):
        form = rng.choice(pack["forms"])
        profile = {one["name"]: value(one) for one in form.get("profile", ())}
        survey = {one["name"]: value(one) for one in form.get("survey", ())}
        cases.append(
            {
                "case": f"C{n:03}", "form": form["name"], "inspector": "I1", "status": "submitted",
                "profile": {name: one for name, one in profile.items() if one is not None},
                "answers": {
                    name: {"value": one, "note": None, "by": "I1", "at": "2026-11-20T10:00:00Z"}
                    for name, one in survey.items() if one is not None
                },
            }
        )  # fmt: skip
    return {
        "format": "casewalk-inspection/1",
        "inspection": {"id": "hostile", "title": "Hostile", "follows": None},
        "pack": {"name": pack["settings"]["form_id"], "version": pack["settings"]["version"]},
        "cases": cases,
    }


def file_mutated(rng: Random) -> bytes:
    return dumped(mutated(inspection(rng), rng))


def file_scrambled(rng: Random) -> bytes:
    return scrambled(dumped(inspection(rng)), rng)


def file_of_references(rng: Random) -> bytes:
    """Texts at the places of which folders, files and buttons are named."""
    document = inspection(rng)
    for _ in range(rng.choice((1, 3))):
        text, place = rng.choice(TEXTS), rng.randrange(7)
        case = rng.choice(document["cases"])
        if place < 3:
            case[("case", "form", "inspector")[place]] = text
        elif place < 6:
            key = ("id", "title", "follows")[place - 3]
            document["inspection"][key] = text
        else:
            document["pack"]["name"] = text
    return dumped(document)


def file_of_values(rng: Random) -> bytes:
    document = inspection(rng)
    for case in document["cases"]:
        for part in ("answers", "profile"):
            for name in rng.sample([*case[part]], min(3, len(case[part]))):
                odd = rng.choice((*TEXTS, *NUMBERS, [], ["x"] * 5_000, [["a"]], {"a": 1}, [None]))
                where = case[part][name] if part == "answers" else case[part]
                where[rng.choice(("value", "note", "by", "at")) if part == "answers" else name] = (
                    odd
                )
    return dumped(document)


def file_of_much(rng: Random) -> bytes:
    document = inspection(rng)
    case, many = document["cases"][0], rng.choice((1_000, 10_000, 40_000))
    rng.choice(
        (
            lambda: document.update(cases=[case | {"case": f"C{n}"} for n in range(many // 10)]),
            lambda: document.update(cases=[case] * (many // 10)),
            lambda: document.update(
                cases=[{"case": f"C{n}", "form": case["form"], "answers": {}} for n in range(many)]
            ),
            lambda: document.update(cases=[{}] * many),
            lambda: document.update(cases=[None] * many),
            lambda: document.update(cases=[{"case": "C1", "form": "x" * 50, "answers": {}}] * many),
            lambda: case["answers"].update({f"q{n}": {"value": "yes"} for n in range(many)}),
            lambda: case["answers"].update({f"q{n}": n for n in range(many)}),
            lambda: case["profile"].update({f"q{n}": "x" for n in range(many)}),
            lambda: case.update({f"k{n}": n for n in range(many)}),
            lambda: document.update({f"k{n}": n for n in range(many)}),
            lambda: case["answers"].update({"x" * many * 20: {"value": "y"}}),
            lambda: case.update(inspector="x" * many * 20),
            lambda: case["answers"].update(
                {name: {"value": [f"n{n}" for n in range(many)]} for name in [*case["answers"]][:2]}
            ),
            lambda: case["answers"].update(
                {name: one | {"note": "=1+1 " * many} for name, one in case["answers"].items()}
            ),
        )
    )()
    return dumped(document)


def file_nested_inside(rng: Random) -> bytes:
    text, value = json.dumps(inspection(rng)), nested(rng).decode()
    key = rng.choice(('"value": ', '"profile": ', '"answers": ', '"cases": ', '"note": ', '"id": '))
    return text.replace(key, f"{key}{value}, {key}", 1).encode()


# --- samples --------------------------------------------------------------------------------------


def sample(rng: Random) -> list[list[str]]:
    """Rows of a CSV with profile columns of the pack that reads it, and answers to them."""
    pack = json.loads((ROOT / "criteria" / "instrument" / "packs" / f"{SAMPLED}.json").read_bytes())
    form = next(one for one in pack["forms"] if one.get("profile"))
    asked = rng.sample(form["profile"], rng.randrange(len(form["profile"])))
    answers = {"integer": "3", "decimal": "6.9", "date": "2011-05-02", "text": "a note"}

    def answer(question: Any) -> str:
        kind, _, name = question["type"].partition(" ")
        return answers.get(kind) or str(rng.choice(pack["choices"][name])["name"])

    header = ["case", "inspector", "form", *(one["name"] for one in asked)]
    return [
        header,
        *(
            [f"C{n:03}", "I1", form["name"], *map(answer, asked)]
            for n in range(rng.choice((1, 9, 60)))
        ),
    ]


SAMPLED: Final = "omi2-2011"


def as_csv(rows: list[list[str]], separator: str = ",", end: str = "\r\n") -> bytes:
    lines = (separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    return end.join(lines).encode("utf-8", "surrogatepass")


def sample_of_texts(rng: Random) -> bytes:
    rows = sample(rng)
    for _ in range(rng.choice((1, 3, 20))):
        row = rng.choice(rows)
        row[rng.randrange(len(row))] = rng.choice(TEXTS)
    return as_csv(rows, rng.choice((",", ";", "\t")), rng.choice(("\n", "\r\n", "\r")))


def sample_of_much(rng: Random) -> bytes:
    many = rng.choice((1_000, 10_000, 60_000))
    return rng.choice(
        (
            lambda: as_csv([["case"], *([f"C{n}"] for n in range(many))]),
            lambda: as_csv([["case"], *[["C1"]] * many]),
            lambda: as_csv([["case"], *[["a name"]] * many]),
            lambda: as_csv([["case", *(f"column {n}" for n in range(many))], ["C1"]]),
            lambda: as_csv([["case", *["gender"] * many], ["C1", *["male"] * many]]),
            lambda: as_csv([["case"], ["C1", *["x"] * many]]),
            lambda: as_csv([["case", "gender"], *([f"C{n}", "mle"] for n in range(many))]),
            lambda: as_csv([["case", "inspector"], *([f"C{n}", "x y"] for n in range(many))]),
            lambda: as_csv([["case", "form"], *([f"C{n}", "case-fil"] for n in range(many))]),
            lambda: b"case" + b"," * many + b"\nC1",
            lambda: b"case\n" + b"\n" * many,
            lambda: b"case\n" + b",\n" * many,
            lambda: b'case\n"' + b"x" * many * 10,
            lambda: b"case\n" + b'"",' * many,
            lambda: b"case;" * many + b"\nC1",
            lambda: b"x" * many * 40,
        )
    )()


def sample_scrambled(rng: Random) -> bytes:
    return scrambled(as_csv(sample(rng)), rng)


# --- figures --------------------------------------------------------------------------------------

FIGURES: Final = ROOT / "tests" / "data" / "published_figures.json"


def figures(rng: Random) -> Any:
    document = json.loads(FIGURES.read_bytes())
    document["tables"] = rng.sample(document["tables"], rng.choice((1, 5, 20)))
    return document


def figures_mutated(rng: Random) -> bytes:
    return dumped(mutated(figures(rng), rng))


def figures_scrambled(rng: Random) -> bytes:
    return scrambled(FIGURES.read_bytes(), rng)


def figures_of_much(rng: Random) -> bytes:
    many = rng.choice((300, 3_000, 20_000))
    huge = rng.choice((10**9, 10**9 - 1, 999_983, 2_000, 1_999, 10**12))
    percents = {f"s{n}": rng.choice((1, 0.1, 33.333333333, 100, 0)) for n in range(many)}
    scale = list(percents)
    table: Any = {"id": "t", "kind": rng.choice((*FIGURE_KINDS, "x")), "question": "Q"}
    rng.choice(
        (
            lambda: table.update(scale=scale, printed_percent=percents, sample=huge),
            lambda: table.update(scale=scale, printed_percent=percents, base=huge),
            lambda: table.update(printed_percent=dict.fromkeys(scale[:40], 2.5), sample=2_000),
            lambda: table.update(printed_percent=47.123456789, base=huge),
            lambda: table.update(printed_percent=47.123456789, sample=huge),
            lambda: table.update(counts=1, printed_percent=0.000000001),
            lambda: table.update(counts=dict.fromkeys(scale, huge), base=huge, scale=scale),
            lambda: table.update(
                columns=scale,
                printed_percent={name: {"a": 31, "b": 69, "c": 0.5} for name in scale},
                sample=2_000,
            ),
            lambda: table.update(criteria=[{"id": f"1.{n}", "score": n % 101} for n in range(many)],
                                 section_scores={"1": 50, "2": 3}),
            lambda: table.update(criteria=[{"id": "1.1", "score": 50, "weight": 1e-9,
                                            "parts": [{"count": n, "base": n + 1, "weight": 0.7}
                                                      for n in range(min(many, 3_000))]}]),
            lambda: table.update(values={name: {"total": huge, "a": 1, "b": 2} for name in scale}),
            lambda: table.update(rows=[{"factor": name, "base": huge, "printed_percent": 31.7}
                                       for name in scale]),
            lambda: table.update(statements=[{"of": "t", "printed": 31}] * many, note="s1 " * many),
        )
    )()  # fmt: skip
    tables = [table | {"id": f"t{n}", "follows": f"t{n + 1}"} for n in range(rng.choice((1, 1, 4)))]
    if rng.random() < 0.3:
        tables = [
            {"id": f"t{n}", "kind": rng.choice(FIGURE_KINDS), "printed_percent": 33, "base": n,
             "follows": f"t{n + 1}", "report": f"r{n % 3}"}
            for n in range(many)
        ]  # fmt: skip
    return dumped({"tables": tables})


FIGURE_KINDS: Final = (
    "single_choice", "four_level", "counts", "four_level_percent_only", "multi_select", "derived",
    "distribution_percent_only", "body_statement", "agreement_counts", "factor_progress",
    "criterion_scores", "sample_sizes", "yes_of_relevant", "yes_share_percent_only",
)  # fmt: skip


# --- all kinds ------------------------------------------------------------------------------------

MAKERS: Final[dict[str, tuple[Maker, ...]]] = {
    "pack": (
        nested, pack_mutated, pack_nested_inside, pack_of_expressions, pack_of_many_questions,
        pack_mutated, pack_of_loops, pack_of_expressions, pack_hard_to_reach, pack_with_references,
        pack_mutated, pack_with_keys_twice, pack_with_odd_values, pack_of_much, pack_scrambled,
        repeated, not_text, pack_of_expressions, pack_mutated, pack_of_much,
    ),
    "figures": (
        figures_mutated, nested, figures_of_much, figures_scrambled, repeated, not_text,
        figures_mutated, figures_of_much,
    ),
    "inspection": (
        file_mutated, nested, file_of_references, file_of_values, file_of_much, file_scrambled,
        repeated, not_text, file_nested_inside, file_mutated, file_of_references, file_of_values,
    ),
    "sample": (
        sample_of_texts, sample_of_much, sample_scrambled, not_text, sample_of_texts, nested,
        repeated,
    ),
}  # fmt: skip


def hostile(kind: str, number: int) -> Input:
    """The same at every run with the same seed."""
    maker = MAKERS[kind][number % len(MAKERS[kind])]
    content = maker(Random(f"{SEED} {kind} {number}"))  # noqa: S311  # no secret
    return Input(kind, number, maker.__name__, content)
