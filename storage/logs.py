"""The names of the store's logs and blobs, and what each log holds.

==============================================  ===================================================
``bot``                                         ``bot``: the bot's name
``chats/<chat>``                                ``chat``: where the chat is; ``updates``
``inspections/<id>/inspection``                 ``inspection``, ``people``, ``former``,
                                                ``invitations``, a table for each kind of record
``inspections/<id>/list``                       ``cases``: the cases, in order
``inspections/<id>/outbox``                     ``messages``: what chats are to get;
                                                ``files``: what is still to be fetched
``inspections/<id>/cases/<case>~<form>``        see :mod:`storage.case_tables`
==============================================  ===================================================

The pinned pack is the blob ``packs/<sha256>.json``; photos and voice messages are the blobs
``inspections/<id>/files/<name>``. ``updates`` are the ids of the updates that took effect, in the
open case's log or, where no case is open and when it is left, in the chat's: an id is kept in the
very append that its change is in, so a change is never made twice.
"""

from typing import Final

from criteria.case import CaseKey
from storage.errors import StoreError
from storage.file_names import case_file_name, file_name

BOT: Final = "bot"


def inspection_folder(inspection_id: str) -> str:
    return f"inspections/{inspection_id}"


def inspection_log(inspection_id: str) -> str:
    return f"{inspection_folder(inspection_id)}/inspection"


def list_log(inspection_id: str) -> str:
    return f"{inspection_folder(inspection_id)}/list"


def outbox_log(inspection_id: str) -> str:
    return f"{inspection_folder(inspection_id)}/outbox"


def cases_folder(inspection_id: str) -> str:
    return f"{inspection_folder(inspection_id)}/cases"


def case_log(inspection_id: str, key: CaseKey) -> str:
    return f"{cases_folder(inspection_id)}/{case_file_name(key)}"


def chat_log(chat: str) -> str:
    return f"chats/{file_name('a chat', chat)}"


def pack_blob(sha256: str) -> str:
    return f"packs/{sha256}.json"


def files_folder(inspection_id: str) -> str:
    return f"{inspection_folder(inspection_id)}/files"


def evidence_blob(inspection_id: str, name: str) -> str:
    return f"{files_folder(inspection_id)}/{file_name('the name of a file', name)}"


def is_inspection_id(text: str) -> bool:
    """Whether an inspection can have this id; what cannot be the name of a folder is none."""
    try:
        file_name("an inspection's id", text)
    except StoreError:
        return False
    return True
