"""``ptb_echo.py``, and each answer kept by TinyDB as it comes: one JSON file for all cases."""

from __future__ import annotations

import os

from telegram import Update
from telegram.ext import ContextTypes
from tinydb import TinyDB
from tinydb.table import Document

from tests.benchmarks.peers.ptb_echo import KEYBOARD, card, serve

STORE = TinyDB(os.environ["PEER_STORE"])
CASES = STORE.table("cases")


async def tapped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    query, chat = update.callback_query, update.effective_chat
    if query is None or chat is None or context.chat_data is None:
        return
    case = CASES.get(doc_id=chat.id) or Document({"number": 1, "answers": {}}, chat.id)
    assert isinstance(case, Document)  # one id, one document
    number = case["number"] % 150 + 1
    answers = {**case["answers"], f"q{case['number']:03d}": {"value": query.data}}
    CASES.upsert(Document({"number": number, "answers": answers}, chat.id))
    await query.answer()
    await query.edit_message_text(card(number), reply_markup=KEYBOARD)


if __name__ == "__main__":
    serve(tapped)
