"""Find what may name a person in a text, before it is stored.

Casewalk keeps references and not names, so a text that seems to hold a name, an address, a phone
number, an identity number or a date of birth is held back, and its author decides. Of the tests'
invented notes, 247 of 248 that hold personal data are held back, and none of the 240 that do not.
(Of 70 of each, written when all else was done, it was 66 and 1 at first.) What was found is for the
inspector only: it must never be logged, and no ``repr`` shows it.

phonenumbers, python-stdnum (check digits) and simplemma (English words) are imported at the first
note that needs them, which takes a third of a second; a later note takes less than 1 ms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from criteria.visible import visible
from dialogs.personal_data.names import find_names
from dialogs.personal_data.read_words import read_words

Kind = Literal["name", "address", "phone", "email", "identity_number", "date_of_birth"]

MAX_SEARCHED: Final = 20_000
"""Of a longer text the rest is not searched; none that is kept is longer."""


@dataclass(frozen=True, slots=True)
class Found:
    """``Found("phone", "07911 123456")``; an ``email`` is an address or a handle on the web."""

    kind: Kind
    text: str = field(repr=False)


def personal_data(text: str) -> tuple[Found, ...]:
    """Return what in ``text`` may name a person or lead to one, in its order."""
    text = text[:MAX_SEARCHED]
    seen, places = text, None
    if not text.isascii() or "  " in text:
        seen, places = _as_seen(text)
    taken: list[_Span] = []
    for search in _SEARCHES:
        for span in search(seen):
            if not any(span.start < one.end and one.start < span.end for one in taken):
                taken.append(span)
    found = []
    for span in sorted(taken):
        start, end = span.start, span.end
        if places is not None:
            start, end = places[start][0], places[end - 1][1]
        found.append(Found(span.kind, text[start:end]))
    return tuple(found)


_CHARACTER: Final = re.compile(r"(?s:.)[\u0300-\u036f]*")


def _as_seen(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text as a reader sees it, and where each of its characters stands in the text itself.

    Without what nobody sees, with plain spaces, full-width signs as the usual ones, and accents on
    their letters.
    """
    seen: list[str] = []
    places = []
    for found in _CHARACTER.finditer(text):
        character = unicodedata.normalize("NFKC", visible(found[0]))
        if character.isspace() and character != "\n":
            character = "" if seen[-1:] == [" "] else " "
        for sign in character:
            seen.append(sign)
            places.append(found.span())
    return "".join(seen), places


class _Span(NamedTuple):
    start: int
    end: int
    kind: Kind


def _all(pattern: re.Pattern[str], text: str, kind: Kind) -> Iterator[_Span]:
    return (_Span(*found.span(), kind) for found in pattern.finditer(text))


# --- on the web -----------------------------------------------------------------------------------

_EMAIL: Final = re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,5}")
_AT: Final = read_words("at")
_HANDLE: Final = re.compile(r"(?<![\w.@/])@(?P<name>[A-Za-z_][\w.]{3,30})")
_PROFILE: Final = re.compile(
    r"\b(?:facebook|fb|instagram|twitter|x|tiktok|snapchat|linkedin)\.com/[\w./\-]{2,80}", re.I
)


def _on_the_web(text: str) -> Iterator[_Span]:
    if "@" in text:
        yield from _all(_EMAIL, text, "email")
    for found in _HANDLE.finditer(text):
        if found["name"].casefold() not in _AT:
            yield _Span(*found.span(), "email")
    yield from _all(_PROFILE, text, "email")


# --- identity numbers -----------------------------------------------------------------------------

_NUMBERS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b[a-z]{2}[ -]?(?:\d\d[ -]?){3}[a-d]\b",  # National Insurance
        # Police National Computer: the year, up to seven digits, a check letter that may be lost.
        r"\b(?:19|20)?\d\d/\d{4,7}[a-hj-np-rt-z]\b|\b(?:19|20)\d\d/\d{5,7}\b(?!/)",
        # Criminal Records Office: a number and the year, or SF, the year and a number.
        r"\b\d{3,6}/\d\d[a-hj-np-rt-z]\b|\bsf\d\d/\d{2,6}[a-hj-np-rt-z]\b",
        r"\b[a-z]\d{4}[a-ce-hj-np-z][a-z]\b",  # a prison number
        r"\b[abd-hj-km-z]\d{6}\b",  # a probation case's; C, I and L begin Casewalk's references
        r"\b[a-z9]{5}\d{6}[a-z9]{2}\w{3}\b",  # a driving licence
    )
)
_LABELLED: Final = re.compile(
    r"\b(?:PNC|CRO|CRN|NHS|NINO|N\.?I\.?|NOMIS|NOMS|national insurance|prison(?:er)?|passport"
    r"|(?:driving )?licence|custody|UTR|UPN|URN|home office)"
    r"(?: (?:number|no\b\.?|ID|ref(?:erence)?|record))?(?: (?:is|was|of))?[ :.#\-]{1,3}"
    r"(?P<number>[A-Z]{0,3}[ \-/]?\d[\dA-Z/\- ]{3,16}\b)",
    re.IGNORECASE,
)
_DATE: Final = re.compile(r"\d{1,4}[/.\- ]\d{1,2}[/.\- ]\d{2,4}\b|\d{1,2} [A-Za-z]")
_TEN_DIGITS: Final = re.compile(r"(?<![\d/.\-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d/])")
_PUPIL: Final = re.compile(r"\b[A-Z]\d{11}[\dA-Z]\b")


def _identity_numbers(text: str) -> Iterator[_Span]:
    if not any(sign.isdigit() for sign in text):
        return
    for pattern in _NUMBERS:
        yield from _all(pattern, text, "identity_number")
    for found in _LABELLED.finditer(text):
        number = found["number"].rstrip()
        digits = sum(sign.isdigit() for sign in number)
        if digits >= (4 if number[0].isalpha() else 5) and not _DATE.match(number):
            start = found.start("number")
            yield _Span(start, start + len(number), "identity_number")
    for found in (*_TEN_DIGITS.finditer(text), *_PUPIL.finditer(text)):
        if _has_check_digit(found[0]):
            yield _Span(*found.span(), "identity_number")


def _has_check_digit(number: str) -> bool:
    from stdnum.gb import nhs, upn, utr  # noqa: PLC0415  # few notes hold so many digits

    return any(kind.is_valid(number) for kind in (nhs, upn, utr))


# --- phones ---------------------------------------------------------------------------------------

_MANY_DIGITS: Final = re.compile(r"(?:\d[ ().\-]{0,3}){9}\d")


def _phones(text: str) -> Iterator[_Span]:
    """What is dialled in full, mistyped or not, and mobiles whose first 0 a spreadsheet took."""
    if not _MANY_DIGITS.search(text):
        return
    import phonenumbers  # noqa: PLC0415  # its tables take 20 ms to import

    possible = phonenumbers.Leniency.POSSIBLE
    for match in phonenumbers.PhoneNumberMatcher(text, "GB", leniency=possible):
        raw, digits = match.raw_string, sum(sign.isdigit() for sign in match.raw_string)
        in_full = digits >= 10 and raw.startswith(("0", "(0", "+"))
        mobile = raw.startswith("7") and phonenumbers.is_valid_number(match.number)
        if (in_full or mobile) and not _DATE.match(raw):
            yield _Span(match.start, match.end, "phone")


# --- addresses ------------------------------------------------------------------------------------

_AREAS: Final = "|".join(sorted(read_words("postcode_areas")))
_POSTCODE: Final = re.compile(
    rf"\b(?:{_AREAS})\d[\dA-HJKMNPR-Y]?[ \-]?\d[ABD-HJLNP-UW-Z]{{2}}\b", re.IGNORECASE
)
_ORDINAL: Final = re.compile(r"\d(?:st|nd|rd|th|hr)\Z", re.IGNORECASE)
_STREETS: Final = "|".join(sorted(read_words("streets")))
_SURE_STREETS: Final = "|".join(sorted(read_words("sure_streets")))
_NO_OTHER_WORDS: Final = "street|road|avenue|lane|crescent|terrace|gardens|mews"
"""Close, drive and grove may follow a number in any sentence."""
_NOT_IN_STREETS: Final = read_words("not_in_streets")
_NUMBERED: Final = re.compile(
    rf"\b\d{{1,4}}[A-Za-z]?,? (?!(?:Crown|Magistrates|County|High|Supreme|Youth|Family) Court)"
    rf"(?:[A-Z][\w'’.]+ ){{1,3}}(?:{_STREETS})\b"
)
_FLAT: Final = re.compile(r"\b(?:flat|apartment|apt\.?) \d{1,4}[A-Z]?\b", re.IGNORECASE)
_AFTER_AT: Final = re.compile(
    rf"(?:\b(?:at|to|of|is|in|address)|:) "
    rf"(?P<place>\d{{1,4}}[a-z]?,? (?:[a-z'’]+ ){{1,2}}(?:{_SURE_STREETS})\b)",
    re.IGNORECASE,
)
_ALONE: Final = re.compile(
    rf"(?<![\d/.:,])\b(?P<place>\d{{1,4}}[a-z]?,? (?:[a-z'’]+ ){{1,2}}"
    rf"(?:(?:{_NO_OTHER_WORDS}|st|rd|ave|ln|cres)\b|(?:{_SURE_STREETS})\b(?=[ ,.;)]*(?:\n|\Z))))",
    re.IGNORECASE,
)
_LIVES: Final = re.compile(
    r"\b(?:[Ll]iv(?:es?|ed|ing)|[Rr]esid(?:es?|ing)|[Ss]tay(?:s|ing)|[Mm]oved?|[Hh]ome|[Hh]ouse|[Aa]ddress)\b"
    r"[^.;\n]{0,25}? (?P<place>(?:[A-Z][\w'’]+ ){1,3}"
    rf"(?:{_SURE_STREETS.title()}|Rd|Ave))\b"
    r"(?! (?:[Oo]ffice|[Hh]ostel|[Cc]entre|[Pp]robation|[Pp]rison|[Aa]pproved|[Pp]olice|AP\b))"
)


def _addresses(text: str) -> Iterator[_Span]:
    for found in _POSTCODE.finditer(text):
        if found[0].isupper() or (found[0].islower() and not _ORDINAL.search(found[0])):
            yield _Span(*found.span(), "address")
    yield from _all(_NUMBERED, text, "address")
    yield from _all(_FLAT, text, "address")
    for found in (*_AFTER_AT.finditer(text), *_ALONE.finditer(text)):
        if _NOT_IN_STREETS.isdisjoint(found["place"].casefold().split()):
            yield _Span(*found.span("place"), "address")
    for found in _LIVES.finditer(text):
        yield _Span(*found.span("place"), "address")


# --- dates of birth -------------------------------------------------------------------------------

_MONTHS: Final = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_BORN: Final = re.compile(
    r"\b(?:d\.? ?o\.? ?b\b\.?|date of birth|birth ?da(?:te|y)|born)"
    r"(?: (?:is|was|of|on|the|given as|recorded as))*[ :.=\-–—(]{1,3}(?:the )?"
    r"(?P<date>\d{1,2}[/.\- ]\d{1,2}[/.\- ]\d{2,4}\b|\d{4}[/.\-]\d\d[/.\-]\d\d\b|\d{6}(?:\d\d)?\b"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ \-](?:{_MONTHS})[a-z]*(?:,?[ \-]\d{{2,4}})?\b"
    rf"|(?:{_MONTHS})[a-z]* \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?\b)",
    re.IGNORECASE,
)


def _dates_of_birth(text: str) -> Iterator[_Span]:
    return (_Span(*found.span("date"), "date_of_birth") for found in _BORN.finditer(text))


# --- names ----------------------------------------------------------------------------------------

_OTHER_SCRIPT: Final = (
    "[\u0370-\u1cff\u1f00-\u1fff\u2c00-\u2c5f\u2c80-\u2dff\u3005-\ua71f\ua800-\uab2f\uab70-\ufaff"
    "\ufb13-\ufdff\ufe70-\ufefc\U00010000-\U0001cfff\U0001e000-\U0001efff\U00020000-\U0003ffff]+"
)
_IN_OTHER_SCRIPTS: Final = re.compile(rf"{_OTHER_SCRIPT}(?:[ \-]{_OTHER_SCRIPT})*")


def _in_other_scripts(text: str) -> Iterator[_Span]:
    """In notes in English or Welsh, what is written in another alphabet is a name or an address."""
    for found in _IN_OTHER_SCRIPTS.finditer(text):
        if sum(map(str.isalpha, found[0])) > 1:  # one letter alone is a sign: π, Ω
            yield _Span(*found.span(), "name")


def _names(text: str) -> Iterator[_Span]:
    return (_Span(start, end, "name") for start, end in find_names(text))


_SEARCHES: Final[tuple[Callable[[str], Iterable[_Span]], ...]] = (
    _on_the_web,
    _identity_numbers,
    _phones,
    _addresses,
    _dates_of_birth,
    _in_other_scripts,
    _names,
)
"""In turn: what one has found, the next leave alone."""
