"""Read packs from their JSON. This is the only I/O of this room.

:func:`load_pack` takes a document in which ``check_pack`` found no errors; :func:`read_pack` does
both.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import count
from pathlib import Path
from typing import Any

from criteria.expressions import Expression, both, compiled_once
from criteria.instrument import pack as parts
from criteria.instrument.pack import JSON, Pack
from criteria.question import Choice, ChoiceList, Label, Question
from criteria.question_types import TYPES

PACKS = Path(__file__).with_name("packs")
DEMO_PACK = "movement-of-cases-2004"


class PackError(Exception):
    """A pack cannot be used; the message says which, why and what to do."""


def pack_names() -> list[str]:
    return sorted(path.stem for path in PACKS.glob("*.json"))


def pack_path(name: str | None) -> Path:
    if name is None:
        raise PackError(f"No pack is named. Name one of {', '.join(pack_names())} with --pack.")
    built_in = PACKS / f"{name}.json"
    if name in pack_names():
        return built_in
    try:
        if Path(name).is_file():
            return Path(name)
    except (OSError, ValueError):  # too long, or with a NUL
        pass
    near = get_close_matches(name, pack_names(), n=1)
    meant = f" Did you mean {near[0]}?" if near else f" Name one of {', '.join(pack_names())}."
    raise PackError(
        f"There is no pack {name[:80]!r}.{meant} A pack of your own is named by its JSON file."
    )


def read_document(path: Path) -> JSON:
    """Return the JSON object in a checked file. Raises :class:`PackError` if there is none."""
    return document_in(read_text(path), path)


def document_in(text: str, path: Path) -> JSON:
    """As :func:`read_document`, of a file that was read already."""
    document = json.loads(text)
    if not isinstance(document, dict):
        raise PackError(f"{path}: is not a JSON object; a pack starts with {{.")
    return document


def read_text(path: Path) -> str:
    try:
        return read_at_most(path, parts.MAX_SIZE).decode("utf-8-sig")
    except TooLarge as exc:
        raise PackError(f"{path}: {exc}; is it a pack?") from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise PackError(f"{path}: cannot be read ({exc}).") from exc


class TooLarge(Exception):
    """A file is larger than any that can be meant."""


def read_at_most(path: Path, most: int) -> bytes:
    """Return a file's bytes. Raises ``OSError``, or :class:`TooLarge` without reading the rest."""
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise TooLarge(f"it is larger than {most // 1_000:,} kB")
    return content


def read_pack(name: str | None) -> Pack:
    """Return a pack by its name or file, checked unless it is built in (the tests check those)."""
    path = pack_path(name)
    text = read_text(path)
    if path.parent != PACKS:
        from criteria.instrument.check.pack import check_pack_text  # noqa: PLC0415  # jsonschema is slow

        errors = [issue for issue in check_pack_text(text) if issue.is_error]
        if errors:
            raise PackError(
                f"{path} has {len(errors)} errors, the first: {errors[0]}"
                f"\nRun `casewalk check {path}` for all of them."
            )
    return load_pack(document_in(text, path))


def load_pack(document: JSON) -> Pack:
    settings = document["settings"]
    default = settings.get("default_language", "en")
    read = _Reader(default, settings.get("holidays"))
    sections = tuple(read.section(raw) for raw in document.get("sections", ()))
    lists = {name: read.choice_list(name, raw) for name, raw in document.get("choices", {}).items()}
    forms = tuple(read.form(at, raw, lists) for at, raw in enumerate(document.get("forms", ())))
    scoring = document.get("scoring", {})
    columns = {
        name: tuple(map(read.column, raw)) for name, raw in document.get("columns", {}).items()
    }
    return Pack(
        name=settings["form_id"],
        title=read.label(settings["form_title"]),
        version=str(settings["version"]),
        default_language=default,
        languages=(default, *sorted(read.languages - {default})),
        source=settings.get("source"),
        sections=sections,
        criteria={one.name: one for section in sections for one in section.criteria},
        headlines=tuple(
            parts.Headline(raw["name"], read.label(raw["label"]))
            for raw in document.get("headlines", ())
        ),
        forms=forms,
        bands=read.bands(scoring.get("bands", ())),
        bands_basis=scoring.get("bands_basis"),
        min_base=scoring.get("min_base"),
        sample_lists=tuple(settings.get("sample_lists", ())),
        levels=read.levels(scoring["levels"], lists) if "levels" in scoring else None,
        columns=columns,
        tables=tuple(read.table(raw, columns) for raw in document.get("tables", ())),
        document=document,
    )


def _aliases(
    raw: Sequence[str] | Mapping[str, Sequence[str]],
) -> Mapping[str | None, tuple[str, ...]]:
    if isinstance(raw, Mapping):
        return {language: tuple(texts) for language, texts in raw.items()}
    return {None: tuple(raw)} if raw else {}


class _Reader:
    def __init__(self, default_language: str, holidays: str | None) -> None:
        self.default = default_language
        self.holidays = holidays
        self.languages: set[str] = set()

    def label(self, raw: str | Mapping[str, str]) -> Label:
        if isinstance(raw, str):
            return {self.default: raw}
        self.languages.update(raw)
        return dict(raw)

    def optional_label(self, raw: Any) -> Label | None:
        return None if raw is None else self.label(raw)

    def choice_list(self, name: str, raw: Sequence[JSON]) -> ChoiceList:
        choices = tuple(
            Choice(
                name=one["name"],
                label=self.label(one["label"]),
                sufficient=one.get("sufficient"),
                is_na=one.get("is_na", False),
                aliases=_aliases(one.get("aliases", ())),
            )
            for one in raw
        )
        return ChoiceList(name, choices, {choice.name: choice for choice in choices})

    def section(self, raw: JSON) -> parts.Section:
        criteria = tuple(
            parts.Criterion(
                name=one["name"],
                number=str(one.get("number", one["name"])),
                label=self.label(one["label"]),
                section=raw["name"],
                weight=one.get("weight", 1),
            )
            for one in raw.get("criteria", ())
        )
        by_levels = raw.get("method") == "levels"
        return parts.Section(raw["name"], self.label(raw["label"]), criteria, by_levels)

    def bands(self, raw: Sequence[JSON]) -> tuple[parts.Band, ...]:
        highest_first = sorted(raw, key=lambda one: -one["from"])
        return tuple(
            parts.Band(one["name"], one["from"], self.optional_label(one.get("label")))
            for one in highest_first
        )

    def expression(self, source: str | None) -> Expression | None:
        return compiled_once(source, self.holidays) if source else None

    def levels(self, raw: JSON, lists: Mapping[str, ChoiceList]) -> parts.Levels:
        rules = tuple(
            parts.LevelRule(
                name=one["name"],
                label=self.label(one["label"]),
                each=one.get("each"),
                most=one.get("most"),
                some=one.get("some"),
                others=one.get("others"),
            )
            for one in raw["rules"]
        )
        return parts.Levels(lists[raw["items"]], rules)

    def column(self, raw: JSON) -> parts.Column:
        where = self.expression(raw.get("where"))
        return parts.Column(raw["name"], self.label(raw["label"]), raw.get("form"), where)

    def table(self, raw: JSON, columns: Mapping[str, tuple[parts.Column, ...]]) -> parts.Table:
        return parts.Table(
            name=raw["name"],
            label=self.label(raw["label"]),
            kind=raw["kind"],
            source=raw.get("source"),
            columns=columns[raw["columns"]] if "columns" in raw else (),
            rows=tuple(
                parts.TableRow(
                    label=self.label(one["label"]),
                    questions=tuple(one.get("questions", ())),
                    factor=one.get("factor"),
                    progress=one.get("progress"),
                )
                for one in raw.get("rows", ())
            ),
            questions=tuple(raw.get("questions", ())),
        )

    def form(self, index: int, raw: JSON, lists: Mapping[str, ChoiceList]) -> parts.Form:
        profile = tuple(
            self.question(place, one, lists, profile=True)
            for place, one in enumerate(raw.get("profile", ()))
        )
        survey = self.children(iter(raw.get("survey", ())), lists, count(len(profile)))
        return parts.Form(
            index=index,
            name=raw["name"],
            label=self.label(raw["label"]),
            subject=raw.get("subject", "case"),
            children=(*profile, *survey),
        )

    def children(
        self,
        rows: Iterator[JSON],
        lists: Mapping[str, ChoiceList],
        places: Iterator[int],
        within: Expression | None = None,
    ) -> tuple[Question | parts.Group, ...]:
        """Read up to the end of a group, or of the survey. ``within`` is the groups' relevance."""
        found: list[Question | parts.Group] = []
        for raw in rows:
            if raw["type"] == parts.END_GROUP:
                break
            if raw["type"] == parts.BEGIN_GROUP:
                relevant = self.expression(raw.get("relevant"))
                group = parts.Group(
                    name=raw["name"],
                    label=self.optional_label(raw.get("label")),
                    relevant=relevant,
                    appearance=raw.get("appearance"),
                    children=self.children(rows, lists, places, both(within, relevant)),
                )
                found.append(group)
            else:
                found.append(self.question(next(places), raw, lists, within, profile=False))
        return tuple(found)

    def question(
        self,
        index: int,
        raw: JSON,
        lists: Mapping[str, ChoiceList],
        within: Expression | None = None,
        *,
        profile: bool,
    ) -> Question:
        kind, _, list_name = raw["type"].partition(" ")
        question_type = TYPES.get(kind)
        if question_type is None:
            raise PackError(f"question {raw['name']}: there is no type {kind!r}")
        relevant = both(within, self.expression(raw.get("relevant")))
        calculation = self.expression(raw.get("calculation"))
        asks = question_type.answered_by_people and not question_type.free_text
        return Question(
            index=index,
            name=raw["name"],
            address=raw["name"],
            number=str(raw.get("number", raw["name"])),
            type=question_type,
            label=self.label(raw.get("label") or raw["name"]),
            hint=self.optional_label(raw.get("hint")),
            choice_list=lists.get(list_name.strip() or str(raw.get("choices", ""))),
            criterion=raw.get("criterion"),
            headlines=tuple(raw.get("headlines", ())),
            relevant=relevant,
            constraint=self.expression(raw.get("constraint")),
            constraint_message=self.optional_label(raw.get("constraint_message")),
            calculation=calculation,
            na=raw.get("na", False),
            not_known=raw.get("not_known", False),
            required=raw.get("required", asks),
            profile=profile,
            source=raw.get("source"),
            min_base=raw.get("min_base"),
            scored=raw.get("scored", True),
            parent=raw.get("parent"),
            finding=self.optional_label(raw.get("finding")),
            depends_on=frozenset(
                name for one in (relevant, calculation) if one for name in one.names
            ),
        )
