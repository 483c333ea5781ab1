"""From effects to a reply: what each effect says, and the card with its buttons.

Paragraphs with roles and buttons with intents; each channel draws them its own way. One step makes
one message: what happened, then the card at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

from bot.callback_data import CardData, inspection_mark, next_case_data
from bot.channels.channel import Button, ButtonRows, Paragraph, ParagraphRole, Reply, rows_of
from bot.messages import Messages, language_name, messages
from criteria.adjustments import Adjustment
from criteria.case import CaseKey, EvidenceKind
from criteria.case_status import Status
from criteria.instrument.pack import Form, LevelRule, Pack
from criteria.pages import MAX_LABEL, Page
from criteria.question import NA, NOT_KNOWN, OUT_OF_BASE, Question, Value
from criteria.question_types.select_multiple import says_none
from criteria.relevance import FormState, Progress, form_state
from criteria.report import labels
from criteria.report.score_rows import ScoreRow, Summary
from criteria.scoring.score import Score, percent
from dialogs import effects
from dialogs.effects import Effect
from dialogs.events import Card
from dialogs.session import Session
from storage.exports.report_words import whole as whole_percent

BAR_STEPS: Final = 5
MAX_LISTED: Final = 12
"""Questions that a review offers as buttons."""
MAX_NUMBERS: Final = 60
MAX_IN_SIGHT: Final = 12
"""Choices among which a button is found at once."""
MAX_WARNINGS: Final = 5
ROOM: Final = 3_600
"""Characters that a card's text keeps to, under the 4,096 a chat message holds."""


@dataclass(frozen=True, slots=True)
class View:
    """What a reply is drawn from: the session after the step, its pack and its inspection's id."""

    session: Session
    pack: Pack
    inspection_id: str
    message: str | None = None
    """The id of the message that is answered, where a channel has one."""

    @property
    def say(self) -> Messages:
        """The messages in this chat's language."""
        return messages(self.session.language)

    @property
    def case(self) -> str:
        return self.session.case.case if self.session.case else ""

    @property
    def form(self) -> Form:
        form = self.pack.form(self.session.case.form) if self.session.case else None
        return form or self.pack.forms[0]

    def text(self, label: Mapping[str, str]) -> str:
        return self.pack.text(label, self.session.language)

    def filled(self, label: Mapping[str, str], state: FormState | None = None) -> str:
        """A text about a case, with the answers that it names: those of the case at hand."""
        case, seen = self.session.case, self.session.seen
        if state is None and case is not None and any("${" in text for text in label.values()):
            state = seen.state if seen and seen.case is case else form_state(self.form, case)

        def answer(name: str) -> str:
            if state is None or name not in state.values:
                return "…"
            return answer_text(state.by_name[name], state.values[name], self)

        return self.pack.text(label, self.session.language, answer)

    @property
    def card_name(self) -> str:
        """By what a channel knows the card at hand again; asking for a note is another card."""
        cursor, case = self.session.cursor, self.session.case
        key = case.key if case else None
        return f"{self.inspection_id} {key} {cursor.questions} {cursor.shown} {cursor.note_on}"

    @property
    def data(self) -> CardData:
        """What the buttons of the card at hand carry."""
        key = self.session.case.key if self.session.case else CaseKey("", self.form.name)
        card = Card(key, self.session.cursor.card)
        return CardData(inspection_mark(self.inspection_id), self.form, card)


def render(told: Sequence[Effect], view: View) -> Reply:
    """One message for one step. It is a card unless it only reports (a progress, a language)."""
    head: list[Paragraph] = []
    card: Reply | None = None
    for effect in told:
        if isinstance(effect, effects.QuestionAsked):
            card = _question_card(effect, view)
        elif isinstance(effect, effects.ReviewShown):
            card = _review_card(effect, told, view)
        elif isinstance(effect, effects.NoteAsked):
            card = _note_card(effect, view)
        else:
            role: ParagraphRole = "recorded" if isinstance(effect, _RECORDED) else "text"
            head += paragraphs(_SAYS[type(effect)](effect, view), role, close=bool(head))
    toast = _toast(view.say, told, head)
    if card is None:
        return Reply(tuple(head), toast=toast)
    shown = card.paragraphs
    if head and shown and isinstance(told[0], effects.AnswerRecorded) and len(told) == 2:
        # A recorded answer alone stands right over its card; anything longer is set apart from it.
        shown = (replace(shown[0], close=True), *shown[1:])
    return replace(card, paragraphs=(*head, *shown), toast=toast, name=view.card_name)


def paragraphs(
    lines: Iterable[str], role: ParagraphRole = "text", *, close: bool = False
) -> list[Paragraph]:
    """Lines as paragraphs, parted where a line is empty; ``close`` is for the first."""
    text = "\n".join(lines)
    close = close and not text.startswith("\n")
    blocks = text.lstrip("\n").split("\n\n") if text else ()
    return [Paragraph(block, role, close and not at) for at, block in enumerate(blocks)]


def _toast(say: Messages, told: Sequence[Effect], head: Sequence[Paragraph]) -> str | None:
    """What is flashed beside a tap: only what refuses it."""
    if effects.TapRefused(repeated=True) in told:
        return say("repeated")
    refusals = (effects.TapRefused, effects.MoveRefused, effects.CaseClosed, effects.SubmitRefused)
    return head[0].text.splitlines()[0] if head and isinstance(told[0], refusals) else None


# --- answers and numbers as people read them ----------------------------------------------------


def answer_text(question: Question, value: Value, view: View) -> str:
    """An answer by its label, a date in words, a list by its labels."""
    if question.leaves_base(value) and value in OUT_OF_BASE:
        return view.say("na") if value == NA else view.say("not-known")
    text = question.type.shown(question, value, view.text) or view.say("none-of-these")
    return text if question.choice_list else shortened(text, 200)


def shortened(text: str, limit: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def numbers(say: Messages, questions: Iterable[Question]) -> str:
    listed = [question.number for question in questions]
    told, more = ", ".join(listed[:MAX_NUMBERS]), len(listed) - MAX_NUMBERS
    return say("numbers-more", numbers=told, count=more) if more > 0 else told


def bar(part: Fraction | int) -> str:
    """Five squares: a full one for each whole fifth, so that only all of it looks full."""
    full = int(part * BAR_STEPS)
    return "■" * full + "□" * (BAR_STEPS - full)


def share_of(progress: Progress) -> Fraction:
    return Fraction(progress.answered, progress.relevant) if progress.relevant else Fraction(0)


def percent_done(share: Fraction) -> int:
    """A share of all that is to be done: 100 is shown for no less than all of it."""
    return percent(share) if share == 1 else min(percent(share), 99)


def criterion_places(pack: Pack) -> dict[str | None, int]:
    """In which order questions stand under their criteria, facts about the case first."""
    return {name: place for place, name in enumerate((None, *pack.criteria))}


def progress_lines(by_criterion: Mapping[str | None, Progress], view: View) -> list[str]:
    """``■■□□□ 5/9 Systems`` for each criterion, facts about the case first."""
    return [
        f"{bar(share_of(progress))} {progress.answered}/{progress.relevant}"
        f" {_criterion(name, view)}"
        for name in (None, *view.pack.criteria)
        if (progress := by_criterion.get(name))
    ]


def _criterion(name: str | None, view: View) -> str:
    return criterion_label(view.pack, name, view.session.language)


def criterion_label(pack: Pack, name: str | None, language: str | None = None) -> str:
    """``1.2 Assessment``; what belongs to none is not scored."""
    criterion = pack.criteria.get(name or "")
    if criterion is None:
        return messages(language)("no-criterion")
    return labels.criterion_label(pack, criterion, language)


def example_number(form: Form) -> str:
    """A question's number for "/goto 1.2.3": of the first that is no fact and always asked."""
    asked = [one for one in form.questions if one.is_answered_by_people]
    usual = [one for one in asked if not one.profile and one.relevant is None]
    return next((one.number for one in (*usual, *asked)), "1")


def case_title(say: Messages, pack: Pack, key: CaseKey) -> str:
    """The reference; with the form unless it is the one that is filled for a case, and which
    reading it is.
    """
    of_cases = [form.name for form in pack.forms if form.subject == "case"]
    alone = len(pack.forms) == 1 or of_cases == [key.form]
    title = key.case if alone else f"{key.case} {key.form}"
    return title if key.reading == 1 else say("second-of", case=title)


# --- what an effect says ------------------------------------------------------------------------


def _answer_recorded(effect: effects.AnswerRecorded, view: View) -> list[str]:
    answer = answer_text(effect.question, effect.value, view)
    number = effect.question.number
    lines = [view.say("echo", number=number, answer=answer)]
    if effect.read_from:
        read_from = shortened(effect.read_from, 60)
        lines.append(view.say("read-from", text=read_from, answer=answer, number=number))
    if effect.before is not None and effect.before != effect.value:
        before = answer_text(effect.question, effect.before, view)
        lines.append(view.say("changed-from", answer=before))
    return lines


def _edit_refused(effect: effects.EditRefused, view: View) -> list[str]:
    question, value = effect.question, effect.value
    if question is None:
        return [view.say("edit-refused-not_read")]
    if effect.reason == "changed_since":
        return [view.say("edit-refused-changed_since", number=question.number)]
    answer = view.say("open") if value is None else answer_text(question, value, view)
    return [view.say("edit-refused-unclear", number=question.number, answer=answer)]


def _answer_cleared(effect: effects.AnswerCleared, view: View) -> list[str]:
    before = answer_text(effect.question, effect.before, view)
    return [view.say("cleared", number=effect.question.number, answer=before)]


def _answer_rejected(effect: effects.AnswerRejected, view: View) -> list[str]:
    question = effect.question
    if effect.reason == "constraint" and question.constraint_message:
        return [view.filled(question.constraint_message)]
    near = [answer_text(question, value, view) for value in effect.near]
    return [
        view.say(
            f"rejected-{effect.reason}",
            text=shortened(effect.text, 60),
            number=question.number,
            near=view.say.any_of(near) if near else "",
            note=shortened(effect.note or "", 200),
        )
    ]


def _why_broken(question: Question, view: View) -> str:
    message = question.constraint_message
    return view.filled(message) if message else view.say("constraint-broken")


def _sent_before(effect: effects.SentBefore, view: View) -> list[str]:
    what = "note" if effect.note else "fits" if effect.fits else "unfit"
    text, number = shortened(effect.text, 60), effect.question.number
    return [view.say(f"sent-before-{what}", text=text, number=number)]


def _line_rejected(effect: effects.LineRejected, view: View) -> list[str]:
    if effect.question is None:
        return [view.say("line-too-long")]
    word, number = shortened(effect.word, 60), effect.question.number
    return [view.say("line-rejected", word=word, number=number)]


def _tap_refused(effect: effects.TapRefused, view: View) -> list[str]:
    """A double tap needs no words: the card moves on, and a toast says it."""
    if effect.repeated:
        return []
    if effect.other_case:
        return [view.say("other-case", other=effect.other_case, case=view.case)]
    return [view.say("old-card")]


def _jump_refused(effect: effects.JumpRefused, view: View) -> list[str]:
    target = shortened(effect.target, 60)
    number = example_number(view.form)
    lines = [view.say(f"jump-refused-{effect.reason}", target=target, number=number)]
    near = [question.number for question in effect.near]
    near += [_criterion(criterion.name, view) for criterion in effect.criteria]
    if near:
        lines.append(view.say("did-you-mean", near=view.say.any_of(near)))
    elif effect.reason == "unknown":
        lines.append(view.say("review-lists"))
    return lines


def _case_submitted(effect: effects.CaseSubmitted, view: View) -> list[str]:
    told = [view.say("submitted", case=view.case), *result_lines(effect.result, view)]
    return [*told, *_awaited(view)]


def _awaited(view: View) -> list[str]:
    """How many of the case's files have not come yet, if any."""
    count = view.session.case.awaited if view.session.case else 0
    return ["", view.say("awaited", count=count)] if count else []


def result_lines(result: Mapping[str, tuple[int, int]], view: View) -> Iterable[str]:
    """A case's result by criterion: ``■■■□□ 67% · 2 of 3 · 1 Systems``."""
    counted = [name for name in view.pack.criteria if result.get(name, (0, 0))[1]]
    if counted:
        yield from ("", view.say("case-result"))
    for name in counted:
        sufficient, relevant = result[name]
        share = Fraction(sufficient, relevant)
        figure = view.say(
            "judged-share", percent=percent(share), sufficient=sufficient, relevant=relevant
        )
        yield f"{bar(share)} {figure} · {_criterion(name, view)}"


def _is_agreed(view: View) -> bool:
    return view.session.case is not None and view.session.case.status is Status.AGREED


def _progress_shown(effect: effects.ProgressShown, view: View) -> list[str]:
    share = share_of(effect.progress)
    head = view.say(
        "progress-head",
        case=view.case,
        answered=effect.progress.answered,
        relevant=effect.progress.relevant,
        percent=percent_done(share),
    )
    return [head, *progress_lines(effect.by_criterion, view)]


def _text_held(effect: effects.TextHeld, view: View) -> list[str]:
    """What seems to give somebody away, and what next; the chat may lose the message."""
    found = [
        f"{view.say(f'personal-{one.kind}')} (“{shortened(one.text, 40)}”)"
        for one in effect.found[:3]
    ]
    return [view.say("text-held", found=view.say.all_of(found))]


def _language_refused(effect: effects.LanguageRefused, view: View) -> list[str]:
    if len(effect.languages) > 1:
        return [view.say("language-asked")]
    return [view.say("language-only", language=language_name(effect.languages[0]))]


_SAYS: Final[Mapping[type, Callable[[Any, View], list[str]]]] = {
    effects.AnswerRecorded: _answer_recorded,
    effects.Undone: lambda e, view: [
        view.say(
            "undone" if e.answers else "undone-beside",
            numbers=numbers(view.say, e.questions),
            count=len(e.questions),
        )
    ],
    effects.UndoRefused: lambda e, view: [
        view.say("undo-changed-since", number=e.question.number)
        if e.question
        else view.say("undo-nothing", case=view.case)
    ],
    effects.EditRefused: _edit_refused,
    effects.AnswerCleared: _answer_cleared,
    effects.AnswersHidden: lambda e, view: [
        view.say("hidden", numbers=numbers(view.say, e.questions))
    ],
    effects.AnswersReturned: lambda e, view: [
        view.say("returned", numbers=numbers(view.say, e.questions))
    ],
    effects.ConstraintsBroken: lambda e, view: [
        view.say("broken", number=one.number, why=_why_broken(one, view)) for one in e.questions
    ],
    effects.AnswerRejected: _answer_rejected,
    effects.LineRejected: _line_rejected,
    effects.SentBefore: _sent_before,
    effects.NamedLineRejected: lambda e, view: [
        view.say("named-line-rejected", text=shortened(e.text, 60), number=e.question.number)
    ],
    effects.TicksDropped: lambda e, view: [view.say("ticks-dropped", number=e.question.number)],
    effects.NoteRemoved: lambda e, view: [view.say("note-removed", number=e.question.number)],
    effects.NoteRecorded: lambda e, view: [
        view.say(
            "note-recorded" if view.session.cursor.kind_for else "note-kept",
            number=e.question.number,
            kind=view.say(f"as-kind-{e.kind}"),
        )
    ],
    effects.TextHeld: _text_held,
    effects.AttachmentRecorded: lambda e, view: [
        view.say(
            "attached",
            count=e.count,
            media=view.say(f"media-{e.evidence.media}"),
            number=e.question.number,
            kind=view.say(f"as-kind-{e.evidence.kind}"),
        )
    ],
    effects.KindSet: lambda e, view: [
        view.say("kind-set", number=e.question.number, kind=view.say(f"as-kind-{e.kind}"))
    ],
    effects.NoteRejected: lambda e, view: [
        view.say(
            f"note-rejected-{e.reason}",
            number=e.question.number if e.question else example_number(view.form),
        )
    ],
    effects.ChoicesFound: lambda e, view: [
        view.say("choices-found", text=shortened(e.text, 60), count=e.count)
    ],
    effects.ProgressShown: _progress_shown,
    effects.CaseSubmitted: _case_submitted,
    effects.SubmitRefused: lambda e, view: [
        view.say("submit-refused", open=len(e.open_required), broken=len(e.broken))
    ],
    effects.CaseClosed: lambda _, view: [
        view.say("closed-agreed" if _is_agreed(view) else "closed", case=view.case)
    ],
    effects.CaseReopened: lambda _, view: [view.say("reopened", case=view.case)],
    effects.MoveRefused: lambda e, view: [
        view.say(f"move-refused-{e.reason}", case=view.case, number=example_number(view.form))
    ],
    effects.TapRefused: _tap_refused,
    effects.JumpRefused: _jump_refused,
    effects.LanguageSet: lambda e, view: [
        view.say("language-set", language=language_name(e.language))
    ],
    effects.LanguageRefused: _language_refused,
}


_RECORDED: Final = (
    effects.AnswerRecorded,
    effects.Undone,
    effects.AnswerCleared,
    effects.NoteRecorded,
    effects.NoteRemoved,
    effects.AttachmentRecorded,
    effects.KindSet,
)

# --- cards --------------------------------------------------------------------------------------


def _question_card(asked: effects.QuestionAsked, view: View) -> Reply:
    question = asked.question
    title = view.say(
        "card-head", case=view.case, number=question.number, place=asked.place, of=asked.of
    )
    shown = [Paragraph(title, "title"), Paragraph(view.filled(question.label), "question", True)]
    if question.hint:
        shown.append(Paragraph(view.filled(question.hint), "hint"))
    if question.type.hint is not None:
        shown.append(Paragraph(view.say(f"type-hint-{question.type.hint}"), "hint"))
    if (page := asked.page) is not None and page.sought is None:
        first = page.starts[page.number] + 1
        last, count = page.starts[page.number + 1], page.starts[-1]
        told = view.say("page-shown", first=first, last=last, count=count)
        shown.append(Paragraph(told, "hint"))
    shown += [Paragraph(text, "aside") for text in _stands_there(asked, view)]
    buttons = tuple(_question_buttons(asked, view))
    return Reply(tuple(shown), buttons, card=True, wants_text=question.type.wants_text)


def _stands_there(asked: effects.QuestionAsked, view: View) -> Iterable[str]:
    """The question's answer, note, files and remarks."""
    if asked.value is not None:
        yield view.say("your-answer", answer=answer_text(asked.question, asked.value, view))
    if asked.note:
        yield view.say("your-note", note=shortened(asked.note, 300))
    if asked.attachments:
        yield view.say("files-attached", count=asked.attachments)
    for one in asked.remarks:
        yield view.say("remark", by=one.by, text=shortened(one.text, 600))


def _question_buttons(asked: effects.QuestionAsked, view: View) -> Iterable[tuple[Button, ...]]:
    question, data = asked.question, view.data

    def answer(name: str, label: str) -> Button:
        picked = name in asked.picked
        label, what = shortened(label, MAX_LABEL), data.choice(question, name)
        shown = f"☑ {label}" if picked else label
        return Button(shown, what, "chosen" if picked or name == asked.value else "answer")

    yield from rows_of(2, list(_offer_buttons(asked, view)))
    if question.type.takes_list:
        choices = question.choices if asked.page is None else asked.page.choices
        yield from _choice_rows([answer(one.name, view.text(one.label)) for one in choices])
    if asked.page is not None and (turning := tuple(_page_buttons(asked.page, view))):
        yield turning
    beside = [answer(NA, view.say("na"))] if question.na else []
    if question.not_known:
        beside.append(answer(NOT_KNOWN, view.say("not-known")))
    if beside:
        yield tuple(beside)
    if question.type.takes_several and (asked.picked or not says_none(question)):
        yield (Button(view.say("done", count=len(asked.picked)), data.control("done"), "main"),)
    on = view.say("skip") if question.is_answered_by_people else view.say("continue")
    controls = [
        Button(view.say("back"), data.control("back")),
        Button(on, data.control("skip")),
        Button(view.say("review"), data.control("review")),
    ]
    if question.is_answered_by_people and not question.profile:
        controls.insert(2, Button(view.say("note"), data.control("note")))
    yield tuple(controls)
    clears = asked.value is not None
    if changes := _taking_back(view, data, clears=clears):
        yield changes
    yield from _kind_buttons(view.say, asked.kind, data)


def _page_buttons(page: Page, view: View) -> Iterable[Button]:
    """To the page before and the next one, by which choices they hold; out of a search."""
    before, after, starts = page.number - 1, page.number + 1, page.starts
    if before >= 0:
        label = view.say("page-before", first=starts[before] + 1, last=starts[page.number])
        yield Button(label, view.data.page(before))
    if after < page.of:
        label = view.say("page-after", first=starts[after] + 1, last=starts[after + 1])
        yield Button(label, view.data.page(after))
    if page.sought is not None:
        yield Button(view.say("page-all"), view.data.page(None))


def _taking_back(view: View, data: CardData, *, clears: bool = False) -> tuple[Button, ...]:
    """Undo, where something may be taken back; and what makes an answered question open again."""
    undo = [Button(view.say("undo"), data.control("undo"))] if view.session.cursor.given else []
    clear = [Button(view.say("clear"), data.control("clear"))] if clears else []
    return (*undo, *clear)


def _offer_buttons(asked: effects.QuestionAsked, view: View) -> Iterable[Button]:
    """What the last text may have meant, without what the card has a button for anyway."""
    in_sight = asked.question.type.takes_list and len(asked.question.choices) <= MAX_IN_SIGHT
    for place, offer in enumerate(asked.offers):
        answer = shortened(answer_text(offer.question, offer.value, view), 40)
        label = answer
        if asked.early:
            label = view.say("record-on", answer=answer, number=offer.question.number)
        elif offer.fit > 1:
            label = view.say("keep-first", count=offer.fit)
        elif offer.note:
            label = view.say("with-note", answer=answer)
        elif offer.without_note:
            label = view.say("without-note", answer=answer)
        elif isinstance(offer.value, str) and (in_sight or offer.value in OUT_OF_BASE):
            continue
        yield Button(label, view.data.offer(place))
    if asked.early:
        stays = "leave-open" if asked.value is None else "leave-as-it-is"
        label = view.say(stays, number=asked.question.number)
        yield Button(label, view.data.control("leave"))


def _kind_buttons(say: Messages, chosen: EvidenceKind | None, data: CardData) -> ButtonRows:
    """What the note or file just given is kept as, and what it may be instead."""
    if chosen is None:
        return ()
    marks = {chosen: "● "}
    # Always two in a row: the card must not change its shape with the mark.
    return rows_of(
        2,
        [
            Button(f"{marks.get(kind, '')}{say(f'evidence-kind-{kind}')}", data.kind(kind))
            for kind in EvidenceKind
        ],
    )


def _choice_rows(buttons: Sequence[Button]) -> ButtonRows:
    """Long labels get a row each, short ones share: a phone shows about 30 characters a row."""
    longest = max((len(button.label) for button in buttons), default=0)
    return rows_of(1 if longest > 14 else 2 if longest > 5 else 4, buttons)


def _note_card(effect: effects.NoteAsked, view: View) -> Reply:
    asked = view.say("note-asked", number=effect.question.number)
    shown = [Paragraph(asked, "question")]
    buttons = [Button(view.say("cancel"), view.data.control("cancel"))]
    if effect.note:
        replaces = view.say("note-replaces", note=shortened(effect.note, 300))
        shown.append(Paragraph(replaces, "aside", close=True))
        buttons.append(Button(view.say("remove-note"), view.data.control("unnote"), "dangerous"))
    return Reply(tuple(shown), (tuple(buttons),), card=True, wants_text=True)


def _review_card(review: effects.ReviewShown, told: Sequence[Effect], view: View) -> Reply:
    submitted = any(isinstance(one, effects.CaseSubmitted) for one in told)
    closed = view.session.case is not None and view.session.case.status.is_in
    closed |= submitted or any(isinstance(one, effects.CaseClosed) for one in told)
    data = view.data
    if closed:
        reopen = () if _is_agreed(view) else (Button(view.say("reopen"), data.control("reopen")),)
        next_case = Button(view.say("next-case"), next_case_data(data.mark), "main")
        buttons: list[tuple[Button, ...]] = [(*reopen, next_case)]
    else:
        buttons = list(_review_buttons(review, view))
    if submitted:  # its result is told already
        return Reply((), tuple(buttons), card=True, final=True)
    head, *rest = _review_lines(review, view, closed=closed)
    shown = (Paragraph(head, "title"), *paragraphs(rest, close=True))
    return Reply(shown, tuple(buttons), card=True)


def _review_buttons(review: effects.ReviewShown, view: View) -> Iterable[tuple[Button, ...]]:
    say, data = view.say, view.data
    remarked = [question for question, _ in review.remarks if question]
    listed = [*dict.fromkeys((*remarked, *review.broken, *review.open))][:MAX_LISTED]
    yield from rows_of(4, [Button(one.number, data.question(one)) for one in listed])
    last = [Button(say("back"), data.control("back"))]
    if review.open:
        last.append(Button(say("next-open"), data.control("next_open")))
    if not (review.open_required or review.broken):
        last.append(Button(say("submit"), data.control("submit"), "main"))
    yield tuple(last)
    if changes := _taking_back(view, data):
        yield changes
    yield from _kind_buttons(say, review.kind, data)


def _review_lines(review: effects.ReviewShown, view: View, *, closed: bool) -> list[str]:
    """How far the case is; of one that is in, its result."""
    head = view.say(
        "review-head",
        case=view.case,
        answered=review.progress.answered,
        relevant=review.progress.relevant,
    )
    if review.result is None:
        lines = [head, *progress_lines(review.by_criterion, view)]
    else:
        status = "is-agreed" if _is_agreed(view) else "is-submitted"
        lines = [head, view.say(status, case=view.case), *result_lines(review.result, view)]
    optional = [question for question in review.open if not question.required]
    if review.open_required:
        lines += ["", view.say("still-open", numbers=numbers(view.say, review.open_required))]
    elif not closed and not review.broken:
        lines += ["", view.say("all-answered")]
    if review.broken and not closed:
        lines += ["", view.say("to-mend", count=len(review.broken))]
        lines += [f"{one.number}: {_why_broken(one, view)}" for one in review.broken[:MAX_LISTED]]
    if optional and not closed:
        lines.append(view.say("open-optional", numbers=numbers(view.say, optional)))
    lines += _awaited(view)
    for question, one in review.remarks:
        number = question.number if question else view.say("whole-case")
        lines.append(view.say("remark-line", by=one.by, number=number, text=one.text))
    if review.hidden:
        lines.append(view.say("kept-not-counted", numbers=numbers(view.say, review.hidden)))
    if review.listed:
        lines += _answer_lines(review.answers, view, ROOM - len("\n".join(lines)))
    return lines


def _answer_lines(
    answers: Sequence[tuple[Question, Value]], view: View, room: int
) -> Iterable[str]:
    """Every answer, ``B1 Yes``, a line each under its criterion, as far as one message holds."""
    criterion: str | None = "\0"
    places = criterion_places(view.pack)
    ordered = sorted(answers, key=lambda one: places[one[0].criterion])
    for place, (question, value) in enumerate(ordered):
        head = [] if question.criterion == criterion else ["", _criterion(question.criterion, view)]
        line = f"{question.number} {shortened(answer_text(question, value, view), 60)}"
        room -= sum(len(part) + 1 for part in (*head, line))
        if room < 0:
            yield view.say("answers-more", count=len(answers) - place)
            return
        criterion = question.criterion
        yield from (*head, line)


# --- the score summary --------------------------------------------------------------------------


def summary_lines(
    summary: Summary, warnings: Sequence[str], language: str | None = None
) -> list[str]:
    """The score by section and criterion, then the headlines, each with how many answers it is of:
    ``■■□□□ 44% 1 Systems (23 answers)``.
    """
    say = messages(language)
    if summary.is_empty:
        return [say("summary-nothing")]
    lines: list[str] = []
    for section in summary.sections:
        if len(summary.sections) > 1:
            total = section.total
            figure = "" if total.by_level else f"{whole_percent(total.score.percent)} "
            lines += ["", f"{figure}{total.label}"]
        lines += [_score_line(say, row) for row in section.criteria]
    if summary.headlines:
        lines += ["", say("headlines"), *(_score_line(say, row) for row in summary.headlines)]
    if summary.bands_inferred:
        lines += ["", say("inferred-bands")]
    if warnings:
        lines += ["", *warnings[:MAX_WARNINGS]]
    if (more := len(warnings) - MAX_WARNINGS) > 0:
        lines.append(say("more-warnings", count=more))
    return lines


def _score_line(say: Messages, row: ScoreRow) -> str:
    """The bar is drawn from the whole percent that stands beside it."""
    said = _by_the_lead(say, row.adjusted.name) if row.adjusted else ""
    if row.by_level:
        return f"{row.label}: {row.level.label if row.level else say('no-level')}{said}"
    aside = [row.band.name] if row.band else []
    aside += [say("count-answers", count=row.base)] if row.base else []
    whole = row.score.percent
    drawn = bar(Fraction(whole or 0, 100))
    of = f" ({', '.join(aside)})" if aside else ""
    return f"{drawn} {whole_percent(whole)} {row.label}{of}{said}"


def comment(
    say: Messages, score: Score, level: LevelRule | None, adjustment: Adjustment | None
) -> str:
    """``: 78%, MODERATE (by the lead: SUBSTANTIAL)``, as it follows a criterion's name."""
    parts = [] if score.percent is None else [f"{score.percent}%"]
    parts += [level.name] if level else []
    parts += [score.band.name] if score.band else []
    said = _by_the_lead(say, adjustment.to) if adjustment else ""
    return f": {', '.join(parts)}{said}" if parts else ""


def _by_the_lead(say: Messages, to: str) -> str:
    return f" {say('by-the-lead', to=to)}"
