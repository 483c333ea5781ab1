# Every message to people, in English. Short and kind: what happened, what next.
# Read a message aloud before changing it. Questions and answers come from the pack.
#
# A message is used as say("case-line", case=…, status=…). A test checks that every message is used
# and given exactly its placeholders. Families such as status-* end with a name from the code.

## Answers that leave the base

na = N/A
not-known = Not known

## Buttons

back = ‹ Back
skip = Skip ›
continue = Continue ›
note = Note
review = Review
cancel = No note
cancel-asked = Cancel
remove-note = Remove note
none-of-these = None of these
next-open = Next open ›
undo = Undo
clear = Make open again
submit = Submit
reopen = Reopen
next-case = Next case ›
page-before = ‹ { $first }–{ $last }
page-after = { $first }–{ $last } ›
page-all = All answers

## Joining

stranger = This bot works by invitation. Ask the lead of your inspection for a code, then send: /start CODE
welcome = You are { $person }, { $role } of “{ $title }”. { $begin }/help lists what I can do.
begin = Tap a case to begin;{" "}
role-name-inspector = inspector
role-name-lead = lead
bad-code = That code does not work: it may be mistyped, used or out of date. Ask the lead for a new one.

## Cases

no-case = No case is open. /cases lists yours.
no-cases = No case is waiting for you. To add one, send /case and its reference.
no-cases-lead = There is no case yet. Send me the sample as a CSV file, or add one: /case C001.
all-done = All your cases are submitted. Thank you.
cases-yours = Your cases:
cases-free = Free to take:
cases-lead = Cases of “{ $title }”:
cases-more = … and { $count } more. Send /case and a reference to open any.
case-line = { $case }: { $status }, { $answered } of { $relevant }
case-damaged = { $case }: its file is damaged; whoever runs the bot can say more
status-unassigned = not begun
status-assigned = not begun
status-in_progress = begun
status-submitted = submitted
status-returned = returned
status-agreed = agreed
form-unknown = There is no form “{ $form }”; there are { $forms }.
case-unknown = { $case } is not in this inspection. Add it?
case-add = Add { $case }
case-like = { $case } is not in this inspection. Did you mean { $near }?
case-others = { $case } is not one of your cases. /cases lists yours.
case-taken = { $case } is with somebody else now. /cases lists yours.
case-gone = Somebody else has { $case } now. /cases lists what is left.
case-bad-reference = “{ $text }” cannot be a case reference. It is one word with a number in it, such as C001, and never a person’s name.

## Closed inspections, and what is kept

inspection-closed = “{ $title }” is closed, so nothing in it changes any more. You can still read it: /cases, /progress, /summary.
privacy =
    What I keep: your answers, notes, photos and voice messages, with their time and your reference, { $person }; which Telegram chat you are; and which of its messages I have dealt with. No names, no phone numbers, no profile.

    Where: in the store of whoever runs this bot, and in its backups. { $kept }

    Telegram carries this chat and can read it, so please write references, never names. What you delete here is deleted in the chat only.

    To be erased, ask the lead: which chat you are is then forgotten. What you judged stays, as { $person }’s.
kept-until = It will be kept until { $day }.
kept-until-erased = It is kept until the lead has it erased.

## Commands, texts and files

unknown-command = I do not know /{ $command }. /help lists what I can do.
lead-only = /{ $command } is for the lead of the inspection.
lead-only-text = That was for the lead of the inspection, which you are no longer. Nothing was kept.
help-head = Tap an answer, or type it: the label, its first letters, a number or a date. What I am not sure of I ask about. N/A and Not known are counted apart.
unread = I cannot take { $what }. I can read typed text and taps on the buttons, and keep photos, voice messages, audio and PDF files. Nothing was changed.
unread-forwarded = a forwarded message: it holds somebody else’s words
unread-video = a video
unread-sticker = a sticker
unread-place = a place
unread-contact = a contact
unread-other = that
ask-dropped = All right, nothing was kept.
ask-left = You went on to something else, so I no longer wait for { $what }.
asked-for-remark = the remark
asked-for-settle = the reason
asked-for-key_finding = the key finding
asked-for-recommend = the recommendation, and nothing of it was kept
asked-for-title = the title
file-written = Written to { $path }.
file-not-written = { $path } could not be written ({ $why }).

## What went wrong

file-too-large = That file is too large for me: 20 MB is the most. Nothing was kept.
file-kind-refused = I cannot keep that kind of file. Photos and other images, voice messages, audio and PDF files I can. Nothing was kept.
file-lost = ✗ { $media } on { $number } of { $case } was not kept: { $why }
file-not-fetched-why = it could not be fetched from Telegram. Please send it again at that question; if that does not help, tell whoever runs this bot.
file-too-large-why = it is too large for me, and 20 MB is the most.
file-not-kept-why = it is not what it says it is. Photos and other images, voice messages, audio and PDF files I can keep.
still-awaited = still being fetched
sample-lost = Your table was not read: { $why }
awaited =
    { $count ->
        [one] 1 file is still being fetched. If it does not come, I tell you.
       *[other] { $count } files are still being fetched. If one does not come, I tell you.
    }
not-saved = That was not saved, because the disk did not take it. What you answered before is safe. Please try again in a minute.
not-read = A stored file could not be read, so nothing changed. Please tell whoever runs the bot; its log says which file. /cases still opens the others.
try-again = Somebody else is changing this case. Please try again.
foreign-tap = That button is from another inspection or an older version. Nothing changed.

## The card

slash-controls = (also: /back, /next, /note, /cancel, /review)
card-head = { $case } · { $number } · { $place } of { $of }
review-head = { $case } · review · { $answered } of { $relevant } answered
progress-head = { $case }: { $answered } of { $relevant } answered ({ $percent }%)
no-criterion = Not scored
your-answer = Your answer: { $answer }
your-note = Your note: { $note }
type-hint-integer = Type a whole number.
type-hint-decimal = Type a number.
type-hint-date = Type a date, such as 3/6/2014 or 3 June 2014.
type-hint-text = Type your answer.
type-hint-select_multiple = Tap all that apply, then Done.

page-shown = Answers { $first }–{ $last } of { $count }. Type a part of an answer to find it.
choices-found =
    { $count ->
        [one] “{ $text }” is part of one answer. Please tap it.
       *[other] “{ $text }” is part of { $count } answers. Please tap the one you mean.
    }

## After an answer

echo = ✓ { $number } { $answer }
read-from = (I read “{ $text }” as { $answer }. /goto { $number } changes it.)
changed-from = (It was { $answer }.)
undone =
    { $count ->
        [one] ✓ Your answer to { $numbers } is taken back.
       *[other] ✓ Your answers to { $numbers } are taken back.
    }
undone-beside = ✓ What you last added to { $numbers } is taken back.
undo-nothing = There is nothing of yours to take back in { $case }.
undo-changed-since = Somebody else has changed { $number } since, so I left it as it is.
reply-to-several = That message answered { $numbers }. Please write the number first, and then your answer.
edit-refused-not_read = I read an edit only where the message gave something in the case that is open. Please send it as a new message.
edit-refused-changed_since = { $number } was changed after that message, so your edit changes nothing.
edit-refused-unclear = I cannot read your edit as an answer to { $number }, so that stays as it was: { $answer }.
cleared = ✓ { $number } is open again. (It was { $answer }.)
hidden = No longer asked: { $numbers }. The answers are kept, but not counted.
returned = Asked again, with the answers you gave: { $numbers }.

## Texts that are no answer

rejected-no_match = “{ $text }” is not one of the answers to { $number }.
rejected-is_it = “{ $text }”: did you mean { $near }?
rejected-ambiguous = “{ $text }” could be { $near }. Please tap the one you mean.
rejected-some_of = “{ $text }” names { $near }, and more that I cannot place. Please tap those you mean.
rejected-with_note = { $near }, with the note “{ $note }”?
rejected-none_or_ticks = Some are ticked. Did you mean { $near }?
rejected-negated = “{ $text }” is not one of the answers to { $number }. Please tap the one you mean.
rejected-not_a_number = “{ $text }” is not a number.
rejected-not_whole = “{ $text }” is not a whole number.
rejected-not_a_date = “{ $text }” is not a date I can read. Try 3/6/2014.
rejected-date_out_of_range = “{ $text }” is over a century back or ten years on. Please check the year.
rejected-still_to_come = { $near } is still to come. Is that right?
rejected-constraint = That cannot be right for { $number }. Please check it.
rejected-empty = That message was empty.
rejected-too_long = That is too long. Please keep it under 20,000 characters.
rejected-na_not_allowed = { $number } cannot be answered N/A.
rejected-not_known_not_allowed = { $number } cannot be answered Not known.
sent-before-fits = You wrote “{ $text }” before { $number } was shown.
sent-before-unfit = You wrote “{ $text }” before { $number } was shown, so nothing was recorded.
sent-before-note = You wrote “{ $text }” before I asked for the note on { $number }, so nothing was kept. If that is the note, please send it again.
record-on = Record { $answer } on { $number }
leave-open = Leave { $number } open
leave-as-it-is = Leave { $number } as it is
named-line-rejected = I cannot read “{ $text }” as an answer to { $number }, so nothing was recorded.
with-note = { $answer } and note
without-note = Only { $answer }
keep-first = Keep the first { $count }
line-rejected = “{ $word }” does not fit { $number }, so nothing was recorded.
line-too-long = That is more answers than this card has questions, so nothing was recorded.
ticks-dropped = You left { $number } before Done, so its ticks were not kept.
did-you-mean = Did you mean { $near }?

## Notes, photos and voice messages

note-asked = Your next message is the note on { $number }: a text, a photo or a voice message. No names, please.
note-replaces = A text replaces the note that stands there: “{ $note }”
note-removed = ✓ Note on { $number } taken away.
note-recorded = ✓ Note on { $number } kept as { $kind }. Tap below if it is something else.
note-kept = ✓ Note on { $number } kept as { $kind }.
text-held = I have not kept that: it seems to hold { $found }. Please send it again without. If I am mistaken, send the same once more.
personal-name = a person’s name
personal-address = an address
personal-phone = a phone number
personal-email = an e-mail address
personal-identity_number = an identity number
personal-date_of_birth = a date of birth
take-message-away = Take my message away
attached =
    { $count ->
        [one] ✓ { $media } on { $number } kept as { $kind }. Tap below if it is something else.
       *[other] ✓ { $count } files on { $number } kept as { $kind }. Tap below if they are something else.
    }
kind-set = ✓ Kept as { $kind } on { $number }.
evidence-kind-evidence = Evidence
evidence-kind-strength = Strength
evidence-kind-area_for_improvement = To improve
evidence-kind-good_practice = Good practice
evidence-kind-quotation = Quotation
as-kind-evidence = evidence
as-kind-strength = strength
as-kind-area_for_improvement = something to improve
as-kind-good_practice = good practice
as-kind-quotation = quotation
media-photo = Photo
media-voice = Voice message
media-audio = Audio file
media-document = PDF file
remark = { $by } asks: { $text }
remark-line = { $by } on { $number }: { $text }
whole-case = the case
note-rejected-profile = { $number } is a fact about the case and takes no note. Notes go with the questions.
note-rejected-no_question = There is no question to note on. /goto { $number } brings one up, or /note { $number } and text.
note-rejected-too_long = That note is too long. Please keep it under 20,000 characters.
note-rejected-too_many = { $number } has twenty files already, which is as many as it takes.

## The review, and submitting

still-open = Still open: { $numbers }
open-optional = Open, but not needed: { $numbers }
all-answered = Nothing more is needed. Submit when you are ready.
kept-not-counted = Kept, but not counted: { $numbers }
to-mend =
    { $count ->
        [one] This answer does not go with the others any more. Change it, or what it depends on:
       *[other] These answers do not go with the others any more. Change them, or what they depend on:
    }
broken = { $number } does not go with that any more: { $why }
constraint-broken = Its answer breaks the rule that the instrument has for it.
submit-refused =
    { $open ->
        [0] Not yet: { $broken ->
            [one] 1 answer does not go with the others.
           *[other] { $broken } answers do not go with the others.
        }
       *[other] { $broken ->
            [0] Not yet: { $open } still to answer.
           *[other] Not yet: { $open } still to answer, and { $broken } to change.
        }
    }
submitted = ✓ { $case } is submitted. Thank you.
case-result = Sufficient judgements, of those that count:
is-submitted = { $case } is submitted.
is-agreed = The lead has agreed { $case }.
closed = { $case } is submitted, so nothing changes. To change an answer, /reopen it.
closed-agreed = The lead has agreed { $case }, so nothing changes. The lead can return it.
reopened = { $case } is open again.

## Moving on that is refused

move-refused-at_start = This is the first question.
move-refused-not_submitted = { $case } is not submitted, so there is nothing to reopen.
move-refused-already_submitted = { $case } is already submitted.
move-refused-only_read = This one is only to be read. Tap Continue.
move-refused-agreed = The lead has agreed { $case }, so it stays as it is. The lead can return it.
move-refused-nothing_open = Nothing is open. Submit when you are ready.
move-refused-nothing_asked = No question is open, so nothing was recorded. /goto { $number } brings one up, /review shows the case, /help lists what I can do.
move-refused-case_is_in = { $case } is submitted, so none of it is open. “Next case ›” or /cases leads on.
move-refused-not_answered = That question has no answer, so there is nothing to make open again.
move-refused-no_case = No case is open. /cases lists yours.
old-card = That was an earlier card, so nothing changed. Here is where you are.
other-case = That card is of { $other }; { $case } is open now. Nothing changed.
repeated = Already answered.
jump-refused-unknown = I know no question or criterion “{ $target }”.
jump-refused-not_relevant = { $target } is not asked in this case, as things stand.
jump-refused-empty = Where to? For example /goto { $number }, or /goto and a criterion.
review-lists = /review lists what is still open.

## Languages

language-set = Questions are now in { $language }.
language-only = This instrument is in { $language } only.
language-asked = Which language for the questions?

## Progress and scores

your-cases = { $title }, your cases
summary-head = { $title }: { $of } submitted
summary-so-far = So far, from every answer given:
summary-nothing = No judgement has been made yet.
not-counted = Not counted: { $cases }. The file is damaged; whoever runs the bot can say more.
by-the-lead = (by the lead: { $to })
inferred-bands = The cut-points of the comments are inferred, not published.
no-level = not followed up
headlines = Headlines
inspection-progress = { $of } submitted, { $begun } begun
unassigned = nobody yet
nobody = nobody
person-progress = { $person }: { $submitted } of { $cases } submitted, { $begun } begun

## Exports

export-which = Which file?
export-about-json = everything, for other tools and to keep
export-about-csv = a row for each answer, and one for each case
export-about-xlsx = a workbook: scores, tables and answers
export-about-html = a page to read and to print
export-about-docx = the draft findings, to go on writing
export-about-csv-cases = The same with one row for each case.

## Invitations

invitation =
    A code for one { $role }, { $person }, good for { $days } days and one use. Pass it on:
    /start { $code }
invitation-link = Or this link: { $link }
invitation-again = Whoever joins with it is { $person }, with all that is theirs; { $person }’s earlier account has no access any more.
invite-whom = Whom? /invite inspector or /invite lead; for somebody with a new account: /invite inspector I2
invite-refused-unknown = I know nobody called { $person } here. Without a reference, the code is for somebody new.
invite-refused-erased = { $person } was erased, so nobody can be { $person } again. Without a reference, the code is for somebody new.
invite-refused-role = { $person } is { $role }; invite them as that. /role changes it.
codes-void =
    { $count ->
        [one] One unused code of { $person }’s works no more.
       *[other] { $count } unused codes of { $person }’s work no more.
    }

## The commands, in a word

command-about-case = open a case: /case C001
command-about-cases = list the cases
command-about-next = go to the next open question
command-about-back = go one question back
command-about-goto = go to a question or criterion by its number
command-about-note = add a note: /note, or /note, a number and text
command-about-cancel = skip the note or text I asked for
command-about-review = see what is open and answered
command-about-submit = submit the case
command-about-undo = take back what you gave last
command-about-clear = make a question open again: /clear, or /clear and its number
command-about-reopen = reopen a submitted case
command-about-progress = see how much is answered
command-about-team = see who is here and who has what
command-about-assign = give cases to someone: /assign C001-C010 I2
command-about-return = give a case back with a remark: /return C012
command-about-second = have a case read a second time: /second C012 I3
command-about-agreement = see how far two readings agree
command-about-agree = close a case for good: /agree C012
command-about-findings = draft the findings
command-about-recommend = record or follow up recommendations
command-about-compare = compare with the earlier inspection
command-about-digest = choose when I message you about progress
command-about-new = make another inspection
command-about-switch = go to another of your inspections
command-about-summary = see the scores so far
command-about-export = get the answers as a file
command-about-invite = invite someone
command-about-language = choose the language of the questions
command-about-privacy = see what is kept about you
command-about-help = see what I can do
start-command = join with the code you were given

## The team

second-of = { $case } (second reading)
team = The team of “{ $title }”:
team-line = { $person }, { $role }{ $has }
has-cases = : { $of } submitted
has-nothing = Has no case.
invited-line = { $person }, { $role }, invited until { $until }{ $has }
not-joined = { $person }, not joined yet{ $has }
left-cases = { $person }, no longer in the team{ $has }
not-here = { $person } is not in the team.
nobodys-cases =
    { $cases ->
        [one] With nobody yet: 1 case. /assign gives cases to someone.
       *[other] With nobody yet: { $cases } cases. /assign gives cases to someone.
    }
invite-inspector = Invite an inspector
invite-lead = Invite a lead
make-lead = Make a lead
make-inspector = Make an inspector
remove = Remove …
remove-sure = Yes, remove { $person }
remove-asked = { $person } will lose access. Their answers stay, and so do their cases until you /assign them. Remove { $person }?
removed = { $person } is removed and no longer has access.
removed-cases =
    { $left ->
        [one] 1 case of { $person } is not submitted yet; /assign C001 I2 gives it to someone else.
       *[other] { $left } cases of { $person } are not submitted yet; /assign C001 I2 gives them to someone else.
    }
removed-readings =
    { $cases ->
        [one] { $person } leaves 1 second reading behind. /second C012 I3 gives one to someone.
       *[other] { $person } leaves { $cases } second readings behind. /second C012 I3 gives one to someone.
    }
revoke = Revoke the code
revoked = The code for { $person } no longer works.
no-such-code = There is no open code for { $person }. /team lists them.
no-such-person = I know nobody called { $person } here. /team lists everybody.
last-lead = That is the only lead. Make somebody else a lead first.
role-how = Who, and which role? For example /role I1 lead, or /role L2 inspector.
role-given = { $person } is now { $role }.
a-role-inspector = an inspector
a-role-lead = a lead

## Assigning cases

assign-how = Which cases, and to whom? For example /assign C001 I2, /assign C001-C010 I2, /assign rest I2 for all that nobody has, or /assign C001 nobody.
assign-form = One file of several: /assign C001 { $form } I2.
assign-to = Who takes { $case }?
assign-whom = I know nobody called { $person } here. /team lists everybody; /invite adds one.
assign-unknown = Not in this inspection, so nothing was assigned: { $cases }.
assign-nothing = Nothing was changed.
assign-reader = { $person } reads { $case } a second time, so the first reading cannot be theirs. Nothing was assigned.
assign-left =
    { $cases ->
        [one] 1 case still with nobody.
       *[other] { $cases } cases still with nobody.
    }

## Other inspections

switch = You are in “{ $title }”. Go to:
switch-none = You serve in “{ $title }” only. A code for another one: /start CODE.
switch-unknown = You do not serve in “{ $inspection }”. /switch lists yours.

## What a lead is told, and when

digest-how = When should I message you about progress? /digest 17:30 sets another time. I always tell you when the last case is submitted.
digest-no-time = I cannot read “{ $text }” as a time, so nothing has changed. Send a time from 00:00 to 23:59, such as 18:00.
digest-each = Each case
digest-evening = At 18:00
digest-off = Only at the end
digest-set-each = I will tell you about each case that is submitted.
digest-daily = I will tell you every day at { $time } ({ $zone }) how the inspection stands, and not about each case.
digest-set-off = I will tell you only when the last case is submitted.
submitted-notice = { $person } submitted { $case }. { $title }: { $of } submitted.
second-in-notice = { $person } submitted the second reading of { $case } ({ $title }). /agreement { $case } compares the two.
again-notice = { $person } submitted { $case } again: { $changes }. { $title }: { $of } submitted.
was-changed = { $number } changed
as-it-was = { $number } as it was
as-it-was-noted = { $number } as it was, with more added
returned-notice = The lead gave { $case } back to you ({ $title }). /case { $case } shows why.
taken-notice = { $case } is with { $person } now ({ $title }). /cases lists yours.
several-taken-notice = { $title }: several of your cases are no longer with you. /cases lists those that are.
assigned-notice =
    { $cases ->
        [one] { $title }: 1 case waiting for you now. /cases lists yours.
       *[other] { $title }: { $cases } cases waiting for you now. /cases lists yours.
    }
open-it = Open { $case }
switch-first = You are in another inspection now: /switch { $inspection } first.
second-notice = { $title }: please read { $case } as a second inspector. /case { $case } opens it.
of-cases-submitted = { $submitted } of { $cases } submitted

## How the inspection stands

answered-by-criterion = Questions answered:
by-sample = By list of the sample:
sample-progress = { $name }: { $of }
no-sample = list not known yet
stuck =
    { $cases ->
        [one] Begun and not touched for a day or more: 1 case
       *[other] Begun and not touched for a day or more: { $cases } cases
    }
stuck-line =
    { $days ->
        [one] { $case }, { $person }: since { $since } (1 day{ $returned })
       *[other] { $case }, { $person }: since { $since } ({ $days } days{ $returned })
    }
was-returned = , returned

## One case, as a lead sees it

case-view = { $case }, { $person }, { $status }, { $answered } of { $relevant } answered
case-view-cut = … the rest is in /export xlsx.
whole-case-view = The whole case
does-not-apply = does not apply
no-part = “{ $part }” is not a question, criterion or form of { $case }.
open = open
no-answer = no answer
open-case = Answer it
return = Return …
agree = Agree
second-reading = Second reading …
see-second = See the second reading
see-differences = See where
not-listed = { $case } is not in this inspection. /cases lists them.
no-second = { $case } has no second reading that is yours to see.
which-form = { $case } has several files. Which one?
history = History
settled-as = { $answer }, settled
settled-line = settled by { $by }: { $why }
now-with = now with { $person }
remarked = remark on { $number }: { $text }
noted = { $number } note

## Giving a case back

return-how = Which case? For example /return C012, or /return C012 { $number } and your remark.
return-not-in = { $case } is not submitted, so there is nothing to give back.
agree-not-in = { $case } is not submitted, so there is nothing to agree yet.
remark-asked = Your next message is the remark on { $case }. Begin with a question’s number to bring its inspector there: { $number } please look again.
remark-asked-on = Your next message is the remark on { $number } of { $case }.
remark-no-question = There is no question { $number } in { $case }.
remark-again = Please send the remark again: with a question’s number, or beginning with a word where it is on the whole case.
remark-empty = That is empty or too long. Please send it as a text under 20,000 characters.
returned-done = { $case } is back with { $person }{ $where }.
returned-to-nobody = { $case } is open again{ $where }, and with nobody. /assign gives it to someone.
returned-at = , at { $number }

## Second readings

second-how = Which case, and who reads it? For example /second C012 I3.
second-who = Who reads { $case } a second time? An inspector will not see the first reading.
second-now = { $person } has the second reading now.
second-nobody = Nobody else has joined who could read { $case }. /invite adds people.
second-same = { $case } is { $person }’s to read first. Please choose somebody else.
second-already = { $person } has the second reading of { $case } already.
second-there = The second reading of { $case } is already submitted.
second-agreed = { $case } has been agreed. /return it first to have it read again.
second-done = { $person } will read { $case }, without seeing the first reading.
second-done-lead = { $person } will read { $case }. As a lead they can see the first reading, so it is blind only if they do not look.
agreement =
    { $cases ->
        [one] Read twice: 1 case.
       *[other] Read twice: { $cases } cases.
    }
agreement-none = No case has two finished readings yet. /second C012 I3 asks for one.
agreement-waiting =
    { $cases ->
        [one] Under way: 1 case.
       *[other] Under way: { $cases } cases.
    }
agreement-not-yet = { $case } does not have two finished readings.
agreement-case = { $case }: { $first } first, { $second } second
agreement-no-judgement = No judgement was made in both readings.
no-differences = Nothing is left to settle.
settle-first = { $person }, first
settle-second = { $person }, second
settled-already = That is settled already. /agreement lists what is left.
reason-asked = Why? Your next message is the reason for { $number }, and is kept with it.
reason-empty = A reason is needed. Please send it as a text under 20,000 characters.
settled = ✓ { $number } stands as { $answer }.
agreed = You have agreed { $case }.
agreed-already = { $case } has already been agreed.
agree-how = Which case? For example /agree C012.
agree-under-way = { $person } is still reading { $case } a second time. Agree it when that is submitted, or give the reading to somebody else: /second.

## Findings

findings = { $title }, draft findings:
findings-none = There is nothing to find yet: no judgement has been made.
findings-more = Tap a criterion to read it; /export docx has all of it.
findings-cut = … and { $count } more in /export docx
found-strength = Strengths
found-improvement = Areas for improvement
in-cases = In { $cases }
not-in-cases = Not in { $cases }
found-good_practice = Good practice
found-quotation = Quotations
key-finding-missing = (Your key finding goes here.)
write-key-finding = Write the key finding
key-finding-asked = Your next message is the key finding on { $number }. A dash takes it away.
key-finding-kept = ✓ Key finding on { $number } kept.
key-finding-none = There is no key finding on { $number } to take away.
key-finding-gone = ✓ Key finding on { $number } taken away.
no-such-criterion = There is no criterion “{ $text }”; there are { $numbers }.
no-such-question = There is no question “{ $text }”.

## Comparison

compare-which = This follows up no inspection. Compare it with:
compare-none = This follows up no inspection, and you lead no other with this instrument.
compare-unknown = You lead no other inspection “{ $inspection }” with this instrument. /compare lists those you do.
compared = { $before } → { $after }
compared-nothing = There is nothing to compare yet: no judgement was made in either.

## Recommendations

recommend = Recommend …
recommend-key = Is it a key recommendation?
key-recommendation = Key recommendation
other-recommendation = Other
recommend-part-owner = Who is to act on it? An organisation or a role, no name.
recommend-part-criteria = Which criteria does it concern? For example 1.1 1.2, or a dash for none.
recommend-part-findings = Which questions does it rest on? For example 1.2.b 1.3.c, or a dash for none.
recommend-part-text = What should be done? In one sentence.
recommendations = Recommendations:
recommendations-none = No recommendation yet.
recommend-next = To record one, tap what kind it is.
recommend-another = To record another, tap what kind it is.
no-such-recommendation = There is no recommendation “{ $text }”. /recommend lists them, /recommend key begins one.
part-needed = This one is needed.
recommended = ✓ Kept.
recommendation-gone = ✓ { $ref } taken away.
take-away = Take { $ref } away
key-mark = {" "}(key)
on-criteria = Criteria: { $numbers }
on-findings = Rests on: { $numbers }
earlier-recommendations = From { $title }; tap one to say how far it has got:
follow-up-not_started = not started
follow-up-under_way = under way
follow-up-done = done
follow-up-no_longer_needed = no longer needed
not-followed = not followed up yet
followed = ✓ { $ref }: { $status }.
followed-none = This inspection does not follow up that recommendation.

## A new inspection

new-which = Which instrument?
title-asked = What is it called? Send the title, such as Cheshire 2011.
title-empty = Please send a title of up to 100 characters.
follows = Follow up { $title }
follows-unknown = You lead no inspection “{ $inspection }”. /new lists the instruments.
follows-own-pack = “{ $title }” has an instrument of its own. Whoever runs the bot can make its follow-up: casewalk new.
following = It will follow up { $title }.
follows-which = If it follows up an earlier one, tap that first.
new-done = “{ $title }” is ready, and you are its lead, L1. Send me the sample as a CSV file (columns case, inspector, and facts about each case), or add a case: /case C001. /invite adds people.
sample-leads = The sample is the lead’s to send. Nothing was changed.
sample-refused = I cannot use that file, so nothing was added:
sample-as-csv = Please save that table as CSV and send it again. Nothing was changed.
sample-loaded =
    { $cases ->
        [one] ✓ 1 case added.
       *[other] ✓ { $cases } cases added.
    }
sample-none = Nothing was added.
sample-next = /assign gives them to people, /invite adds people.
sample-invite = /invite adds people; the references in the file are kept for them.

## Numbers of things, and lists

count-cases =
    { $count ->
        [one] 1 case
       *[other] { $count } cases
    }
count-answers =
    { $count ->
        [one] 1 answer
       *[other] { $count } answers
    }
of-cases =
    { $cases ->
        [one] { $submitted } of 1 case
       *[other] { $submitted } of { $cases } cases
    }
left-submitted-already =
    { $count ->
        [one] 1 case is already submitted and left as it is.
       *[other] { $count } cases are already submitted and left as they are.
    }
left-there-already =
    { $count ->
        [one] 1 case is there already and left as it is.
       *[other] { $count } cases are there already and left as they are.
    }
assigned =
    { $count ->
        [one] ✓ 1 case now with { $person }.
       *[other] ✓ { $count } cases now with { $person }.
    }
assigned-taken =
    { $count ->
        [one] ✓ 1 case now with { $person }, taken { $taken }.
       *[other] ✓ { $count } cases now with { $person }, taken { $taken }.
    }
assigned-some-taken =
    { $count ->
        [one] ✓ 1 case now with { $person }, { $parts }.
       *[other] ✓ { $count } cases now with { $person }, { $parts }.
    }
taken-first = { $count } of them taken { $taken }
taken-too = { $count } { $taken }
taken-from = from { $person }
taken-from-begun =
    { $count ->
        [one] from { $person } (begun)
       *[other] from { $person } ({ $begun } begun)
    }
changed-answers =
    { $count ->
        [0] no answer changed
        [one] 1 answer changed
       *[other] { $count } answers changed
    }
to-settle-answers =
    { $count ->
        [one] 1 answer to settle
       *[other] { $count } answers to settle
    }
to-settle-judgements =
    { $count ->
        [one] 1 judgement to settle
       *[other] { $count } judgements to settle
    }
to-settle-both =
    { $judgements ->
        [one]
            { $others ->
                [one] 1 judgement and 1 other answer to settle
               *[other] 1 judgement and { $others } other answers to settle
            }
       *[other]
            { $others ->
                [one] { $judgements } judgements and 1 other answer to settle
               *[other] { $judgements } judgements and { $others } other answers to settle
            }
    }
agreement-share =
    { $pairs ->
        [one] { $agree } of 1 judgement agrees ({ $percent }%)
       *[other] { $agree } of { $pairs } judgements agree ({ $percent }%)
    }
differences-more =
    { $count ->
        [one] … and 1 more difference
       *[other] … and { $count } more differences
    }
agree-differences =
    { $count ->
        [one] The two readings of { $case } still differ in 1 answer.
       *[other] The two readings of { $case } still differ in { $count } answers.
    }
findings-line =
    { $strengths ->
        [one] 1 strength, { $improvements } to improve
       *[other] { $strengths } strengths, { $improvements } to improve
    }
history-more =
    { $count ->
        [one] 1 earlier change not shown
       *[other] { $count } earlier changes not shown
    }
more-warnings =
    { $count ->
        [one] … and 1 more warning: casewalk score lists it.
       *[other] … and { $count } more warnings: casewalk score lists them.
    }
files-attached =
    { $count ->
        [one] 1 file kept with it
       *[other] { $count } files kept with it
    }
done =
    { $count ->
        [0] None of these
       *[other] Done ({ $count })
    }
summary-final =
    { $cases ->
        [one] { $title }: the one case is submitted. The score summary:
       *[other] { $title }: all { $cases } cases are submitted. The score summary:
    }
exported =
    { $cases ->
        [one] 1 case, as it stands now.
       *[other] { $cases } cases, as they stand now.
    }
numbers-more = { $numbers } and { $count } more
answers-more = … and { $count } more
judged-share = { $percent }% · { $sufficient } of { $relevant }

## How far two readings agree

kappa-poor = , kappa { $kappa }: poor agreement
kappa-slight = , kappa { $kappa }: slight agreement
kappa-fair = , kappa { $kappa }: fair agreement
kappa-moderate = , kappa { $kappa }: moderate agreement
kappa-substantial = , kappa { $kappa }: substantial agreement
kappa-almost_perfect = , kappa { $kappa }: almost perfect agreement

## Only on Telegram

telegram-not-saved = Sorry, that could not be saved, so nothing was changed. Please send it again in a minute; if it happens again, tell whoever runs this bot.
telegram-not-shown = Something went wrong: I could not show you what comes here. Nothing that you sent is lost. If it happens again, tell whoever runs this bot.
telegram-put-off = Telegram does not let me show you this for now, as too much was sent. Please ask again later.
telegram-not-saved-toast = Not saved. Please try again in a minute.

## The command line: what went wrong

cli-closed-inspection = { $inspection } is closed, so nothing in it changes. casewalk close { $again } --undo opens it again.
cli-no-embedded-store = CASEWALK_STORE names no embedded store, and this is for one: tinydb:DIR, for example tinydb:./data.
cli-cannot-be-read = { $path }: cannot be read ({ $why }).
cli-cannot-be-written = { $path }: cannot be written ({ $why }).
cli-no-folder = { $path } is no folder; name one, or a new one.
cli-no-target = { $path }: cannot be written; name a file in a folder that exists.
cli-title-empty = --title is empty; give what people will know the inspection by.
cli-bad-id = --id { $id } should be up to 32 letters, digits, dots and dashes.
cli-follows-unknown = --follows: there is no inspection { $id } in this store.
cli-needs-out = --format { $format } is no text; give --out FILE.
cli-bad-inspection-id = { $id } cannot be an inspection's id.
cli-would-lose = The store holds what the file lacks or has otherwise: { $named }. Nothing was imported. Export again and put your changes into that file, or give --replace to take this file's.
cli-lost-meanwhile = While this was imported, somebody else changed { $named }. That case was left as it is; the cases before it are imported. Export again and put your changes into that file.
cli-and-more = {" "}and { $count } more
cli-bad-keep-until = --keep-until { $text } is no date; write it as 2027-12-31.
cli-no-case = There is no case { $case } in { $inspection }.
cli-nobody-joined = Nobody called { $person } ever joined { $inspection }.
cli-erase-not-closed = { $inspection } is not closed. Close it first (casewalk close { $again }), and archive it if it is to be kept; or erase one --case or --person.
cli-key-and-decrypt = CASEWALK_NEW_KEY is set, and --decrypt asks for none. Give one of the two.
cli-no-new-key = Set CASEWALK_NEW_KEY to the new key (casewalk key makes one), and CASEWALK_KEY to the old one if there is one; or give --decrypt.
cli-same-store = --from and --to are the same store.
cli-caseload-too-small = --caseload { $caseload } is fewer than the { $cases } cases.
cli-follows-none = { $inspection } follows up no inspection; name the earlier one.
cli-other-instrument = { $source } was made with { $named }; { $pack } is another instrument.
cli-other-version = casewalk: { $source } says version { $theirs } of { $pack }; this is { $ours }.
cli-no-token = TELEGRAM_BOT_TOKEN is not set. Get a token from @BotFather in Telegram and put TELEGRAM_BOT_TOKEN=... in the environment or in a file named .env here.
cli-bad-listen = --listen { $text } should be HOST:PORT, for example 127.0.0.1:8080.
cli-open-already = Casewalk is already open on { $directory }. Close it there, or give another --data.
cli-no-heartbeat-set = CASEWALK_HEARTBEAT is not set; name a file that the serving bot touches.
cli-bad-log-level = CASEWALK_LOG is { $level }; use one of { $levels }.
cli-bad-time-zone = CASEWALK_TIMEZONE is { $zone }, which is no time zone that I know. Write it as Europe/London.
cli-env-unreadable = The file .env cannot be read ({ $why }). Save it as UTF-8.
cli-bad-token = The token does not look like one: @BotFather gives digits, a colon and letters. Put it into TELEGRAM_BOT_TOKEN, or into .env.
cli-bad-api-url = TELEGRAM_API_URL is { $url }: give it in full, as { $example }
cli-token-refused = Telegram does not accept the token. Copy it again from @BotFather into TELEGRAM_BOT_TOKEN; if TELEGRAM_API_URL is set, check that it is a Bot API server.
cli-bad-webhook = --webhook { $url } is not a web address: give it in full, https://host/path
cli-cannot-listen = Cannot listen on { $host }:{ $port } ({ $why }): choose another port, or stop what is using it.
cli-webhook-refused = Telegram refuses the webhook { $url }: { $why }

## The command line: what was done

cli-invitation = For { $person }, { $role }; one use, within { $days } days: /start { $code }
cli-pack-line = { $name }  { $title }, version { $version }
cli-form-line = { $form }: { $questions } questions
cli-no-problems = { $file }: no problems.
cli-kept-until = kept until { $day }
cli-closed = { $inspection }: closed since { $since }, and { $kept }.
cli-open-again = { $inspection }: open again.
cli-not-closed = It is not closed, so answers may still change.
cli-nothing-erased = Nothing is erased yet. Give --yes to erase it; it cannot be brought back.
cli-to-be-erased = To be erased: { $what }.
cli-was-kept-until = It should be kept until { $day }.
cli-erased = Erased: { $what }. Backups and archives are yours to erase.
cli-case-and-files = case { $case } ({ $forms }), with its notes, photos, voice messages and history
cli-second-reading = , second reading
cli-person-and-place = which chat { $person } is, and { $again }'s place in it; what they judged stays
cli-serves-as = { $inspection } (as { $person })
cli-known-elsewhere = The same chat is still known in { $inspections }.
cli-mended = Mended: { $place }: { $what }.
cli-in-order = Everything is in order.
cli-else-in-order = Everything else is in order.
cli-can-mend = casewalk doctor --mend puts { $mendable } of these { $all } right.
cli-set-new-key = Set CASEWALK_KEY to the new key now, and keep it apart from the store.
cli-decrypted = The store is not encrypted any more; take CASEWALK_KEY away.
cli-moved = Moved and compared: { $figures }.
cli-demo = Demo of { $title }
cli-demo-intro =
    { $title }: a demo with { $cases } cases. Your answers are kept { $kept }.
    Type an answer or its number; /help lists the commands.{ $leave }
cli-kept-in = in { $directory }
cli-kept-until-left = until you leave (--data DIR keeps them)
cli-leave = {" "}Ctrl-D leaves.
cli-old-demo = Going on with version { $version } of the pack, which the demo in { $directory } began with. Use another --data for the new one.
cli-recorded = The conversation is in { $path }.
cli-demo-kept = Everything is kept in { $directory }. Run the same command to go on.
cli-bad-proxy = The environment (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY) names a proxy that begins with { $kind }://, and Casewalk speaks to HTTP proxies only. Name one of these, put an HTTP proxy before yours, or take Telegram out with NO_PROXY.
cli-served-elsewhere = Another casewalk serve fetches the updates of this bot, and each would get every other message. Stop that one first, or give this one a bot of its own; several workers of one store run behind a webhook.
cli-no-heartbeat = No heartbeat: there is no { $file }.
cli-heartbeat-stopped = The heartbeat stopped { $seconds } seconds ago.
cli-alive = Alive.

## The printed score, comparison and checks

score-pack = { $title }, version { $version }: { $cases }
score-submitted = { $submitted } of { $cases } submitted; every answer given counts
score-not-counted = {" "}[not in the score]
score-interval = 95% interval { $ends }
score-can-become = can still become { $least }% to { $most }%
score-nearest = { $band } if { $answers } had been sufficient
score-by-the-lead = ; by the lead { $to }: { $reason }
score-region = In the region
score-no-score = no score
score-region-ends = { $lowest }% to { $highest }%, { $average }% on average
score-answered = ({ $relevant } answered)
score-no-base = (no base)
score-agree = {"  "}{ $agree } of { $pairs } agree ({ $percent }%){ $kappa }
compare-most-first = Questions that changed, most first
compare-most = What changed most
verify-cannot-be = Cannot be
verify-odd = Odd
verify-not-checked = Not checked: { $count }
verify-only-so = Fits, but only so: { $count }
verify-would-fit = Would fit: { $would_fit }
verify-effects =
    { $count ->
        [one] From this follows:
       *[other] From this follow { $count }:
    }
verify-follow =
    { $count ->
        [one] 1 more follows from one of these, and stands under it.
       *[other] { $count } more follow from one of these, and stand under it.
    }
verify-write = Write: { $would_fit }
verify-more = ; and { $count } more, which --all lists
verify-with = { $place }: { $what }, with { $would_fit }
verify-counts = { $checked } checks made: { $cannot_be } cannot be, { $odd } odd, { $fit } fit. { $not_checked } not checked.

## The pictures

chart-no-base = no base
chart-no-base-yet = no base yet
chart-not-scored = not scored
chart-score = score
chart-interval = 95% interval
chart-inferred = cut-points inferred
chart-progress = Progress
chart-cases = Cases submitted
chart-questions = Questions answered
chart-by-inspector = Cases submitted, by inspector
chart-by-criterion = Questions answered, by criterion
chart-person = { $begun } begun; { $done } of { $all } questions answered
chart-no-cases = no cases yet
chart-no-questions = nothing asked yet
chart-submitted = submitted
chart-begun = begun
chart-not-begun = not begun, or returned
chart-of = { $done } of { $everything }
chart-cut = The rest does not fit into a picture; the text has it.

## The command line: with numbers

count-files =
    { $count ->
        [one] 1 file
       *[other] { $count } files
    }
count-people =
    { $count ->
        [one] 1 person
       *[other] { $count } people
    }
cli-changed =
    { $changed ->
        [one] { $inspection }: 1 case changed, of { $read } read.
       *[other] { $inspection }: { $changed } cases changed, of { $read } read.
    }
cli-made =
    { $cases ->
        [one] { $inspection }: created, with 1 case.
       *[other] { $inspection }: created, with { $cases } cases.
    }
cli-errors =
    { $count ->
        [one] 1 error
       *[other] { $count } errors
    }
cli-warnings =
    { $count ->
        [one] 1 warning
       *[other] { $count } warnings
    }
cli-problems = { $file }: { $errors }, { $warnings }.
cli-archived =
    { $files ->
        [one] { $inspection }: 1 file in { $path }, read again and found the same.
       *[other] { $inspection }: { $files } files in { $path }, read again and found the same.
    }
cli-inspection-and-all = { $inspection } “{ $title }”: { $cases }, { $files } (photos, voice messages), { $people } and all codes
cli-rewritten =
    { $files ->
        [one] 1 file rewritten. { $next }
       *[other] { $files } files rewritten. { $next }
    }
cli-kept = kept
cli-accepted =
    { $count ->
        [one] 1 log taken as it stands. casewalk doctor says whether it fits.
       *[other] { $count } logs taken as they stand. casewalk doctor says whether they fit.
    }
count-inspections =
    { $count ->
        [one] 1 inspection
       *[other] { $count } inspections
    }
count-steps =
    { $count ->
        [one] 1 step
       *[other] { $count } steps
    }
count-chats =
    { $count ->
        [one] 1 chat
       *[other] { $count } chats
    }
score-insufficient =
    { $count ->
        [one] 1 insufficient answer
       *[other] { $count } insufficient answers
    }
cli-adjusted = { $name }: { $to }, by the lead.
cli-not-adjusted = { $name }: as it follows.
cli-file-refused = { $path }: { $why }.

## What doctor finds

doctor-put-back = Put it back from a backup
doctor-name-the-folder = Name the folder that holds one (CASEWALK_STORE)
doctor-no-store = there is no store in this folder
doctor-erasing = erasing in { $inspection } was interrupted, so nothing else was checked
doctor-end-erasing = Start the bot, or run casewalk erase again: either ends it first
doctor-case-has-it = case { $case } ({ $form }) has it on { $question }
doctor-at-line = { $place }, line { $line }
doctor-listed-twice = the inspection lists this case as { $case }, with a log of its own
doctor-compare-two = Compare the two, and take this one away
doctor-inspection-gone = this person is in inspection { $inspection }, which is not in this store
doctor-inspection-back = Put the inspection back, or invite the person to another
doctor-open-case-gone = this person's open case, { $case } ({ $form }), is not in inspection { $inspection }
doctor-open-another = Nothing needs to be done: the person opens another
doctor-not-readable = See that the bot may read it
doctor-the-folder = the store's folder
doctor-other-inspection = it holds inspection { $inspection }
doctor-no-form = the inspection's pack has no form { $form }
doctor-case-or-pack-back = Put the case or the pack back from a backup
doctor-unlisted-unreadable = the inspection does not list it, and it cannot be read
doctor-add-anew = Take it away; the case can be added again
doctor-file-of-no-case = no case names it: it came in when something stopped the bot, or was dropped
doctor-take-away = Take it away if nobody misses it
doctor-message-of-no-case = a message to { $chat } is waiting to be sent about case { $case } ({ $form }), which is not in this inspection
doctor-message-dropped = Nothing needs to be done: the bot drops it when it starts
doctor-no-line = it holds no lines: its first write was cut short, or its content was lost
doctor-made-anew = Nothing needs to be done: the next message makes it again
doctor-and-more = {" "}and { $count } more
doctor-unlisted = the inspection does not list case { $case } ({ $form })
doctor-can-be-listed = It can be listed
doctor-open-to-others = others on this machine may reach it{ $others }
doctor-close-to-others = Only the bot's own account should: chmod -R go= on the store's folder
doctor-missing-or-empty = it is missing or empty
doctor-no-inspection-log = it is not an inspection's log
doctor-no-outbox = it is not an outbox
doctor-no-chat-log = it is not a chat's log
doctor-missing = it is missing
doctor-and-told = { $what }, and { $told }
doctor-half-made = it was being written when something stopped the bot, and nothing uses it
doctor-can-be-removed = It can be removed
doctor-not-mended = It could not be mended: { $why }
doctor-torn = another line begins after line { $line }: a write was cut short, and nobody was told that it was saved
doctor-can-be-cut = It can be cut off; the next write does so too
doctor-stray = it is not part of the store
doctor-keep-elsewhere = Keep it elsewhere

## Reports: what every format shares

read-with-care = Read with care
key-finding = Key finding
key-finding-to-write = [Key finding: for the lead to write]
key-recommendations = Key recommendations
other-recommendations = Other recommendations
earlier-key-recommendations = Earlier key recommendations
earlier-other-recommendations = Earlier other recommendations
recommendation-key = Key
recommendation-other = Other
recommended-for = for { $owner }
recommended-criteria = criteria { $numbers }
recommended-findings = findings { $numbers }
reference-of-key = { $reference }, key
followed-up-not_started = Not started
followed-up-under_way = Under way
followed-up-done = Done
followed-up-no_longer_needed = No longer needed
from-to = { $low } to { $high }
fact-instrument = Instrument
fact-cases = Cases
fact-answered = Answered
fact-follows-up = Follows up
fact-made = Made
fact-draft-made = Draft made
left-out-na = { $count } N/A
left-out-not_known = { $count } not known
left-out-unanswered = { $count } unanswered
report-version = { $title }, version { $version }
report-time = { $day }, { $time } UTC
report-not-followed-up = Not followed up
report-not-asked = Not asked
report-nobody-yet = Nobody yet
report-other-questions = Other questions
report-section-score = Score for the section
report-own-cases = Own cases only.
report-own-cases-only = This holds one inspector's own cases only, not the whole inspection. Findings and recommendations are left out.
report-answered-count = { $relevant } answered
report-part-of = { $part } of { $whole }
report-of-base = of { $base }
report-no-cases = none yet
report-cases-submitted =
    { $cases ->
        [one] { $submitted } of 1 case submitted; every answer given counts
       *[other] { $submitted } of { $cases } cases submitted; every answer given counts
    }
report-by-the-lead = By the lead: { $to }.
report-comment = ; comment: { $comment }
report-scores = Scores
report-findings = Findings
report-recommendations = Recommendations
report-earlier-recommendations = What became of the earlier recommendations
report-no-findings = There are no findings yet.
report-no-recommendations = There are no recommendations yet.
report-no-answers = No answers yet.
report-none-answered = no answers yet.
report-source = Source: { $source }

## Reports: the draft for a word processor

report-page = Page { $page } of { $pages }
report-scope = Scope
report-summary = Summary of scores
report-appendix = Appendix: question by question
report-how-counted = Percentages are rounded half up on exact fractions. N/A, not known and unanswered leave the base and are counted separately.

## Reports: the page

report-title = { $title }: inspection report
report-contents = Contents
report-progress = Progress
report-comparison = Compared with the earlier inspection
report-agreement = Agreement of second readings
report-tables = Tables
report-questions = Question by question
report-caption = caption
report-small-base = Small base.
report-shown-by =
    { $count ->
        [one] shown by 1 case
       *[other] shown by { $count } cases
    }
report-warnings =
    { $count ->
        [one] 1 figure should be read with care.
       *[other] { $count } figures should be read with care.
    }
report-whisker = The whisker on a bar is the 95% interval.
report-can-become = “Can still become”: if every open answer were insufficient, and if every one were sufficient.
report-there-are-no-cases = There are no cases yet.
report-read-twice =
    { $cases ->
        [one] 1 case was read twice, the second time without seeing the first.
       *[other] { $cases } cases were read twice, the second time without seeing the first.
    }
report-readings-agree =
    { $judgements ->
        [one] The two readings agree in { $agree } of 1 judgement ({ $share }).
       *[other] The two readings agree in { $agree } of { $judgements } judgements ({ $share }).
    }
report-no-pairs = No case has both its readings submitted yet.
report-kappa = Cohen's kappa compares the agreement with what chance would give: 1 is full agreement, 0 is no more than chance.
report-pairs-agree =
    { $pairs ->
        [one] { $agree } of 1 pair agree ({ $percent }%)
       *[other] { $agree } of { $pairs } pairs agree ({ $percent }%)
    }
report-with-kappa = kappa { $kappa }
report-no-warnings = Nothing stands out.
report-percentages = Percentages are rounded half up on exact fractions (42.5% prints as 43%), never on figures that were rounded before. So columns may add to 99 or 101, and a section's score may differ from the mean of the printed scores.
report-base-and-interval = N/A, not known and unanswered leave the base of a question: its score is its sufficient answers over its relevant ones. They are counted separately. A 95% interval says how far the score of all such cases may lie from that of this sample.
caption-levels = Level of each criterion, by the instrument's rule
caption-scores = Score by section and criterion
caption-by-inspector = By inspector
caption-by-criterion = By criterion
caption-comparison = Scoring summary sheet
caption-differences = Questions answered differently, least agreement first

## Reports: the workbook

report-instrument = Instrument: { $instrument }
report-follows-up = Follows up: { $title }
report-made = Made: { $at }
report-still-open =
    { $answers ->
        [one] { $cases }; 1 answer still open
       *[other] { $cases }; { $answers } answers still open
    }
report-compared = Before: { $before }. After: { $after }.
report-compared-both = A figure that only one of them has is left out.
small-base = a small base
not-answered = No answer
all-judgements = All judgements
agreement-of-all = All
sufficient-together = Sufficient, together
cases-not-in-base = { $answer } (cases, not in the base)
cell-cut = {" "}… (cut here; the CSV export has all of it)
sheet-too-long = … the rest does not fit on a sheet; the CSV export has all of it
cases-with-both = Cases with both answers
table-down = Down: { $question }
table-across = Across: { $question }
type-profile = { $type } (profile)
choice-leaves-base = { $choice } (leaves the base)
choice-sufficient = { $choice } (sufficient)
choice-not-sufficient = { $choice } (not sufficient)
row-kind-section = Section
row-kind-criterion = Criterion
row-kind-headline = Headline
row-kind-question = Question
row-kind-case = Case
finding-strength = Strength
finding-improvement = Area for improvement
item-strength = Strong item
item-improvement = Weak item
noted-strength = Strength, note
noted-improvement = Area for improvement, note
noted-good_practice = Good practice
noted-quotation = Quotation
sheet-summary = Summary
sheet-questions = Questions
sheet-answer-counts = Answer counts
sheet-answers = Answers
sheet-second-readings = Second readings
sheet-cases = Cases
sheet-tables = Tables
sheet-findings = Findings
sheet-recommendations = Recommendations
sheet-follow-up = Follow-up
sheet-comparison = Comparison
sheet-agreement = Agreement
sheet-differences = Differences
sheet-codebook = Codebook
sheet-read-me = Read me
about-sheet-summary = Sections, criteria and headlines with their score, the comment or level that follows by rule, and what the lead set in its place, with the reason.
about-sheet-questions = Every question: its base (relevant), the sufficient answers in it, their share, and what left the base.
about-sheet-answer-counts = Every answer that a question can have, with how often it was given.
about-sheet-answers = One row for each answer, with the column names of the CSV export. Yes is 1, no is 0. Times are in UTC.
about-sheet-second-readings = The answers of second readings. They do not count towards the score.
about-sheet-cases = One row for each case: how much of it is answered, what is known of the subject, and for each criterion its sufficient and relevant judgements. A criterion that the case's form does not judge is empty.
about-sheet-tables = The tables that the published report of this instrument prints. N is the base of the row in that column; percentages are shares of it.
about-sheet-findings = The draft findings, and the cases that support them.
about-sheet-recommendations = What the inspection recommends, who is to act, and what it rests on.
about-sheet-follow-up = The earlier inspection's recommendations, and how far they have got.
about-sheet-comparison = This inspection compared with the one that it follows up. The change is between the whole percentages.
about-sheet-agreement = How far two readings of one case agree, over cases with both readings submitted: the share of equal answers, and Cohen's kappa, which compares it with chance.
about-sheet-differences = Every question on which two readings differ, with what the lead settled.
about-sheet-codebook = Every question of the instrument, with its answers, and when it is asked.
rule-sufficient = Sufficient
rule-relevant = relevant
rule-in-base = in_base
rule-base = The base
rule-scores = Scores
rule-percentages = Percentages
rule-interval = 95%
rule-can-become = Can become
rule-texts = Texts
about-rule-sufficient = An answer above the line of its scale (the codebook says which are). A proportion is the sufficient answers over the relevant ones.
about-rule-relevant = Of an answer: 1 where its question applies, also to an N/A; 0 where a kept answer no longer applies.
about-rule-in-base = Of an answer: 1 where percentages divide by it. Added up, it is a question's base; N/A, not known, answers that no longer apply and second readings have 0.
about-rule-base = N/A, not known, and questions that do not apply or are open leave the base, and are counted separately.
about-rule-scores = A criterion's score is the mean of its questions' proportions; a section's the mean of its criteria, by their weights; a headline's the mean over all questions tagged with it.
about-rule-percentages = Whole percentages are rounded half up on exact fractions: 34 of 80 is 43%. They are never adjusted, so a column may add to 99 or 101. Exact scores and proportions stand beside them.
about-rule-interval = The interval that holds the share of all such cases with 95% confidence (Wilson's), if the cases are a fair sample. A criterion's is combined from its questions'.
about-rule-can-become = The least and the most that a criterion's score can be once every open answer is given.
about-rule-texts = Nothing in this workbook is a formula. A text is as it was typed, except for signs that a sheet cannot hold.

## Reports: heads of columns

column-after = After
column-agree = Agree
column-agreement = Agreement
column-answer = Answer
column-answered = Answered
column-answered-twice = Answered twice
column-answers = Answers
column-answers-in-the-base = Answers in the base
column-asked-when = Asked when
column-at = At (UTC)
column-base-after = Base after
column-base-before = Base before
column-base-of-progress = Base of the progress
column-before = Before
column-by = By
column-can-become-least = Can become, least
column-can-become-most = Can become, most
column-can-still-become = Can still become
column-case = Case
column-case-or-number = Case or number
column-cases = Cases
column-change-in-points = Change in points
column-choices = Choices
column-comment = Comment
column-counts-to-the-score = Counts to the score
column-criteria = Criteria
column-criterion = Criterion
column-enough-progress = Enough progress
column-exact-score = Exact score
column-factor = Factor
column-file = File
column-finding = Finding
column-findings = Findings
column-first-by = First by
column-first-reading = First reading
column-for = For
column-form = Form
column-form-name = Form name
column-found-by = Found by
column-headline = Headline
column-headlines = Headlines
column-hint = Hint
column-how-far = How far
column-how-to-read-it = How to read it
column-in-the-base = In the base
column-inspector = Inspector
column-interval = 95% interval
column-interval-from = 95% from
column-interval-to = 95% to
column-judged-twice = Judged twice
column-kappa = Kappa
column-kind = Kind
column-label = Label
column-least = Least
column-left-out = Left out
column-level = Level
column-level-after = Level after
column-level-before = Level before
column-mean = Mean
column-most = Most
column-n-a = N/A
column-n-a-allowed = N/A allowed
column-name = Name
column-not-known = Not known
column-not-known-allowed = Not known allowed
column-number = Number
column-pairs = Pairs
column-percent = Percent
column-percent-of-the-base = Percent of the base
column-proportion = Proportion
column-question = Question
column-read-with-care = Read with care
column-reason = Reason
column-recommendation = Recommendation
column-reference = Reference
column-relevant = Relevant
column-required = Required
column-score = Score
column-second-by = Second by
column-second-reading = Second reading
column-section-and-criterion = Section and criterion
column-set-by-the-lead = Set by the lead
column-settled-as = Settled as
column-source = Source
column-status = Status
column-submitted = Submitted
column-sufficient = Sufficient
column-sufficient-of-relevant = Sufficient of relevant
column-title = Title
column-total = Total
column-type = Type
column-unanswered = Unanswered
column-what = What
column-who-is-to-act = Who is to act
column-worked-out-as = Worked out as
