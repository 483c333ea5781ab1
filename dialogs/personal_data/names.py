"""Finding people's names in a note, by what stands around them and by what is no English word.

A title (``DC Green``), a word that says that a name follows (``his partner Zosia``), a common first
name or surname, an initial, or two capitalised words in a row of which no dictionary knows either.
What a service, a court or a law is called (``St Mary's``, ``HMP Leeds``, ``Clare's Law``) is no
person.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from dialogs.personal_data.read_words import read_words

_FIRST_NAMES: Final = read_words("first_names")
_WORD_FIRST_NAMES: Final = read_words("word_first_names")
_SURNAMES: Final = read_words("surnames")
_WORD_SURNAMES: Final = read_words("word_surnames")
_PLACES: Final = read_words("places")
_SERVICE_WORDS: Final = read_words("service_words")
_INSTITUTIONS: Final = read_words("institutions")
_BEFORE_PLACES: Final = read_words("before_places")
_TITLES: Final = read_words("titles")
_RANKS: Final = read_words("ranks")
_ROLES: Final = read_words("roles")
_SAYS_NAME: Final = read_words("says_name")
_RELATIONS: Final = read_words("relations")
_CONTACTS: Final = read_words("contacts")
_SPOKE: Final = read_words("spoke")
_PEOPLE_DO: Final = read_words("people_do")
_NUMBERED_BY_LETTERS: Final = read_words("numbered_by_letters")
_NEVER_ALONE: Final = read_words("never_alone")
_ANY_SURNAMES: Final = _SURNAMES | _WORD_SURNAMES
_ANY_NAMES: Final = _FIRST_NAMES | _WORD_FIRST_NAMES | _ANY_SURNAMES
_NOBODY: Final = _SERVICE_WORDS | _PLACES

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_AS_NAMES_ARE: Final = re.compile(
    r"(?:Mc|Mac|[OD]['’]|Fitz)?[A-Z][^\W\d_A-Z]+(?:['’\-][^\W\d_]+)*\Z"
)
_SENTENCE_END: Final = re.compile(
    r"[.!?:;\n•*|][\"'”’)]*\s*\Z"  # a sentence, a heading or a line ended
    r"|[\n(\[/\-–—][ \"'“‘]*\Z"  # a part of one begins
)


_NUMBER: Final = re.compile(r" ?(?:no\.? ?)?\d{1,6},? ")
_FOREIGN: Final = re.compile(
    "[^\\W\\d_a-zA-Z]|[\u0301\u0303\u0306\u0307\u0308\u030a-\u030c\u0323\u0327\u0328]"
)
"""Of letters and accents, those that neither language has."""
_UNACCENTED: Final = str.maketrans("ŁłØøĐđıßÆæŒœÞþ", "LlOoDdisAaOoTt")


class _Word(NamedTuple):
    """A word of the note; ``folded`` is without its capital and its ``'s``."""

    text: str
    folded: str
    start: int
    end: int
    capital: bool
    """Written as names are: Smith, McCabe, O'Neill; not OASys, not HMP."""
    begins: bool
    """A sentence or a part of one begins here, where a capital says nothing."""
    joined: bool
    """Only a space stands between it and the word before, or the dot of an initial."""
    numbered: bool
    """Only a number stands between it and the word before: ``PC 1234 Jones``."""
    foreign: bool
    """Has a letter that no English or Welsh word has: Łukasz, Müller; not café, not tŷ."""


def find_names(text: str) -> Iterator[tuple[int, int]]:
    words = list(_words(text))
    in_capitals = sum(len(word.text) for word in words if word.text.isupper())
    shouting = 2 * in_capitals > sum(len(word.text) for word in words)
    index = 0
    while index < len(words):
        length = _name_at(words, index, shouting=shouting)
        if length:
            last = words[index + length - 1]
            yield words[index].start, last.start + len(_plain(last.text))
        index += max(length, 1)


def _words(text: str) -> Iterator[_Word]:
    before = 0
    for found in _WORD.finditer(text):
        between = text[before : found.start()]
        plain = _plain(found[0])
        initial = between == ". " and _has_a_dot(text[max(0, before - 16) : before])
        begins = not before or (not initial and bool(_SENTENCE_END.search(between)))
        yield _Word(
            text=found[0],
            folded=_unaccented(plain).casefold().replace("’", "'"),
            start=found.start(),
            end=found.end(),
            capital=bool(_AS_NAMES_ARE.match(_unaccented(plain))),
            begins=begins,
            joined=bool(before) and (initial or between in (" ", "  ", ".")),
            numbered=bool(before and _NUMBER.fullmatch(between)),
            foreign=not plain.isascii()
            and bool(_FOREIGN.search(unicodedata.normalize("NFD", plain))),
        )
        before = found.end()


def _has_a_dot(text: str) -> bool:
    """Whether the word that ends here has a dot that ends no sentence: ``J.``, ``Mr.``"""
    word = re.split(r"[\s.]", text)[-1]
    return len(word) == 1 or word.casefold() in _TITLES | _RANKS | {"st"}


def _unaccented(text: str) -> str:
    """``Łukasz`` → ``Lukasz``"""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFD", text.translate(_UNACCENTED))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _plain(text: str) -> str:
    """Without what makes it somebody's: ``Smith's``."""
    return text[:-2] if text[-2:].casefold() in ("'s", "’s") else text


def _name_at(words: Sequence[_Word], index: int, *, shouting: bool) -> int:
    """How many words from this one on are a name; 0 where none begins here."""
    word = words[index]
    if length := _titled(words, index) or _introduced(words, index):
        return length
    if _is_place(words, index):
        return 0
    if len(word.text) == 1:
        return _after_initial(words, index)
    if word.text.isupper():
        return _in_capitals(words, index, shouting=shouting)
    if word.capital:
        return _capitalised(words, index)
    return _in_small_letters(words, index)


def _titled(words: Sequence[_Word], index: int) -> int:
    """``Mr Smith``, ``DC Green``, ``mrs khan``: the title is part of the name."""
    word, after = words[index], _next(words, index)
    title = word.folded
    if title in _RANKS and index + 1 < len(words) and words[index + 1].numbered:
        after = words[index + 1]
    if title not in _TITLES | _RANKS or after is None:
        return 0
    if len(after.text) == 1:  # Mr. T. Gallagher
        return 1 + length if (length := _after_initial(words, index + 1)) else 0
    length = 2 + _more(words, index + 1)
    if title in ("mr", "mrs"):
        return 0 if after.folded in ("and", "or", "the", "justice") else length
    known = after.folded in _FIRST_NAMES | _SURNAMES
    if word.text[0].islower() or after.text.isupper():
        return length if known else 0
    if not after.capital or after.folded in _SERVICE_WORDS | _INSTITUTIONS:
        return 0
    if title in _TITLES:
        return 0 if after.folded.endswith("ments") else length
    return length if _may_be_name(after) else 0


def _introduced(words: Sequence[_Word], index: int) -> int:
    """``his partner Zosia``, ``spoke to Kwame``, ``named Grant``: it says that a name follows."""
    word = words[index]
    if not word.joined or not _may_be_name(word) or _names_institution(words, index):
        return 0
    before = words[index - 1].text.casefold()  # a victim, but not Father's Day
    second = words[index - 2].folded if index > 1 else ""
    says = (
        before in _SAYS_NAME | _RELATIONS | _CONTACTS
        or (before in ("to", "with") and second in _SPOKE)
        or (before in ("is", "was", "as") and second in ("name", "known"))
    )
    return 1 + _more(words, index) if says else 0


def _in_capitals(words: Sequence[_Word], index: int, *, shouting: bool) -> int:
    """``JOHN SMITH``; one alone only where all is in capitals, as it may be short for much."""
    word, after = words[index], _next(words, index)
    surname_follows = after and after.text.isupper() and after.folded in _ANY_SURNAMES
    if word.folded in _FIRST_NAMES and surname_follows:
        return 2
    return int(word.folded in _FIRST_NAMES | _SURNAMES and (shouting or len(word.text) > 4))


def _after_initial(words: Sequence[_Word], index: int) -> int:
    """``J Smith``, ``D. Okafor``; not ``Category B Dartmoor``, not ``A Kent office``."""
    word, after = words[index], _next(words, index)
    if not word.text.isupper() or word.text == "I" or after is None or not after.capital:
        return 0
    if word.begins and word.text == "A":
        return 0
    if index and words[index - 1].folded in _NUMBERED_BY_LETTERS:
        return 0
    likely = after.folded in _ANY_SURNAMES or not _is_word(after.folded)
    return 2 if likely and not _names_institution(words, index + 1) else 0


def _in_small_letters(words: Sequence[_Word], index: int) -> int:
    """``dave``, ``karen brown``: first names that are no words need no capital."""
    word, after = words[index], _next(words, index)
    if word.folded not in _FIRST_NAMES:
        return 0
    if after and after.text.islower() and after.folded in _ANY_SURNAMES:
        return 2
    return int(len(word.folded) > 3)


def _capitalised(words: Sequence[_Word], index: int) -> int:
    """A known name, or two capitalised words in a row that are no words of English."""
    word, after = words[index], _next(words, index)
    if _names_institution(words, index):
        return 0
    length = 1 + _more(words, index)
    first = word.folded.partition("-")[0]  # Kelly-Ann
    if word.folded in _SURNAMES or (first in _FIRST_NAMES and word.folded not in _NOBODY):
        return length
    of_both = word.folded in _WORD_FIRST_NAMES
    if of_both and after is not None and after.capital and after.folded in _ANY_SURNAMES:
        return length
    if word.folded in _NOBODY or (not of_both and _is_word(word.folded)):
        return 0
    if word.foreign and not _is_word(word.text.casefold()):
        return length
    if after is None:
        return int(_stands_out(words, index))
    if word.begins and after.folded in _PEOPLE_DO and word.folded not in _NEVER_ALONE:
        return 1
    if after.capital and not _is_place(words, index + 1):
        last = after.folded.partition("-")[0]
        if last in _ANY_SURNAMES | _FIRST_NAMES or not _is_word(after.folded):
            return length
    return length if _stands_out(words, index) else 0


def _stands_out(words: Sequence[_Word], index: int) -> bool:
    """Return whether a word like ``Grace`` has a capital only because it is a name."""
    word, after = words[index], _next(words, index)
    if word.folded not in _WORD_FIRST_NAMES or word.folded in _NOBODY | _NEVER_ALONE or word.begins:
        return False
    if word.joined and words[index - 1].text[0].isupper() and not words[index - 1].begins:
        before = words[index - 1].folded
        return before in _SERVICE_WORDS and before.endswith("day")  # on Tuesday Grace was told
    return after is None or not after.text[0].isupper() or _may_be_name(after)


def _more(words: Sequence[_Word], index: int) -> int:
    """How many of the next words still belong to the name: its second, perhaps its third part."""
    length = 0
    while length < 2 and (after := _next(words, index + length)) is not None:
        if not (_may_be_name(after) or (after.capital and after.folded in _PLACES)):
            break
        length += 1
    return length


def _names_institution(words: Sequence[_Word], index: int) -> bool:
    """Return whether the capitalised words from here end as a place's or body's name does."""
    for ahead in range(index + 1, min(index + 4, len(words))):
        word = words[ahead]
        if not word.joined or not word.text[0].isupper():
            return False
        if word.folded in _INSTITUTIONS:
            person = word.folded in _WORD_SURNAMES and words[ahead - 1].folded in _FIRST_NAMES
            return not person or words[ahead - 1].text != _plain(words[ahead - 1].text)
        if word.folded == "probation":
            return ahead + 1 == len(words) or words[ahead + 1].folded not in _ROLES
    return False


def _is_place(words: Sequence[_Word], index: int) -> bool:
    """Whether the words before say that this is one: ``HMP Long Lartin``, ``St Mary's``."""
    for back in range(index - 1, max(index - 3, -1), -1):
        if not words[back + 1].joined or not words[back].text[0].isupper():
            return False
        if words[back].folded in _BEFORE_PLACES:
            return True
    return False


def _may_be_name(word: _Word) -> bool:
    """Whether a capitalised word can be a name where something else says that it is one."""
    if not word.capital or word.folded in _NOBODY:
        return False
    return word.folded in _ANY_NAMES or not _is_word(word.folded)


def _is_word(folded: str) -> bool:
    """Whether it is an English word, or one of a service or a place."""
    from simplemma import is_known  # noqa: PLC0415  # its dictionary takes 0.2 s to unpack

    if folded in _NOBODY or is_known(folded, lang="en"):
        return True
    parts = folded.split("-")
    return len(parts) > 1 and all(map(_is_word, parts))


def _next(words: Sequence[_Word], index: int) -> _Word | None:
    after = words[index + 1] if index + 1 < len(words) else None
    return after if after is not None and after.joined else None
