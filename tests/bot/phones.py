"""People at their phones, over the loopback server: what they do, and what they wait to see.

A :class:`Phone` is anybody's. An :class:`Inspector` answers whole cases as people do: mostly by
taps, now and then by typing, or with several answers in a line, and reads every card.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable
from random import Random
from time import perf_counter
from typing import Any

from criteria.case import Case
from criteria.instrument.pack import Form, Pack
from criteria.question import NA, NOT_KNOWN, Question, Value
from criteria.relevance import form_state
from tests.telegram_server import User

PATIENCE = 30.0
"""Seconds that somebody waits for an answer, on a machine that is busy with other tests."""
TYPED = 0.2
"""How often an answer is typed."""

Message = dict[str, Any]
"""As the Bot API has it."""


class Phone:
    """One person in a private chat with the bot."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.sent = 0
        """Texts and files."""
        self.taps: list[float] = []
        """Seconds from each tap to what it brought."""

    # --- doing: each gives the text of the message that it brought -----------------------------

    async def says(self, text: str, sees: str) -> str:
        """Type a text, and wait for a newer message that holds ``sees``."""
        self.sent += 1
        return await self._and_sees(sees, lambda: self.user.send(text, reply=False))

    async def sends(
        self, media: str, content: bytes, sees: str, *, name: str = "", caption: str = ""
    ) -> str:
        """Send a ``photo``, a ``voice`` message or a ``document``."""
        self.sent += 1
        send = self.user.send_file
        return await self._and_sees(
            sees, lambda: send(media, content, name=name, caption=caption, reply=False)
        )

    async def taps_on(self, label: str, sees: str) -> str:
        """Tap the newest button of this label; what it brings may take its message's place."""
        await self._until(lambda: self._button(label) is not None, f"a button {label!r}")
        button = self._button(label)
        assert button is not None
        message, data = button
        was, start = _text(message), perf_counter()
        text = await self._and_sees(
            sees,
            lambda: self.user.tap_data(data, message, reply=False),
            tapped=(message, was),
        )
        self.taps.append(perf_counter() - start)
        return text

    async def hears(self, text: str, times: int = 1) -> str:
        """Wait for what comes unasked, or has come; gives the newest."""
        await self._until(lambda: self.times_heard(text) >= times, f"a message with {text!r}")
        return _text(self._newest(text) or {})

    async def gets(self, filename: str) -> bytes:
        """Wait for a file, and open it."""
        await self._until(lambda: filename in self.user.files(), f"the file {filename}")
        return self.user.files()[filename]

    async def takes_away(self, label: str, text: str) -> None:
        """Tap a button that has the bot take the own message with this text out of the chat."""
        button = self._button(label)
        assert button is not None, f"no button {label!r}"
        message, data = button
        await self.user.tap_data(data, message, reply=False)
        await self._until(
            lambda: all(_text(one) != text for one in self._chat.values()), f"{text!r} go away"
        )

    async def is_shown(self, picture: str, times: int) -> None:
        await self._until(lambda: self.times_shown(picture) >= times, f"the picture {picture}")

    # --- seeing --------------------------------------------------------------------------------

    def times_heard(self, text: str) -> int:
        return sum(text in shown.text for shown in self.user.replies())

    def times_shown(self, filename: str) -> int:
        return sum(shown.filename == filename for shown in self.user.replies())

    @property
    def labels(self) -> list[str]:
        """The buttons of the newest message that has any."""
        return self.user.card().labels

    @property
    def _chat(self) -> dict[int, Message]:
        return self.user.chat.messages

    async def _and_sees(
        self,
        text: str,
        act: Callable[[], Awaitable[object]],
        tapped: tuple[Message, str] | None = None,
    ) -> str:
        """What the act brought: a newer message with this text, or the tapped one's new text."""
        last = next(reversed(self._chat), 0)

        def brought() -> str | None:
            if tapped is not None and (now := _text(tapped[0])) != tapped[1] and text in now:
                return now
            found = self._newest(text, after=last)
            return None if found is None else _text(found)

        await act()
        await self._until(lambda: brought() is not None, f"an answer with {text!r}")
        return brought() or ""

    def _newest(self, text: str, after: int = 0) -> Message | None:
        """The newest of the bot's messages that holds this text, of those after another."""
        for number, message in reversed(self._chat.items()):
            if number <= after:
                return None
            if message["from"]["is_bot"] and text in _text(message):
                return message
        return None

    def _button(self, label: str) -> tuple[Message, str] | None:
        """The newest message with a button of this label, and what the button carries."""
        for message in reversed(self._chat.values()):
            for row in message.get("reply_markup", {}).get("inline_keyboard", ()):
                for button in row:
                    if button["text"] == label:
                        return message, button["callback_data"]
        return None

    async def _until(self, condition: Callable[[], bool], what: str) -> None:
        try:
            await self.user.server.until(condition, PATIENCE)
        except TimeoutError:
            last = "\n---\n".join(f"{one.text}\n{one.labels}" for one in self.user.messages()[-6:])
            raise AssertionError(f"never saw {what}. The end of the chat:\n{last}") from None


def _text(message: Message) -> str:
    return str(message.get("text") or message.get("caption") or "")


Answers = list[tuple[Question, Value]]
"""What is still to be answered, in the form's order."""

Aside = Callable[["Inspector", Question], Awaitable[None]]
"""Something done while a question is at hand: a note, a photo. It leaves the question at hand."""


class Inspector(Phone):
    """Answers cases whose answers stand fast beforehand. ``person`` is the reference."""

    def __init__(self, user: User, person: str, pack: Pack) -> None:
        super().__init__(user)
        self.person = person
        self.answers = 0
        self._pack = pack

    async def walks(
        self,
        case: Case,
        todo: Answers,
        *,
        asides: Iterable[Aside] = (),
        stops_after: int | None = None,
    ) -> Answers:
        """Open a case and answer what is still to do, to the review; gives what is left.

        The ``asides`` are done at a judgement each. After ``stops_after`` answers it is left lying.
        """
        ways, aside = Random(case.case), iter(asides)  # noqa: S311  # any order will do
        await self.says(f"/case {case.case}", self._head(case, todo))
        stop = 0 if stops_after is None else len(todo) - stops_after
        while len(todo) > stop:
            question = todo[0][0]
            if question.is_judgement and (do := next(aside, None)) is not None:
                await do(self, question)
            todo = await self._answers(case, todo, ways)
        return todo

    async def submits(self, case: str) -> str:
        """Hand the case in; gives what it brought."""
        return await self.taps_on("Submit", f"✓ {case} is submitted. Thank you.")

    async def answers_one(self, question: Question, value: Value, sees: str) -> str:
        """Tap one answer to the question at hand."""
        self.answers += 1
        shown = await self.taps_on(self.label(question, value), sees)
        assert shown.startswith(self._echo(question, value)), shown
        return shown

    def label(self, question: Question, value: Value) -> str:
        if value in (NA, NOT_KNOWN):
            return "N/A" if value == NA else "Not known"
        choice = question.choice(str(value))
        assert choice is not None
        return self._pack.text(choice.label)

    async def _answers(self, case: Case, todo: Answers, ways: Random) -> Answers:
        """Answer what is at hand, one way or another; gives what is left."""
        if ways.random() < TYPED:
            words = self.label(*todo[0]).casefold()
            shown = await self.says(words, self._head(case, todo[1:]))
            self.answers += 1
        else:
            shown = await self.answers_one(*todo[0], self._head(case, todo[1:]))
        assert self._echo(*todo[0]) in shown, shown
        return todo[1:]

    def _head(self, case: Case, todo: Answers) -> str:
        """How the next card begins, under the echo of the last answer."""
        if not todo:
            return f"{case.case} · review · "
        return f"{case.case} · {todo[0][0].number} · "

    def _echo(self, question: Question, value: Value) -> str:
        return f"✓ {question.number} {self.label(question, value)}\n"


def open_answers(form: Form, case: Case, known: Collection[str] = ()) -> Answers:
    """The questions that will be asked, each with its answer, but for those that are ``known``."""
    state = form_state(form, case)
    return [(one, state.values[one.name]) for one in state.asked if one.name not in known]
