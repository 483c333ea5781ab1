"""Every sentence Casewalk says, in English. Short and kind: what happened, what next.

Read each one aloud before changing it. Questions and answers come from the pack, not from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

NA: Final = "N/A"
NOT_KNOWN: Final = "Not known"

BACK: Final = "‹ Back"
SKIP: Final = "Skip ›"
CONTINUE: Final = "Continue ›"
NOTE: Final = "Note"
REVIEW: Final = "Review"
CANCEL: Final = "No note"
REMOVE_NOTE: Final = "Remove note"
NONE_OF_THESE: Final = "None of these"
NEXT_OPEN: Final = "Next open ›"
SUBMIT: Final = "Submit"
REOPEN: Final = "Reopen"
NEXT_CASE: Final = "Next case ›"

STRANGER: Final = (
    "This bot works by invitation. Ask the lead of your inspection for a code,"
    " then send: /start CODE"
)
WELCOME: Final = "You are {person}, {role} of “{title}”. Tap a case to begin; /help tells the rest."
ROLES: Final = {"inspector": "inspector", "lead": "lead"}
BAD_CODE: Final = (
    "That code does not work: it may be mistyped, used or out of date. Ask the lead for a new one."
)
NO_CASE: Final = "No case is open. /cases lists yours."
NO_CASES: Final = "No case is waiting for you. To add one, send /case and its reference."
ALL_DONE: Final = "All your cases are submitted. Thank you."
CASES: Final = "Your cases:"
CASES_LEAD: Final = "Cases of “{title}”:"
CASES_MORE: Final = "… and {count} more. Send /case and a reference to open any."
CASE_LINE: Final = "{case}: {status}, {answered} of {relevant}"
CASE_DAMAGED: Final = "{case}: its file is damaged; whoever runs the bot can say more"
STATUS: Final = {
    "unassigned": "not begun",
    "assigned": "not begun",
    "in_progress": "begun",
    "submitted": "submitted",
    "returned": "returned",
    "agreed": "agreed",
}
FORM_UNKNOWN: Final = "There is no form “{form}”; there are {forms}."
CASE_UNKNOWN: Final = "{case} is not in this inspection. Add it?"
CASE_ADD: Final = "Add {case}"
CASE_OTHERS: Final = "{case} is not one of your cases. /cases lists yours."
CASE_BAD_REFERENCE: Final = (
    "“{text}” cannot be a case reference. It is one word with a number in it, such as C001,"
    " and never a person’s name."
)

UNKNOWN_COMMAND: Final = "I do not know /{command}. /help lists what I can do."
LEAD_ONLY: Final = "/{command} is for the lead of the inspection."
HELP_HEAD: Final = (
    "Tap an answer, or type it: the label, its first letters, a number or a date."
    " “y n na y” answers four questions at once. N/A and Not known are counted apart."
)
TEXT_ONLY: Final = "I can only read typed text and taps on the buttons. Nothing was changed."
NOT_SAVED: Final = (
    "That was not saved, because the disk did not take it. What you answered before is safe."
    " Please try again in a minute."
)
NOT_READ: Final = (
    "A stored file could not be read, so nothing changed. Please tell whoever runs the bot;"
    " its log says which file. /cases still opens the others."
)
TRY_AGAIN: Final = "Somebody else is changing this case. Please try again."
FOREIGN_TAP: Final = "That button is from another inspection or an older version. Nothing changed."

SLASH_CONTROLS: Final = "(also: /back, /next, /note, /cancel, /review)"
CARD_HEAD: Final = "{case} · {number} · {place} of {of}"
REVIEW_HEAD: Final = "{case} · review · {answered} of {relevant} answered"
PROGRESS_HEAD: Final = "{case}: {answered} of {relevant} answered ({percent}%)"
NO_CRITERION: Final = "Not scored"
YOUR_ANSWER: Final = "Your answer: {answer}"
YOUR_NOTE: Final = "Your note: {note}"
TYPE_HINTS: Final = {
    "integer": "Type a whole number.",
    "decimal": "Type a number.",
    "date": "Type a date, such as 3/6/2014 or 3 June 2014.",
    "text": "Type your answer.",
    "select_multiple": "Tap all that apply, then Done.",
}
ECHO: Final = "✓ {number} {answer}"
READ_FROM: Final = "(I read “{text}” as {answer}. /goto {number} changes it.)"
CHANGED_FROM: Final = "(It was {answer}.)"
HIDDEN: Final = "No longer asked: {numbers}. The answers are kept, but not counted."
RETURNED: Final = "Asked again, with the answers you gave: {numbers}."

REJECTED: Final = {
    "no_match": "“{text}” is not one of the answers to {number}.",
    "ambiguous": "“{text}” could be {near}. Please tap the one you mean.",
    "negated": "“{text}” is not one of the answers to {number}. Please tap the one you mean.",
    "not_a_number": "“{text}” is not a number.",
    "not_whole": "“{text}” is not a whole number.",
    "not_a_date": "“{text}” is not a date I can read. Try 3/6/2014.",
    "constraint": "That cannot be right for {number}. Please check it.",
    "empty": "That message was empty.",
    "too_long": "That is too long. Please keep it under 4,000 characters.",
    "na_not_allowed": "{number} cannot be answered N/A.",
    "not_known_not_allowed": "{number} cannot be answered Not known.",
}
LINE_REJECTED: Final = "“{word}” does not fit {number}, so nothing was recorded."
LINE_ANSWERED: Final = (
    "{number} is answered already, so nothing was recorded. Send one answer, or start after it."
)
LINE_TOO_LONG: Final = "Nothing is left to answer with “{word}”, so nothing was recorded."
TICKS_DROPPED: Final = "You left {number} before Done, so its ticks were not kept."
DID_YOU_MEAN: Final = "Did you mean {near}?"

NOTE_ASKED: Final = "Your next message is the note on {number}. No names, please."
NOTE_REPLACES: Final = "It replaces: “{note}”"
NOTE_REMOVED: Final = "✓ Note on {number} taken away."
NOTE_RECORDED: Final = "✓ Note on {number} kept."
NOTE_REJECTED: Final = {
    "profile": "{number} is a fact about the case and takes no note. Notes go with the questions.",
    "no_question": "There is no question to note on. /goto B4 brings one up, or /note B4 and text.",
    "too_long": "That note is too long. Please keep it under 4,000 characters.",
}

STILL_OPEN: Final = "Still open: {numbers}"
OPEN_OPTIONAL: Final = "Open, but not needed: {numbers}"
ALL_ANSWERED: Final = "Nothing more is needed. Submit when you are ready."
KEPT_NOT_COUNTED: Final = "Kept, but not counted: {numbers}"
SUBMIT_REFUSED: Final = "Not yet: {count} still to answer."
SUBMITTED: Final = "✓ {case} is submitted. Thank you."
CASE_RESULT: Final = "Sufficient judgements, of those that count:"
CLOSED: Final = "{case} is submitted, so nothing changes. Reopen it to change an answer."
REOPENED: Final = "{case} is open again."
MOVE_REFUSED: Final = {
    "at_start": "This is the first question.",
    "not_submitted": "{case} is not submitted, so there is nothing to reopen.",
    "already_submitted": "{case} is already submitted.",
    "only_read": "This one is only to be read. Tap Continue.",
    "nothing_open": "Nothing is open. Submit when you are ready.",
    "nothing_asked": "No question is up. Tap one below, or /goto B4.",
    "no_case": NO_CASE,
}
OLD_CARD: Final = "That was an earlier card, so nothing changed. Here is where you are."
OTHER_CASE: Final = "That card is of {other}; {case} is open now. Nothing changed."
REPEATED: Final = "Already answered."
JUMP_REFUSED: Final = {
    "unknown": "I know no question or criterion “{target}”.",
    "not_relevant": "{target} is not asked in this case, as things stand.",
    "empty": "Where to? For example /goto B4, or /goto and a criterion.",
}

LANGUAGE_SET: Final = "Questions are now in {language}."
LANGUAGE_ONLY: Final = "This instrument is in {language} only."
LANGUAGE_ASKED: Final = "Which language for the questions?"
LANGUAGES: Final = {"en": "English", "cy": "Cymraeg"}

YOUR_CASES: Final = "{title}, your cases"
SUMMARY_HEAD: Final = "{title}: {submitted} of {cases} cases submitted"
SUMMARY_SO_FAR: Final = "So far, from every answer given:"
SUMMARY_NOTHING: Final = "No judgement has been made yet."
BY_THE_LEAD: Final = "(by the lead: {to})"
INFERRED_BANDS: Final = "The cut-points of the comments are inferred, not published."
NO_LEVEL: Final = "not followed up"
MORE_WARNINGS: Final = "… and {count} more warnings: casewalk score lists them."
HEADLINES: Final = "Headlines"
INSPECTION_PROGRESS: Final = "{submitted} of {cases} cases submitted, {begun} begun"
UNASSIGNED: Final = "nobody yet"
PERSON_PROGRESS: Final = "{person}: {submitted} of {cases} submitted, {begun} begun"

EXPORT_WHICH: Final = "Which file? /export json or /export csv"
INVITATION: Final = (
    "A code for one {role}, {person}, good for {days} days and one use. Pass it on:\n/start {code}"
)
INVITATION_LINK: Final = "Or this link: {link}"
INVITE_WHOM: Final = "Whom? /invite inspector or /invite lead"

COMMANDS: Final = {
    "case": "open a case: /case C001",
    "cases": "list the cases",
    "next": "go to the next open question",
    "back": "go one question back",
    "goto": "go to a question or criterion: /goto B4",
    "note": "add a note: /note, or /note B4 text",
    "cancel": "no note after all",
    "review": "see what is open and answered",
    "submit": "submit the case",
    "reopen": "reopen a submitted case",
    "progress": "see how far it is",
    "summary": "see the scores so far",
    "export": "get the answers as a file",
    "invite": "invite someone",
    "language": "choose the language of the questions",
    "help": "see what I can do",
}


def done(count: int) -> str:
    """The button that ends a list: how many are ticked."""
    return f"Done ({count})" if count else NONE_OF_THESE


def one_or_other(texts: Sequence[str]) -> str:
    """``A``, ``A or B``, ``A, B or C``."""
    *first, last = texts
    return f"{', '.join(first)} or {last}" if first else last


def summary_final(title: str, cases: int) -> str:
    whole = "the one case is in" if cases == 1 else f"all {cases} cases are in"
    return f"{title}: {whole}. The score summary:"


def exported(cases: int) -> str:
    return "1 case, as it stands now." if cases == 1 else f"{cases} cases, as they stand now."
