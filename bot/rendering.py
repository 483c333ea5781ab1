"""From effects to a reply: what each effect says, and the card with its buttons.

Plain text and buttons; each channel draws them its own way. One step gives one message: what
happened, then the card at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Final

from bot.reply import Button, Reply
from bot.taps import CardTaps, inspection_mark, next_case_tap, remove_tap
from bot.wording import en as say
from criteria.adjustments import Adjustment
from criteria.case import CaseKey, EvidenceKind, Status, Value
from criteria.pack import NA, NOT_KNOWN, OUT_OF_BASE, Form, LevelRule, Pack, Question
from criteria.relevance import Progress
from criteria.report.score_rows import ScoreRow, summary_rows
from criteria.scoring import InspectionScore, Score, percent
from dialogs import effects
from dialogs.effects import Effect
from dialogs.events import Card
from dialogs.session import Session
from storage.exports.report_words import whole as whole_percent

BAR_STEPS: Final = 5
MAX_LISTED: Final = 12
"""Questions that a review offers as buttons."""
MAX_WARNINGS: Final = 5
ROOM: Final = 3_600
"""Characters that a card's text keeps to, under the 4,096 a chat message holds."""


@dataclass(frozen=True, slots=True)
class View:
    """What a reply is drawn from: the session after the step, its pack and its inspection's id."""

    session: Session
    pack: Pack
    inspection_id: str
    message: int | None = None
    """The message that is answered, where a channel knows messages."""

    @property
    def case(self) -> str:
        return self.session.case.case if self.session.case else ""

    @property
    def form(self) -> Form:
        form = self.pack.form(self.session.case.form) if self.session.case else None
        return form or self.pack.forms[0]

    def text(self, label: Mapping[str, str]) -> str:
        return self.pack.text(label, self.session.language)

    @property
    def taps(self) -> CardTaps:
        cursor = self.session.cursor
        reading = self.session.case.reading if self.session.case else 1
        card = Card(self.case, self.form.name, cursor.question, cursor.revision, reading)
        return CardTaps(inspection_mark(self.inspection_id), card, self.form)


def render(told: Sequence[Effect], view: View) -> Reply:
    """One message for one step. It is a card unless it only reports (a progress, a language)."""
    lines: list[str] = []
    card: Reply | None = None
    for effect in told:
        if isinstance(effect, effects.QuestionAsked):
            card = _question_card(effect, view)
        elif isinstance(effect, effects.ReviewShown):
            card = _review_card(effect, told, view)
        elif isinstance(effect, effects.NoteAsked):
            card = _note_card(effect, view)
        else:
            lines += _SAYS[type(effect)](effect, view)
    head = "\n".join(lines)
    toast = _toast(told, head)
    if card is not None and view.message is not None and _holds_back(told):
        take_away = Button(say.TAKE_MESSAGE_AWAY, remove_tap(view.message))
        card = replace(card, buttons=((take_away,), *card.buttons))
    if card is None:
        return Reply(head, toast=toast)
    text = f"{head}{_between(told)}{card.text}".rstrip() if head else card.text
    return replace(card, text=text, toast=toast)


def _holds_back(told: Sequence[Effect]) -> bool:
    return any(isinstance(effect, effects.NoteHeld) for effect in told)


def _between(told: Sequence[Effect]) -> str:
    """An echo stands right over its card; anything longer has a line of air beneath it."""
    return "\n" if isinstance(told[0], effects.AnswerRecorded) and len(told) == 2 else "\n\n"


def _toast(told: Sequence[Effect], head: str) -> str | None:
    """What is flashed beside a tap: only what refuses it."""
    if effects.TapRefused(repeated=True) in told:
        return say.REPEATED
    refusals = (effects.TapRefused, effects.MoveRefused, effects.CaseClosed, effects.SubmitRefused)
    return head.splitlines()[0] if head and isinstance(told[0], refusals) else None


# --- answers and numbers as people read them ----------------------------------------------------


def answer_text(question: Question, value: Value, view: View) -> str:
    """An answer by its label, a date in words, a list by its labels."""
    if question.leaves_base(value) and value in OUT_OF_BASE:
        return say.NA if value == NA else say.NOT_KNOWN
    if isinstance(value, tuple):
        return ", ".join(_choice_label(question, name, view) for name in value) or (
            say.NONE_OF_THESE
        )
    if question.kind == "date" and isinstance(value, str):
        return _day(value)
    if question.choice_list and isinstance(value, str):
        return _choice_label(question, value, view)
    return shortened(str(value), 200)


def _choice_label(question: Question, name: str, view: View) -> str:
    choice = question.choice(name)
    return view.text(choice.label) if choice else name


def _day(iso_date: str) -> str:
    day = date.fromisoformat(iso_date)
    return f"{day.day} {day:%B %Y}"


def shortened(text: str, limit: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def numbers(questions: Iterable[Question], limit: int = 60) -> str:
    listed = [question.number for question in questions]
    more = f" and {len(listed) - limit} more" if len(listed) > limit else ""
    return ", ".join(listed[:limit]) + more


def bar(part: Fraction | int) -> str:
    """Five squares: a full one for each whole fifth, so that only all of it looks full."""
    full = int(part * BAR_STEPS)
    return "■" * full + "□" * (BAR_STEPS - full)


def _share(progress: Progress) -> Fraction:
    return Fraction(progress.answered, progress.relevant) if progress.relevant else Fraction(0)


def progress_lines(by_criterion: Mapping[str | None, Progress], view: View) -> list[str]:
    """``■■□□□ 5/9 Systems`` for each criterion, facts about the case first."""
    return [
        f"{bar(_share(progress))} {progress.answered}/{progress.relevant} {_criterion(name, view)}"
        for name in (None, *view.pack.criteria)
        if (progress := by_criterion.get(name))
    ]


def _criterion(name: str | None, view: View) -> str:
    return criterion_label(view.pack, name, view.session.language)


def criterion_label(pack: Pack, name: str | None, language: str | None = None) -> str:
    """``1.2 Assessment``; what belongs to none is not scored."""
    criterion = pack.criteria.get(name or "")
    if criterion is None:
        return say.NO_CRITERION
    return f"{criterion.number} {pack.text(criterion.label, language)}"


def example_number(form: Form) -> str:
    """A question's number for "/goto 1.2.3": of the first that is no fact and always asked."""
    asked = [one for one in form.questions if one.is_answered_by_people]
    usual = [one for one in asked if not one.profile and one.relevant is None]
    return next((one.number for one in (*usual, *asked)), "1")


def case_title(pack: Pack, key: CaseKey) -> str:
    """The reference; with the form unless it is the one that is filled for a case, and which
    reading it is.
    """
    of_cases = [form.name for form in pack.forms if form.subject == "case"]
    alone = len(pack.forms) == 1 or of_cases == [key.form]
    title = key.case if alone else f"{key.case} {key.form}"
    return title if key.reading == 1 else say.SECOND_OF.format(case=title)


# --- what an effect says ------------------------------------------------------------------------


def _answer_recorded(effect: effects.AnswerRecorded, view: View) -> list[str]:
    answer = answer_text(effect.question, effect.value, view)
    lines = [say.ECHO.format(number=effect.question.number, answer=answer)]
    if effect.read_from:
        read_from = shortened(effect.read_from, 60)
        number = effect.question.number
        lines.append(say.READ_FROM.format(text=read_from, answer=answer, number=number))
    if effect.before is not None and effect.before != effect.value:
        before = answer_text(effect.question, effect.before, view)
        lines.append(say.CHANGED_FROM.format(answer=before))
    return lines


def _answer_rejected(effect: effects.AnswerRejected, view: View) -> list[str]:
    question = effect.question
    if effect.reason == "constraint" and question.constraint_message:
        return [view.text(question.constraint_message)]
    near = [answer_text(question, name, view) for name in effect.near[:4]]
    return [
        say.REJECTED[effect.reason].format(
            text=shortened(effect.text, 60),
            number=question.number,
            near=say.one_or_other(near) if near else "",
        )
    ]


def _line_rejected(effect: effects.LineRejected, _view: View) -> list[str]:
    word = shortened(effect.word, 60)
    first = say.first_answers(effect.fit, effect.last.number)
    if effect.question is None:
        return [say.LINE_TOO_LONG.format(word=word, first=first)]
    number = effect.question.number
    if effect.answered:
        return [say.LINE_ANSWERED.format(number=number)]
    return [say.LINE_REJECTED.format(word=word, number=number, first=first)]


def _tap_refused(effect: effects.TapRefused, view: View) -> list[str]:
    """A double tap needs no words: the card moves on, and a toast says it."""
    if effect.repeated:
        return []
    if effect.other_case:
        return [say.OTHER_CASE.format(other=effect.other_case, case=view.case)]
    return [say.OLD_CARD]


def _jump_refused(effect: effects.JumpRefused, view: View) -> list[str]:
    target = shortened(effect.target, 60)
    lines = [
        say.JUMP_REFUSED[effect.reason].format(target=target, number=example_number(view.form))
    ]
    near = [question.number for question in effect.near]
    near += [_criterion(criterion.name, view) for criterion in effect.criteria]
    if near:
        lines.append(say.DID_YOU_MEAN.format(near=say.one_or_other(near)))
    elif effect.reason == "unknown":
        lines.append(say.REVIEW_LISTS)
    return lines


def _case_submitted(effect: effects.CaseSubmitted, view: View) -> list[str]:
    return [say.SUBMITTED.format(case=view.case), *result_lines(effect.result, view)]


def result_lines(result: Mapping[str, tuple[int, int]], view: View) -> Iterable[str]:
    """A case's result by criterion: ``■■■□□ 67% · 2 of 3 · 1 Systems``."""
    counted = [name for name in view.pack.criteria if result.get(name, (0, 0))[1]]
    if counted:
        yield from ("", say.CASE_RESULT)
    for name in counted:
        sufficient, relevant = result[name]
        share = Fraction(sufficient, relevant)
        figure = f"{percent(share)}% · {sufficient} of {relevant}"
        yield f"{bar(share)} {figure} · {_criterion(name, view)}"


def _closed(view: View) -> str:
    return (say.CLOSED_AGREED if _is_agreed(view) else say.CLOSED).format(case=view.case)


def _is_agreed(view: View) -> bool:
    return view.session.case is not None and view.session.case.status is Status.AGREED


def _progress_shown(effect: effects.ProgressShown, view: View) -> list[str]:
    share = _share(effect.progress)
    head = say.PROGRESS_HEAD.format(
        case=view.case,
        answered=effect.progress.answered,
        relevant=effect.progress.relevant,
        percent=percent(share) if share == 1 else min(percent(share), 99),
    )
    return [head, *progress_lines(effect.by_criterion, view)]


def _note_held(effect: effects.NoteHeld, _view: View) -> list[str]:
    """What seems to give somebody away, and what next; the chat may lose the message."""
    found = [f"{say.PERSONAL[one.kind]} (“{shortened(one.text, 40)}”)" for one in effect.found[:3]]
    text = say.FILE_HELD if effect.media else say.NOTE_HELD
    return [text.format(found=say.one_and_other(found))]


def _language_refused(effect: effects.LanguageRefused, _view: View) -> list[str]:
    if len(effect.languages) > 1:
        return [say.LANGUAGE_ASKED]
    return [say.LANGUAGE_ONLY.format(language=language_name(effect.languages[0]))]


def language_name(code: str) -> str:
    return say.LANGUAGES.get(code, code)


_SAYS: Final[Mapping[type, Callable[[Any, View], list[str]]]] = {
    effects.AnswerRecorded: _answer_recorded,
    effects.AnswersHidden: lambda e, _: [say.HIDDEN.format(numbers=numbers(e.questions))],
    effects.AnswersReturned: lambda e, _: [say.RETURNED.format(numbers=numbers(e.questions))],
    effects.AnswerRejected: _answer_rejected,
    effects.LineRejected: _line_rejected,
    effects.TicksDropped: lambda e, _: [say.TICKS_DROPPED.format(number=e.question.number)],
    effects.NoteRemoved: lambda e, _: [say.NOTE_REMOVED.format(number=e.question.number)],
    effects.NoteRecorded: lambda e, _: [
        say.NOTE_RECORDED.format(number=e.question.number, kind=say.AS_KIND[e.kind])
    ],
    effects.NoteHeld: _note_held,
    effects.AttachmentRecorded: lambda e, _: [
        say.ATTACHED.format(
            media=say.MEDIA[e.attachment.media],
            number=e.question.number,
            kind=say.AS_KIND[e.attachment.kind],
        )
    ],
    effects.KindSet: lambda e, _: [
        say.KIND_SET.format(number=e.question.number, kind=say.AS_KIND[e.kind])
    ],
    effects.NoteRejected: lambda e, view: [
        say.NOTE_REJECTED[e.reason].format(
            number=e.question.number if e.question else example_number(view.form)
        )
    ],
    effects.ProgressShown: _progress_shown,
    effects.CaseSubmitted: _case_submitted,
    effects.SubmitRefused: lambda e, _: [say.SUBMIT_REFUSED.format(count=len(e.open_required))],
    effects.CaseClosed: lambda _, view: [_closed(view)],
    effects.CaseReopened: lambda _, view: [say.REOPENED.format(case=view.case)],
    effects.MoveRefused: lambda e, view: [
        say.MOVE_REFUSED[e.reason].format(case=view.case, number=example_number(view.form))
    ],
    effects.TapRefused: _tap_refused,
    effects.JumpRefused: _jump_refused,
    effects.LanguageSet: lambda e, _: [say.LANGUAGE_SET.format(language=language_name(e.language))],
    effects.LanguageRefused: _language_refused,
}


# --- cards --------------------------------------------------------------------------------------


def _question_card(asked: effects.QuestionAsked, view: View) -> Reply:
    question = asked.question
    head = say.CARD_HEAD.format(
        case=view.case, number=question.number, place=asked.place, of=asked.of
    )
    hints = [view.text(question.hint)] if question.hint else []
    if question.kind in say.TYPE_HINTS:
        hints.append(say.TYPE_HINTS[question.kind])
    if asked.value is not None:
        hints.append(say.YOUR_ANSWER.format(answer=answer_text(question, asked.value, view)))
    if asked.note:
        hints.append(say.YOUR_NOTE.format(note=shortened(asked.note, 300)))
    if asked.attachments:
        hints.append(say.attached(asked.attachments))
    hints += [say.REMARK.format(by=one.by, text=shortened(one.text, 600)) for one in asked.remarks]
    text = "\n\n".join([f"{head}\n{view.text(question.label)}", *hints])
    wants_text = question.kind in ("integer", "decimal", "date", "text")
    return Reply(text, tuple(_question_buttons(asked, view)), card=True, wants_text=wants_text)


def _question_buttons(asked: effects.QuestionAsked, view: View) -> Iterable[tuple[Button, ...]]:
    question, taps = asked.question, view.taps
    if question.kind in ("select_one", "select_multiple"):
        yield from in_rows(
            [
                Button(
                    f"☑ {view.text(choice.label)}"
                    if choice.name in asked.picked
                    else view.text(choice.label),
                    taps.choice(question, choice.name),
                    answer=True,
                )
                for choice in question.choices
            ]
        )
    aside = [Button(say.NA, taps.choice(question, NA), answer=True)] if question.na else []
    if question.not_known:
        aside.append(Button(say.NOT_KNOWN, taps.choice(question, NOT_KNOWN), answer=True))
    if aside:
        yield tuple(aside)
    if question.kind == "select_multiple":
        yield (Button(say.done(len(asked.picked)), taps.control("done")),)
    on = say.CONTINUE if question.kind == "note" else say.SKIP
    controls = [
        Button(say.BACK, taps.control("back")),
        Button(on, taps.control("skip")),
        Button(say.REVIEW, taps.control("review")),
    ]
    if question.is_answered_by_people and not question.profile:
        controls.insert(2, Button(say.NOTE, taps.control("note")))
    yield tuple(controls)
    yield from _kind_buttons(asked.kind, taps)


def _kind_buttons(chosen: EvidenceKind | None, taps: CardTaps) -> Iterable[tuple[Button, ...]]:
    """What the note or file just given is kept as, and what it may be instead."""
    if chosen is not None:
        kinds = [
            Button(f"{'● ' if kind is chosen else ''}{say.KINDS[kind]}", taps.kind(kind))
            for kind in EvidenceKind
        ]
        # Always two in a row: the card must not change its shape with the mark.
        yield from (tuple(kinds[at : at + 2]) for at in range(0, len(kinds), 2))


def in_rows(buttons: Sequence[Button]) -> Iterable[tuple[Button, ...]]:
    """Long labels get a row each, short ones share: a phone shows about 30 characters a row."""
    longest = max((len(button.label) for button in buttons), default=0)
    columns = 1 if longest > 14 else 2 if longest > 5 else 4
    for start in range(0, len(buttons), columns):
        yield tuple(buttons[start : start + columns])


def _note_card(effect: effects.NoteAsked, view: View) -> Reply:
    lines = [say.NOTE_ASKED.format(number=effect.question.number)]
    buttons = [Button(say.CANCEL, view.taps.control("cancel"))]
    if effect.note:
        lines.append(say.NOTE_REPLACES.format(note=shortened(effect.note, 300)))
        buttons.append(Button(say.REMOVE_NOTE, view.taps.control("unnote")))
    return Reply("\n".join(lines), (tuple(buttons),), card=True, wants_text=True)


def _review_card(review: effects.ReviewShown, told: Sequence[Effect], view: View) -> Reply:
    closed = any(isinstance(e, effects.CaseSubmitted | effects.CaseClosed) for e in told) or (
        view.session.case is not None and view.session.case.status.is_in
    )
    taps = view.taps
    if closed:
        reopen = () if _is_agreed(view) else (Button(say.REOPEN, taps.control("reopen")),)
        buttons: list[tuple[Button, ...]] = [
            (*reopen, Button(say.NEXT_CASE, next_case_tap(taps.mark)))
        ]
    else:
        buttons = list(_review_buttons(review, taps))
    just_submitted = any(isinstance(e, effects.CaseSubmitted) for e in told)
    text = "" if just_submitted else "\n".join(_review_lines(review, view, closed=closed))
    return Reply(text, tuple(buttons), card=True, final=just_submitted)


def _review_buttons(review: effects.ReviewShown, taps: CardTaps) -> Iterable[tuple[Button, ...]]:
    remarked = [question for question, _ in review.remarks if question]
    listed = [*dict.fromkeys((*remarked, *review.open))][:MAX_LISTED]
    for start in range(0, len(listed), 4):
        yield tuple(Button(q.number, taps.question(q)) for q in listed[start : start + 4])
    last = [Button(say.BACK, taps.control("back"))]
    if review.open:
        last.append(Button(say.NEXT_OPEN, taps.control("next_open")))
    if not review.open_required:
        last.append(Button(say.SUBMIT, taps.control("submit")))
    yield tuple(last)
    yield from _kind_buttons(review.kind, taps)


def _review_lines(review: effects.ReviewShown, view: View, *, closed: bool) -> list[str]:
    """How far the case is; of one that is in, its result."""
    head = say.REVIEW_HEAD.format(
        case=view.case,
        answered=review.progress.answered,
        relevant=review.progress.relevant,
    )
    if review.result is None:
        lines = [head, *progress_lines(review.by_criterion, view)]
    else:
        status = say.AGREED if _is_agreed(view) else say.IS_SUBMITTED
        lines = [head, status.format(case=view.case), *result_lines(review.result, view)]
    optional = [question for question in review.open if not question.required]
    if review.open_required:
        lines += ["", say.STILL_OPEN.format(numbers=numbers(review.open_required))]
    elif not closed:
        lines += ["", say.ALL_ANSWERED]
    if optional and not closed:
        lines.append(say.OPEN_OPTIONAL.format(numbers=numbers(optional)))
    lines += [
        say.REMARK_LINE.format(
            by=one.by, number=question.number if question else say.WHOLE_CASE, text=one.text
        )
        for question, one in review.remarks
    ]
    if review.hidden:
        lines.append(say.KEPT_NOT_COUNTED.format(numbers=numbers(review.hidden)))
    if review.listed:
        lines += _answer_lines(review.answers, view, ROOM - len("\n".join(lines)))
    return lines


def _answer_lines(
    answers: Sequence[tuple[Question, Value]], view: View, room: int
) -> Iterable[str]:
    """Every answer, ``B1 Yes``, a line each under its criterion, as far as one message holds."""
    criterion: str | None = "\0"
    places = {name: place for place, name in enumerate((None, *view.pack.criteria))}
    ordered = sorted(answers, key=lambda one: places[one[0].criterion])
    for place, (question, value) in enumerate(ordered):
        head = [] if question.criterion == criterion else ["", _criterion(question.criterion, view)]
        line = f"{question.number} {shortened(answer_text(question, value, view), 60)}"
        room -= sum(len(part) + 1 for part in (*head, line))
        if room < 0:
            yield f"… and {len(answers) - place} more"
            return
        criterion = question.criterion
        yield from (*head, line)


# --- the score summary --------------------------------------------------------------------------


def summary_lines(
    score: InspectionScore, adjustments: Mapping[str, Adjustment], language: str | None = None
) -> list[str]:
    """The score by section and criterion, then the headlines, each with how many answers it is of:
    ``■■□□□ 44% 1 Systems (23 answers)``.
    """
    summary = summary_rows(score, adjustments, language=language)
    if summary.is_empty:
        return [say.SUMMARY_NOTHING]
    lines: list[str] = []
    for section in summary.sections:
        if len(summary.sections) > 1:
            total = section.total
            figure = "" if total.by_level else f"{whole_percent(total.score.percent)} "
            lines += ["", f"{figure}{total.label}"]
        lines += map(_score_line, section.criteria)
    if summary.headlines:
        lines += ["", say.HEADLINES, *map(_score_line, summary.headlines)]
    if summary.bands_inferred:
        lines += ["", say.INFERRED_BANDS]
    more = len(score.warnings) - MAX_WARNINGS
    cut = [say.more_warnings(more)] if more > 0 else []
    return [*lines, *(["", *score.warnings[:MAX_WARNINGS], *cut] if score.warnings else [])]


def _score_line(row: ScoreRow) -> str:
    """The bar is drawn from the whole percent that stands beside it."""
    said = _by_the_lead(row.adjusted.name) if row.adjusted else ""
    if row.by_level:
        return f"{row.label}: {row.level.label if row.level else say.NO_LEVEL}{said}"
    aside = [row.band.name] if row.band else []
    aside += [say.answers(row.base)] if row.base else []
    whole = row.score.percent
    drawn = bar(Fraction(whole or 0, 100))
    of = f" ({', '.join(aside)})" if aside else ""
    return f"{drawn} {whole_percent(whole)} {row.label}{of}{said}"


def comment(score: Score, level: LevelRule | None, adjustment: Adjustment | None) -> str:
    """``: 78%, MODERATE (by the lead: SUBSTANTIAL)``, as it follows a criterion's name."""
    parts = [] if score.percent is None else [f"{score.percent}%"]
    parts += [level.name] if level else []
    parts += [score.band.name] if score.band else []
    said = _by_the_lead(adjustment.to) if adjustment else ""
    return f": {', '.join(parts)}{said}" if parts else ""


def _by_the_lead(to: str) -> str:
    return f" {say.BY_THE_LEAD.format(to=to)}"
