"""What notes and errors say: one table from code to text, for pages, API and terminal in the reader's language.

Texts are English here and translated by the catalogues in ``translations/``. ``gettext`` is a function from a text to
its translation: Flask-Babel's in a request, ``terminal_gettext()`` on the command line.
"""

import gettext as catalogues
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from indexer.errors import QueryError
from indexer.language import script_of
from search_app.query.notes import Note, NoteCode
from search_app.query.parameters import SearchParameters

Gettext = Callable[[str], str]

CATALOGUES = Path(__file__).parents[1] / "translations"

_LONGEST_QUOTE = 40
"""Characters of what somebody typed that a message repeats."""


def N_(text: str) -> str:  # noqa: N802 (the customary mark of a text that is translated elsewhere)
    return text


NOTES: Mapping[NoteCode, str] = {
    "variants": N_("Also searched: %(terms)s"),
    "partial": N_("Nothing matches all of it. These articles hold at least %(count)s of its %(of)s words."),
    "few_match": N_("Few articles hold all of it: %(count)s. Others hold parts of it; the closest come first."),
    "dates": N_("“%(date)s” also finds what was published then: %(meant)s"),
    "corrected": N_("Nothing was found for what was asked. These are the articles for: %(meant)s"),
    "to_blame": N_("Without “%(terms)s” this many articles match: %(count)s"),
    "dropped_words": N_("Left out as too common: %(terms)s"),
    "excluding_only": N_("Only exclusions were given: everything else is shown."),
    "nothing_to_search": N_("This holds no letter, digit or character that could be searched."),
    "unbalanced_quote": N_("A quotation mark is not closed: the exact phrase runs to the end."),
    "unbalanced_parenthesis": N_("A parenthesis without its partner was ignored."),
    "dangling_operator": N_("%(terms)s has no word after it and was ignored."),
    "too_long": N_("The query is too long: only its first %(count)s characters were used."),
    "too_many_terms": N_("There are too many words: only the first %(count)s were used."),
    "vanished": N_("Articles that were just removed from the archive are left out: %(count)s"),
}
_PARTIAL_CORES = N_("Nothing matches all of it. These articles hold its main words.")

ERRORS: Mapping[str, str] = {
    "bad_date": N_("This is not a date that can be understood: %(given)s"),
    "dates_reversed": N_("The last day, %(given)s, is before the first."),
    "bad_zone": N_("There is no such time zone: %(given)s"),
    "bad_language": N_("This is not a language code: %(given)s"),
    "bad_site": N_("This is not a website: %(given)s"),
    "bad_duration": N_("This is not a length of time: %(given)s"),
    "bad_number": N_("This number is not allowed here: %(given)s"),
    "bad_choice": N_("This value is not allowed here: %(given)s"),
    "bad_tag": N_("This tag is not allowed here: %(given)s"),
    "no_marks": N_("Whose marks? Sign in to search what you marked."),
    "long_note": N_("The note is too long."),
    "bad_cursor": N_("This page address is damaged or belongs to another question. Go back to the first page."),
    "too_many_values": N_("There are too many values of one parameter."),
    "unknown_field": N_("There is no field %(given)s. To search for a colon itself, put the text in quotes."),
    "unknown_group": N_("There is no group of publishers called %(given)s."),
    "large_groups": N_("These groups have too many publishers: %(given)s. Name fewer groups, or sources."),
    "bad_operator": N_("This operator does not go so far: %(given)s"),
    "bad_operand": N_("Beside NEAR, ATLEAST and their like only words and phrases can stand, not this: %(given)s"),
    "unknown_parameter": N_("There is no such parameter: %(given)s"),
    "watch_asks_nothing": N_("A watch must ask for something: every article would be news to it."),
    "watch_too_long": N_("This is too long for a watch: %(given)s"),
    "bad_address": N_("This is no web address."),
    "bad_list": N_("This is no list of feeds."),
    "too_many_watches": N_("There are as many watches as there can be."),
    "bad_hour": N_("This is not an hour of the day: %(given)s"),
    "bad_hours": N_("These are not hours of the day: %(given)s"),
    "bad_email": N_("Nothing can be mailed to this address: %(given)s"),
    "bad_webhook": N_("Nothing can be posted to this address: %(given)s"),
    "bad_notify": N_("No message can be sent to this address: %(given)s"),
    "bad_notify_option": N_("This option is not allowed behind the “?” of the address: %(given)s"),
    "no_channels": N_("What sends messages is not installed here."),
    "bad_request": N_("The request cannot be understood."),
    "unknown_host": N_("This server does not go by that name. Its names stand in the setting “hosts”."),
    "unauthorized": N_("Reading is free. To change something here, sign in."),
    "form_expired": N_("This form is too old, or not from here. Load the page anew and try again."),
    "forbidden": N_("This is not allowed from here."),
    "not_found": N_("There is nothing at this address."),
    "gone": N_("This article was forgotten on %(given)s: it was taken out of the archive for good."),
    "method_not_allowed": N_("This address does not accept that method."),
    "request_entity_too_large": N_("The request is too large."),
    "request_uri_too_long": N_("The address is too long: ask a shorter question, or choose fewer sources."),
    "too_many_requests": N_("Too much is asked at once. Try again in a moment."),
    "unsupported": N_("The search engine in use cannot answer this question."),
    "index_missing": N_("There is no index yet. Build one with “make index”."),
    "index_outdated": N_("The index was built by another version. Build it anew with “make rebuild”."),
    "index_corrupt": N_("The index is damaged. Build it anew with “make rebuild”."),
    "index_locked": N_("Another process is writing to the index. Try again in a moment."),
    "index_unavailable": N_("The index cannot be read now. The details are in the server’s log."),
    "engine_unavailable": N_("The search engine does not answer now. Try again in a moment."),
    "archive_unavailable": N_("The archive cannot be read now."),
    "internal_error": N_("Something went wrong here. The details are in the server’s log."),
}

_REASON = N_(" The reason: %(text)s")
_SEPARATOR = N_(", ")
_QUOTED = N_("“%(text)s”")


def note_text(note: Note, gettext: Gettext) -> str:
    """A note in the reader's language."""
    text = _PARTIAL_CORES if note.code == "partial" and note.count == note.of else NOTES[note.code]
    terms = joined(note.terms, gettext)
    meant = note.terms[-1] if note.terms else ""
    date = note.terms[0] if note.terms else ""
    return gettext(text) % {"terms": terms, "date": date, "meant": meant, "count": f"{note.count:,}", "of": note.of}


def error_text(code: str, given: str, gettext: Gettext) -> str:
    """What is wrong, in the reader's language; a code without a text of its own is an internal error."""
    return gettext(ERRORS.get(code, ERRORS["internal_error"])) % {"given": quoted(given, gettext)}


def forgotten_text(day: str, reason: str, gettext: Gettext) -> str:
    """That an article was forgotten, on which day, and why, where there is a reason."""
    text, because = ERRORS["gone"], _REASON if reason else ""
    return gettext(text) % {"given": day} + (gettext(because) % {"text": reason} if because else "")


def query_error_line(error: QueryError, gettext: Gettext) -> str:
    """What is wrong with a question and what is allowed instead, in one line for the terminal."""
    text = error_text(error.code, error.given, gettext)
    allowed = joined(error.allowed, gettext)
    return f"{text} ({error.field}: {allowed})" if allowed else text


def joined(values: tuple[str, ...], gettext: Gettext) -> str:
    return gettext(_SEPARATOR).join(values)


def quoted(text: str, gettext: Gettext) -> str:
    """What was typed, short enough for a message."""
    short = text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"
    return gettext(_QUOTED) % {"text": short}


def title_of(parameters: SearchParameters, everything: str) -> str:
    """A question in a few words, for lists of questions; ``everything`` is what one without restrictions is called."""
    dates = f"{parameters.from_}–{parameters.to}" if parameters.from_ or parameters.to else ""
    chosen = (parameters.text, *parameters.sources, *parameters.authors, *parameters.languages, dates)
    return " · ".join(filter(None, chosen)) or everything


def terminal_gettext(environment: Mapping[str, str] = os.environ) -> Gettext:
    """Texts in the language of the terminal, as LC_ALL, LC_MESSAGES and LANG say; English unless it is Chinese."""
    name = next((value for key in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(key))), "")
    tag = name.partition(".")[0]
    if not tag.startswith("zh"):
        return str
    language = "zh_Hant_TW" if script_of(tag) == "Hant" else "zh_Hans_CN"
    return catalogues.translation("messages", CATALOGUES, [language], fallback=True).gettext


_REFUSED = N_("The site lets no programs in. Open its address in a browser, or look for another feed.")
_MOVED = N_("No feed is at this address any more. Enter the address of the site to find the new one.")
_OFTEN = N_("The site was asked too often. It is asked less often by itself.")
_TROUBLE = N_("The site has trouble of its own. It is asked again by itself.")
_PRIVATE = N_("Feeds of your own network need the setting “fetch_private”.")
_NO_FEED = N_("What came was no feed. Enter the address of the site to find one.")
_CERTIFICATE = N_("The site’s certificate is not good. Try its address with http instead of https.")
_NO_NAME = N_("No such site was found. Look for a mistake in the address, and whether you are online.")
_SLOW = N_("The site is slow or away. It is asked again by itself.")
_NOBODY = N_("Nobody answers there. It is asked again by itself; look whether you are online.")
_BUSY = N_("Try again in a minute.")
_OTHER = N_("It is asked again by itself. If that goes on, look for another feed of the site.")

_ADVICE = (
    ("try again", _BUSY),
    ("http (401|403|407|451)", _REFUSED),
    ("http (404|410)", _MOVED),
    ("http 429", _OFTEN),
    ("http 5", _TROUBLE),
    ("private address", _PRIVATE),
    ("no feed|not a feed|not well-formed|is empty", _NO_FEED),
    ("certificate|ssl|tls", _CERTIFICATE),
    ("name or service|getaddrinfo|nodename|name resolution|name of its host", _NO_NAME),
    ("in time|timed? ?out", _SLOW),
    ("connect|refused|reset|unreachable", _NOBODY),
)


def feed_advice(error: str, gettext: Gettext) -> str:
    """What to do about a feed, from what was said of it when it last failed; ``""`` where nothing failed."""
    if not error:
        return ""
    return gettext(next((text for pattern, text in _ADVICE if re.search(pattern, error.lower())), _OTHER))
