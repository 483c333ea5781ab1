"""150 questions in aiogram_dialog, a window each, as its manual writes them; nothing is stored."""

from __future__ import annotations

from typing import Any

from aiogram import Dispatcher
from aiogram.filters import CommandStart
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import Dialog, DialogManager, StartMode, Window, setup_dialogs
from aiogram_dialog.widgets.kbd import Button, Row
from aiogram_dialog.widgets.text import Const

from tests.benchmarks.peers.aiogram_echo import bot

NAMES = [f"q{number:03d}" for number in range(1, 151)]
Walk: Any = type("Walk", (StatesGroup,), {name: State() for name in NAMES})


async def answered(query: CallbackQuery, button: Button, manager: DialogManager) -> None:
    """Keep the answer in the dialog's own data, and show the next window, at the end the first."""
    del query
    place = NAMES.index(str(manager.current_context().state.state).rpartition(":")[2])
    manager.dialog_data[NAMES[place]] = button.widget_id
    await manager.switch_to(getattr(Walk, NAMES[(place + 1) % len(NAMES)]))


def window(number: int, name: str) -> Window:
    return Window(
        Const(f"C001 · {number} of 150\nWas the plan of step {number} made in time?"),
        Button(Const("Yes"), id="yes", on_click=answered),
        Button(Const("No"), id="no", on_click=answered),
        Row(
            Button(Const("N/A"), id="na", on_click=answered),
            Button(Const("Not known"), id="nk", on_click=answered),
        ),
        state=getattr(Walk, name),
    )


async def start(_message: Message, dialog_manager: DialogManager) -> None:
    await dialog_manager.start(Walk.q001, mode=StartMode.RESET_STACK)


def main() -> None:
    dispatcher = Dispatcher()
    dispatcher.message.register(start, CommandStart())
    dispatcher.include_router(
        Dialog(*(window(number, name) for number, name in enumerate(NAMES, 1)))
    )
    setup_dialogs(dispatcher)
    dispatcher.run_polling(bot())


if __name__ == "__main__":
    main()
