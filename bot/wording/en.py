"""Every sentence Casewalk says, in English. Short and kind: what happened, what next.

Read each one aloud before changing it. Questions and answers come from the pack, not from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as date_type
from datetime import datetime, tzinfo
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
WELCOME: Final = "You are {person}, {role} of “{title}”. {begin}/help tells what I can do."
BEGIN: Final = "Tap a case to begin; "
ROLES: Final = {"inspector": "inspector", "lead": "lead"}
BAD_CODE: Final = (
    "That code does not work: it may be mistyped, used or out of date. Ask the lead for a new one."
)
NO_CASE: Final = "No case is open. /cases lists yours."
NO_CASES: Final = "No case is waiting for you. To add one, send /case and its reference."
NO_CASES_LEAD: Final = (
    "There is no case yet. Send me the sample as a CSV file, or add one: /case C001."
)
ALL_DONE: Final = "All your cases are submitted. Thank you."
CASES: Final = "Your cases:"
CASES_FREE: Final = "Free to take:"
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
CASE_LIKE: Final = "{case} is not in this inspection. Did you mean {near}?"
CASE_OTHERS: Final = "{case} is not one of your cases. /cases lists yours."
CASE_TAKEN: Final = "{case} is with somebody else now. /cases lists yours."
CASE_GONE: Final = "Somebody else has {case} by now. /cases lists what is left."
CASE_BAD_REFERENCE: Final = (
    "“{text}” cannot be a case reference. It is one word with a number in it, such as C001,"
    " and never a person’s name."
)

INSPECTION_CLOSED: Final = (
    "“{title}” is closed, so nothing in it changes any more. You can still read it: /cases,"
    " /progress, /summary."
)
PRIVACY: Final = (
    "What I keep: your answers, notes, photos and voice messages, with their time and your"
    " reference, {person}; which Telegram chat you are; and which of its messages I have dealt"
    " with. No names, no phone numbers, no profile.\n\n"
    "Where: in the store of whoever runs this bot, and in its backups. {kept}\n\n"
    "Telegram carries this chat and can read it, so please write references, never names. What you"
    " delete here is deleted in the chat only.\n\n"
    "To be erased, ask the lead: which chat you are is then forgotten. What you judged stays, as"
    " {person}’s."
)
KEPT_UNTIL: Final = "It is to be kept until {day}."
KEPT_UNTIL_ERASED: Final = "It is kept until the lead has it erased."

UNKNOWN_COMMAND: Final = "I do not know /{command}. /help lists what I can do."
LEAD_ONLY: Final = "/{command} is for the lead of the inspection."
LEAD_ONLY_TEXT: Final = (
    "That was for the lead of the inspection, which you are no longer. Nothing was kept."
)
HELP_HEAD: Final = (
    "Tap an answer, or type it: the label, its first letters, a number or a date."
    " “y n na y” answers four questions at once. N/A and Not known are counted apart."
)
TEXT_ONLY: Final = (
    "I can read typed text, taps on the buttons, photos and voice messages, but not that."
    " Nothing was changed."
)
ASK_DROPPED: Final = "All right, nothing was kept."
ASK_LEFT: Final = "You went on to something else, so I no longer wait for {what}."
ASKED_FOR: Final = {
    "remark": "the remark",
    "settle": "the reason",
    "key_finding": "the key finding",
    "recommend": "the recommendation, and nothing of it was kept",
    "title": "the title",
}
FILE_WRITTEN: Final = "Written to {path}."
FILE_NOT_WRITTEN: Final = "{path} could not be written ({why})."
FILE_TOO_LARGE: Final = "That file is too large for me: 20 MB is the most. Nothing was kept."
FILE_NOT_FETCHED: Final = "I could not fetch that file from Telegram. Please send it again."
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
LINE_REJECTED: Final = "“{word}” does not fit {number}, so nothing was recorded. {first}"
LINE_ANSWERED: Final = (
    "{number} is answered already, so nothing was recorded. Send one answer, or start after it."
)
LINE_TOO_LONG: Final = "Nothing is left to answer with “{word}”, so nothing was recorded. {first}"
TICKS_DROPPED: Final = "You left {number} before Done, so its ticks were not kept."
DID_YOU_MEAN: Final = "Did you mean {near}?"

NOTE_ASKED: Final = (
    "Your next message is the note on {number}: a text, a photo or a voice message."
    " No names, please."
)
NOTE_REPLACES: Final = "A text replaces the note that stands there: “{note}”"
NOTE_REMOVED: Final = "✓ Note on {number} taken away."
NOTE_RECORDED: Final = "✓ Note on {number} kept as {kind}. Tap below if it is something else."
NOTE_HELD: Final = (
    "I have not kept that note: it seems to hold {found}. Please send it again without. If I am"
    " mistaken, send the same text once more."
)
FILE_HELD: Final = (
    "I have not kept that: its text seems to hold {found}. Please send it again without. If I am"
    " mistaken, send the same once more."
)
PERSONAL: Final = {
    "name": "a person’s name",
    "address": "an address",
    "phone": "a phone number",
    "email": "an e-mail address",
    "identity_number": "an identity number",
}
TAKE_MESSAGE_AWAY: Final = "Take my message away"
ATTACHED: Final = "✓ {media} on {number} kept as {kind}. Tap below if it is something else."
KIND_SET: Final = "✓ Kept as {kind} on {number}."
KINDS: Final = {
    "evidence": "Evidence",
    "strength": "Strength",
    "area_for_improvement": "To improve",
    "good_practice": "Good practice",
    "quotation": "Quotation",
}
AS_KIND: Final = {
    "evidence": "evidence",
    "strength": "strength",
    "area_for_improvement": "something to improve",
    "good_practice": "good practice",
    "quotation": "quotation",
}
"""What follows "kept as"."""
MEDIA: Final = {"photo": "Photo", "voice": "Voice message"}
REMARK: Final = "{by} asks: {text}"
REMARK_LINE: Final = "{by} on {number}: {text}"
WHOLE_CASE: Final = "the case"
NOTE_REJECTED: Final = {
    "profile": "{number} is a fact about the case and takes no note. Notes go with the questions.",
    "no_question": (
        "There is no question to note on. /goto {number} brings one up, or /note {number} and text."
    ),
    "too_long": "That note is too long. Please keep it under 4,000 characters.",
    "too_many": "{number} has twenty files already, which is as many as it takes.",
}

STILL_OPEN: Final = "Still open: {numbers}"
OPEN_OPTIONAL: Final = "Open, but not needed: {numbers}"
ALL_ANSWERED: Final = "Nothing more is needed. Submit when you are ready."
KEPT_NOT_COUNTED: Final = "Kept, but not counted: {numbers}"
SUBMIT_REFUSED: Final = "Not yet: {count} still to answer."
SUBMITTED: Final = "✓ {case} is submitted. Thank you."
CASE_RESULT: Final = "Sufficient judgements, of those that count:"
IS_SUBMITTED: Final = "{case} is submitted."
CLOSED: Final = "{case} is submitted, so nothing changes. To change an answer, /reopen it."
CLOSED_AGREED: Final = "{case} is agreed, so nothing changes. The lead can return it."
REOPENED: Final = "{case} is open again."
MOVE_REFUSED: Final = {
    "at_start": "This is the first question.",
    "not_submitted": "{case} is not submitted, so there is nothing to reopen.",
    "already_submitted": "{case} is already submitted.",
    "only_read": "This one is only to be read. Tap Continue.",
    "agreed": "{case} is agreed, so it stays as it is. The lead can return it.",
    "nothing_open": "Nothing is open. Submit when you are ready.",
    "nothing_asked": (
        "No question is up, so nothing was recorded. /goto {number} brings one up, /review shows"
        " the case, /help tells what I can do."
    ),
    "case_is_in": "{case} is in, so none of it is open. “Next case ›” or /cases leads on.",
    "no_case": NO_CASE,
}
OLD_CARD: Final = "That was an earlier card, so nothing changed. Here is where you are."
OTHER_CASE: Final = "That card is of {other}; {case} is open now. Nothing changed."
REPEATED: Final = "Already answered."
JUMP_REFUSED: Final = {
    "unknown": "I know no question or criterion “{target}”.",
    "not_relevant": "{target} is not asked in this case, as things stand.",
    "empty": "Where to? For example /goto {number}, or /goto and a criterion.",
}
REVIEW_LISTS: Final = "/review lists what is still open."

LANGUAGE_SET: Final = "Questions are now in {language}."
LANGUAGE_ONLY: Final = "This instrument is in {language} only."
LANGUAGE_ASKED: Final = "Which language for the questions?"
LANGUAGES: Final = {"en": "English", "cy": "Cymraeg"}

YOUR_CASES: Final = "{title}, your cases"
SUMMARY_HEAD: Final = "{title}: {of} submitted"
SUMMARY_SO_FAR: Final = "So far, from every answer given:"
SUMMARY_NOTHING: Final = "No judgement has been made yet."
NOT_COUNTED: Final = "Not counted: {cases}. The file is damaged; whoever runs the bot can say more."
BY_THE_LEAD: Final = "(by the lead: {to})"
INFERRED_BANDS: Final = "The cut-points of the comments are inferred, not published."
NO_LEVEL: Final = "not followed up"
HEADLINES: Final = "Headlines"
INSPECTION_PROGRESS: Final = "{of} submitted, {begun} begun"
UNASSIGNED: Final = "nobody yet"
NOBODY: Final = "nobody"
PERSON_PROGRESS: Final = "{person}: {submitted} of {cases} submitted, {begun} begun"

EXPORT_WHICH: Final = "Which file?"
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
    "goto": "go to a question or criterion by its number",
    "note": "add a note: /note, or /note, a number and text",
    "cancel": "no note, or other text I asked for, after all",
    "review": "see what is open and answered",
    "submit": "submit the case",
    "reopen": "reopen a submitted case",
    "progress": "see how far it is",
    "team": "see who is here and who has what",
    "assign": "give cases to someone: /assign C001-C010 I2",
    "return": "give a case back with a remark: /return C012",
    "second": "have a case read a second time: /second C012 I3",
    "agreement": "see how far two readings agree",
    "agree": "close a case for good: /agree C012",
    "findings": "draft the findings",
    "recommend": "record or follow up recommendations",
    "compare": "set this beside the earlier inspection",
    "digest": "choose what I tell you unasked",
    "new": "make another inspection",
    "switch": "go to another of your inspections",
    "summary": "see the scores so far",
    "export": "get the answers as a file",
    "invite": "invite someone",
    "language": "choose the language of the questions",
    "privacy": "see what is kept of you",
    "help": "see what I can do",
}


START_COMMAND: Final = "join with the code you were given"

# --- for leads ----------------------------------------------------------------------------------

SECOND_OF: Final = "{case} (second reading)"
TEAM: Final = "The team of “{title}”:"
TEAM_LINE: Final = "{person}, {role}{has}"
HAS_CASES: Final = ": {of} in"
HAS_NOTHING: Final = "Has no case."
INVITED_LINE: Final = "{person}, {role}, invited until {until}{has}"
NOT_JOINED: Final = "{person}, not joined yet{has}"
LEFT_CASES: Final = "{person}, no longer here{has}"
NOT_HERE: Final = "{person} is not here."
NOBODYS_CASES: Final = "With nobody yet: {cases}. /assign gives cases to someone."
INVITE_INSPECTOR: Final = "Invite an inspector"
INVITE_LEAD: Final = "Invite a lead"
MAKE_LEAD: Final = "Make a lead"
MAKE_INSPECTOR: Final = "Make an inspector"
REMOVE: Final = "Remove …"
REMOVE_SURE: Final = "Yes, remove {person}"
REMOVE_ASKED: Final = (
    "{person} will no longer get in. Their answers stay, and so do their cases until you"
    " /assign them. Remove {person}?"
)
REMOVED: Final = "{person} is removed, and can no longer get in."
REMOVED_CASES: Final = "{left}; /assign C001 I2 gives them to someone else."
REMOVED_READINGS: Final = (
    "Second readings that {person} leaves behind: {cases}. /second C012 I3 gives one to someone."
)
REVOKE: Final = "Revoke the code"
REVOKED: Final = "The code for {person} no longer works."
NO_SUCH_CODE: Final = "There is no open code for {person}. /team lists them."
NO_SUCH_PERSON: Final = "I know nobody called {person} here. /team lists everybody."
LAST_LEAD: Final = "That is the only lead. Make somebody else a lead first."
ROLE_HOW: Final = "Who, and which role? For example /role I1 lead, or /role L2 inspector."
ROLE_GIVEN: Final = "{person} is now {role}."
A_ROLE: Final = {"inspector": "an inspector", "lead": "a lead"}

ASSIGN_HOW: Final = (
    "Which cases, and to whom? For example /assign C001 I2, /assign C001-C010 I2,"
    " /assign rest I2 for all that nobody has, or /assign C001 nobody."
)
ASSIGN_FORM: Final = "One file of several: /assign C001 {form} I2."
ASSIGN_TO: Final = "Who takes {case}?"
ASSIGN_WHOM: Final = "I know nobody called {person} here. /team lists everybody; /invite adds one."
ASSIGN_UNKNOWN: Final = "Not in this inspection, so nothing was assigned: {cases}."
ASSIGN_NOTHING: Final = "Nothing was changed."
ASSIGN_READER: Final = (
    "{person} reads {case} a second time, so the first reading cannot be theirs. Nothing was"
    " assigned."
)
ASSIGN_LEFT: Final = "{cases} still with nobody."

SWITCH: Final = "You are in “{title}”. Go to:"
SWITCH_NONE: Final = "You serve in “{title}” only. A code for another one: /start CODE."
SWITCH_UNKNOWN: Final = "You do not serve in “{inspection}”. /switch lists yours."

DIGEST_HOW: Final = (
    "What shall I tell you unasked? /digest 17:30 sets another time. When the last case is in I"
    " tell you anyway."
)
DIGEST_NO_TIME: Final = (
    "“{text}” is no time that I can read, so nothing has changed. A time is from 00:00 to 23:59,"
    " such as 18:00."
)
DIGEST_EACH: Final = "Each case"
DIGEST_EVENING: Final = "At 18:00"
DIGEST_OFF: Final = "Nothing"
DIGEST_SET: Final = {
    "each": "I will tell you of each case that comes in.",
    "evening": "I will tell you every day at {time} ({zone}) how far it is, and not of each case.",
    "off": "I will tell you only when the last case is in.",
}

SUBMITTED_NOTICE: Final = "{person} submitted {case}. {title}: {of} in."
SECOND_IN_NOTICE: Final = (
    "{person} submitted the second reading of {case} ({title}). /agreement {case} sets the two side"
    " by side."
)
AGAIN_NOTICE: Final = "{person} handed {case} in again: {changes}. {title}: {of} in."
WAS_CHANGED: Final = "{number} changed"
AS_IT_WAS: Final = "{number} as it was"
AS_IT_WAS_NOTED: Final = "{number} as it was, with more beside it"
RETURNED_NOTICE: Final = "The lead gave {case} back to you ({title}). /case {case} shows why."
TAKEN_NOTICE: Final = "{case} is with {person} now ({title}). /cases lists yours."
SEVERAL_TAKEN_NOTICE: Final = (
    "{title}: several of your cases are no longer with you. /cases lists those that are."
)
ASSIGNED_NOTICE: Final = "{title}: {cases} waiting for you now. /cases lists them."
OPEN_IT: Final = "Open {case}"
SWITCH_FIRST: Final = "You are in another inspection now: /switch {inspection} first."
SECOND_NOTICE: Final = "{title}: please read {case} as a second inspector. /case {case} opens it."

OF_CASES: Final = "{submitted} of {cases} in"
ANSWERED_BY_CRITERION: Final = "Questions answered:"
BY_SAMPLE: Final = "By list of the sample:"
SAMPLE_PROGRESS: Final = "{name}: {of}"
NO_SAMPLE: Final = "list not known yet"
STUCK: Final = "Begun and not touched for a day or more: {cases}"
STUCK_LINE: Final = "{case}, {person}: since {since} ({days}{returned})"
WAS_RETURNED: Final = ", returned"

CASE_VIEW: Final = "{case}, {person}, {status}, {answered} of {relevant} answered"
CASE_VIEW_CUT: Final = "… the rest is in /export xlsx."
WHOLE_CASE_VIEW: Final = "The whole case"
DOES_NOT_APPLY: Final = "does not apply"
NO_PART: Final = "“{part}” is no question, criterion or form of {case}."
OPEN: Final = "open"
NO_ANSWER: Final = "no answer"
OPEN_CASE: Final = "Answer it"
RETURN: Final = "Return …"
AGREE: Final = "Agree"
SECOND_READING: Final = "Second reading …"
SEE_SECOND: Final = "See the second reading"
SEE_DIFFERENCES: Final = "See where"
NOT_LISTED: Final = "{case} is not in this inspection. /cases lists them."
NO_SECOND: Final = "{case} has no second reading that is yours to see."
WHICH_FORM: Final = "{case} has several files. Which one?"
HISTORY: Final = "History"
SETTLED_AS: Final = "{answer}, settled"
SETTLED_LINE: Final = "settled by {by}: {why}"
NOW_WITH: Final = "now with {person}"
REMARKED: Final = "remark on {number}: {text}"
NOTED: Final = "{number} note"

RETURN_HOW: Final = (
    "Which case? For example /return C012, or /return C012 {number} and your remark."
)
RETURN_NOT_IN: Final = "{case} is not submitted, so there is nothing to give back."
AGREE_NOT_IN: Final = "{case} is not submitted, so there is nothing to agree yet."
REMARK_ASKED: Final = (
    "Your next message is the remark on {case}. Begin with a question’s number to bring its"
    " inspector there: {number} please look again."
)
REMARK_ASKED_ON: Final = "Your next message is the remark on {number} of {case}."
REMARK_NO_QUESTION: Final = "There is no question {number} in {case}."
REMARK_AGAIN: Final = (
    "Please send the remark again: with a question’s number, or beginning with a word where it is"
    " on the whole case."
)
REMARK_EMPTY: Final = "That is empty or too long. Please send it as a text under 4,000 characters."
RETURNED_DONE: Final = "{case} is back with {person}{where}."
RETURNED_TO_NOBODY: Final = (
    "{case} is open again{where}, and with nobody. /assign gives it to someone."
)
RETURNED_AT: Final = ", at {number}"
SECOND_HOW: Final = "Which case, and who reads it? For example /second C012 I3."
SECOND_WHO: Final = "Who reads {case} a second time? An inspector will not see the first reading."
SECOND_NOW: Final = "{person} has the second reading now."
SECOND_NOBODY: Final = "Nobody else has joined who could read {case}. /invite adds people."
SECOND_SAME: Final = "{case} is {person}’s to read first. Please choose somebody else."
SECOND_ALREADY: Final = "{person} has the second reading of {case} already."
SECOND_THERE: Final = "The second reading of {case} is in already."
SECOND_AGREED: Final = "{case} is agreed. /return it first to have it read again."
SECOND_DONE: Final = "{person} will read {case}, without seeing the first reading."
SECOND_DONE_LEAD: Final = (
    "{person} will read {case}. As a lead they can see the first reading, so it is blind only if"
    " they do not look."
)
AGREEMENT: Final = "Read twice: {cases}."
AGREEMENT_NONE: Final = "No case has two finished readings yet. /second C012 I3 asks for one."
AGREEMENT_WAITING: Final = "Under way: {cases}."
AGREEMENT_NOT_YET: Final = "{case} does not have two finished readings."
AGREEMENT_CASE: Final = "{case}: {first} first, {second} second"
AGREEMENT_NO_JUDGEMENT: Final = "No judgement was made in both readings."
KAPPA: Final = ", kappa {kappa:.2f}: {strength} agreement"
NO_DIFFERENCES: Final = "Nothing is left to settle."
SETTLE_FIRST: Final = "{person}, first"
SETTLE_SECOND: Final = "{person}, second"
SETTLED_ALREADY: Final = "That is settled already. /agreement lists what is left."
REASON_ASKED: Final = "Why? Your next message is the reason for {number}, and is kept with it."
REASON_EMPTY: Final = "A reason is needed. Please send it as a text under 4,000 characters."
SETTLED: Final = "✓ {number} stands as {answer}."
AGREED: Final = "{case} is agreed."
AGREED_ALREADY: Final = "{case} is agreed already."
AGREE_HOW: Final = "Which case? For example /agree C012."
AGREE_UNDER_WAY: Final = (
    "{person} is still reading {case} a second time. Agree it when that is in, or give the reading"
    " to somebody else: /second."
)

FINDINGS: Final = "{title}, draft findings:"
FINDINGS_NONE: Final = "There is nothing to find yet: no judgement has been made."
FINDINGS_MORE: Final = "Tap a criterion to read it; /export docx has all of it."
FINDINGS_CUT: Final = "… and {count} more in /export docx"
STRENGTHS: Final = "Strengths"
IMPROVEMENTS: Final = "Areas for improvement"
IN_CASES: Final = "In {cases}"
NOT_IN_CASES: Final = "Not in {cases}"
GOOD_PRACTICE: Final = "Good practice"
QUOTATIONS: Final = "Quotations"
KEY_FINDING_MISSING: Final = "(Your key finding goes here.)"
WRITE_KEY_FINDING: Final = "Write the key finding"
KEY_FINDING_ASKED: Final = "Your next message is the key finding on {number}. A dash takes it away."
KEY_FINDING_KEPT: Final = "✓ Key finding on {number} kept."
KEY_FINDING_NONE: Final = "There is no key finding on {number} to take away."
KEY_FINDING_GONE: Final = "✓ Key finding on {number} taken away."
NO_SUCH_CRITERION: Final = "There is no criterion “{text}”; there are {numbers}."
NO_SUCH_QUESTION: Final = "There is no question “{text}”."
COMPARE_WHICH: Final = "This follows up no inspection. Compare it with:"
COMPARE_NONE: Final = "This follows up no inspection, and you lead no other with this instrument."
COMPARE_UNKNOWN: Final = (
    "You lead no other inspection “{inspection}” with this instrument. /compare lists those you do."
)
COMPARED: Final = "{before} → {after}"
COMPARED_NOTHING: Final = "There is nothing to compare yet: no judgement was made in either."

RECOMMEND: Final = "Recommend …"
RECOMMEND_KEY: Final = "Is it a key recommendation?"
KEY_RECOMMENDATION: Final = "Key recommendation"
OTHER_RECOMMENDATION: Final = "Other"
RECOMMEND_PARTS: Final = {
    "owner": "Who is to act on it? An organisation or a role, no name.",
    "criteria": "Which criteria does it concern? For example 1.1 1.2, or a dash for none.",
    "findings": "Which questions does it rest on? For example 1.2.b 1.3.c, or a dash for none.",
    "text": "What should be done? In one sentence.",
}
RECOMMENDATIONS: Final = "Recommendations:"
RECOMMENDATIONS_NONE: Final = "No recommendation yet."
RECOMMEND_NEXT: Final = "To record one, tap what kind it is."
RECOMMEND_ANOTHER: Final = "To record another, tap what kind it is."
NO_SUCH_RECOMMENDATION: Final = (
    "There is no recommendation “{text}”. /recommend lists them, /recommend key begins one."
)
PART_NEEDED: Final = "This one is needed."
RECOMMENDED: Final = "✓ Kept."
RECOMMENDATION_GONE: Final = "✓ {ref} taken away."
TAKE_AWAY: Final = "Take {ref} away"
KEY_MARK: Final = " (key)"
ON_CRITERIA: Final = "Criteria: {numbers}"
ON_FINDINGS: Final = "Rests on: {numbers}"
EARLIER_RECOMMENDATIONS: Final = "From {title}; tap one to say how far it got:"
FOLLOW_UP: Final = {
    "not_started": "not started",
    "under_way": "under way",
    "done": "done",
    "no_longer_needed": "no longer needed",
}
NOT_FOLLOWED: Final = "not followed up yet"
FOLLOWED: Final = "✓ {ref}: {status}."
FOLLOWED_NONE: Final = "This inspection follows up no such recommendation."

NEW_WHICH: Final = "Which instrument?"
TITLE_ASKED: Final = "What shall it be called? Send the title, such as Cheshire 2011."
TITLE_EMPTY: Final = "Please send a title of up to 100 characters."
FOLLOWS: Final = "Follow up {title}"
FOLLOWS_UNKNOWN: Final = "You lead no inspection “{inspection}”. /new lists the instruments."
FOLLOWS_OWN_PACK: Final = (
    "“{title}” has an instrument of its own. Whoever runs the bot can make its follow-up:"
    " casewalk new."
)
FOLLOWING: Final = "It will follow up {title}."
FOLLOWS_WHICH: Final = "If it follows one up, tap that first."
NEW_DONE: Final = (
    "“{title}” is made, and you are its lead, L1. Send me the sample as a CSV file (columns case,"
    " inspector, and facts about each case), or add a case: /case C001. /invite adds people."
)
SAMPLE_LEADS: Final = "The sample is the lead’s to send. Nothing was changed."
SAMPLE_REFUSED: Final = "I cannot use that file, so nothing was added:"
SAMPLE_AS_CSV: Final = "Please save that table as CSV and send it again. Nothing was changed."
SAMPLE_LOADED: Final = "✓ {cases} added."
SAMPLE_NONE: Final = "Nothing was added."
SAMPLE_NEXT: Final = "/assign gives them to people, /invite adds people."
SAMPLE_INVITE: Final = "/invite adds people; the references in the file are kept for them."


def cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"


def answers(count: int) -> str:
    return "1 answer" if count == 1 else f"{count} answers"


def of_cases(count: int, of: int) -> str:
    return f"{count} of {cases(of)}"


IN_ALREADY: Final = "in already"
THERE_ALREADY: Final = "there already"


def left_as_they_are(count: int, why: str) -> str:
    rest = "is {why} and left as it is" if count == 1 else "are {why} and left as they are"
    return f"{cases(count)} {rest.format(why=why)}."


def assigned(count: int, person: str, taken: Sequence[tuple[str, int, int]]) -> str:
    """``✓ 5 cases now with I2, 2 of them taken from I1 (1 begun).``

    ``taken``: from whom, how many, and how many of these were begun.
    """
    if not taken:
        return f"✓ {cases(count)} now with {person}."
    parts = [(of, _taken_from(one, of, begun)) for one, of, begun in taken]
    if len(parts) == 1 and parts[0][0] == count:
        return f"✓ {cases(count)} now with {person}, taken {parts[0][1]}."
    first, *others = parts
    told = [f"{first[0]} of them taken {first[1]}", *(f"{of} {whom}" for of, whom in others)]
    return f"✓ {cases(count)} now with {person}, {one_and_other(told)}."


def _taken_from(person: str, count: int, begun: int) -> str:
    if not begun:
        return f"from {person}"
    return f"from {person} (begun)" if count == 1 else f"from {person} ({begun} begun)"


def changed_answers(count: int) -> str:
    """What became of the answers of a case that came back, where none was asked about."""
    if not count:
        return "no answer changed"
    return "1 answer changed" if count == 1 else f"{count} answers changed"


def to_settle(judgements: int, others: int) -> str:
    """``14 judgements and 6 other answers to settle``: where both judged, and the rest."""
    judged = "1 judgement" if judgements == 1 else f"{judgements} judgements"
    other = "other " if judgements else ""
    rest = f"1 {other}answer" if others == 1 else f"{others} {other}answers"
    told = [text for text, count in ((judged, judgements), (rest, others)) if count]
    return f"{one_and_other(told)} to settle"


def not_in_yet(count: int, person: str) -> str:
    return f"{cases(count)} of {person} {'is' if count == 1 else 'are'} not in yet"


def agreement_share(agree: int, pairs: int, percent: int) -> str:
    what = "judgement agrees" if pairs == 1 else "judgements agree"
    return f"{agree} of {pairs} {what} ({percent}%)"


def differences_more(count: int) -> str:
    return f"… and {count} more {'difference' if count == 1 else 'differences'}"


def agree_differences(case: str, count: int) -> str:
    return f"The two readings of {case} still differ in {answers(count)}."


def findings_line(strengths: int, improvements: int) -> str:
    return f"{strengths} {'strength' if strengths == 1 else 'strengths'}, {improvements} to improve"


def history_more(count: int) -> str:
    return "1 earlier change not shown" if count == 1 else f"{count} earlier changes not shown"


def more_warnings(count: int) -> str:
    warnings = "warning" if count == 1 else "warnings"
    return f"… and {count} more {warnings}: casewalk score lists them."


def days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def day(date: date_type) -> str:
    return f"{date.day} {date:%B}"


def day_and_time(iso: str, zone: tzinfo | None) -> str:
    """``2026-11-20T10:00:00Z`` as ``20 Nov 11:00``, in this zone."""
    moment = datetime.fromisoformat(iso).astimezone(zone)
    return f"{moment.day} {moment:%b %H:%M}"


def attached(count: int) -> str:
    return "1 file kept with it" if count == 1 else f"{count} files kept with it"


def done(count: int) -> str:
    """The button that ends a list: how many are ticked."""
    return f"Done ({count})" if count else NONE_OF_THESE


def first_answers(count: int, last: str) -> str:
    """How far a line of answers would have gone, and so what to send instead."""
    if count == 1:
        return f"The first one fits, for {last}: send only that."
    return f"The first {count} fit, up to {last}: send only those."


def one_or_other(texts: Sequence[str]) -> str:
    """``A``, ``A or B``, ``A, B or C``."""
    *first, last = texts
    return f"{', '.join(first)} or {last}" if first else last


def one_and_other(texts: Sequence[str]) -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last


def summary_final(title: str, cases: int) -> str:
    whole = "the one case is in" if cases == 1 else f"all {cases} cases are in"
    return f"{title}: {whole}. The score summary:"


def exported(cases: int) -> str:
    return "1 case, as it stands now." if cases == 1 else f"{cases} cases, as they stand now."
