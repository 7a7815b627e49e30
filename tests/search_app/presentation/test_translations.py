"""The interface's catalogues hold every text, and what is checked in is what they compile to."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from werkzeug.datastructures import LanguageAccept

from search_app.presentation.locales import INTERFACES, preferred

APP = Path(__file__).parents[3] / "search_app"
CATALOGUES = sorted((APP / "translations").glob("*/LC_MESSAGES/messages.po"))
PLACES = re.compile(r"%\(\w+\)s")


def texts():
    """Every text in code and templates."""
    templates = ("**.html", "**.svg")
    options = {each: {"trim_blocks": "true", "lstrip_blocks": "true"} for each in templates}
    methods = [("**.py", "python"), *((each, "jinja2") for each in templates)]
    keywords = {"_": None, "_l": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
    found = set()
    for _, _, message, *_ in extract_from_dir(APP, methods, options, keywords):
        found.add(message)
    return found


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_text_is_translated(path):
    with path.open("rb") as file:
        catalogue = read_po(file)
    known = {message.id for message in catalogue if message.id}
    assert texts() == known
    for message in catalogue:
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(forms), message.id
        english = message.id[1] if isinstance(message.id, tuple) else message.id
        for form in forms if message.id else ():
            assert set(PLACES.findall(form)) == set(PLACES.findall(english)), form


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_the_compiled_catalogue_is_up_to_date(path):
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file))
    assert path.with_suffix(".mo").read_bytes() == compiled.getvalue(), (
        "run: pybabel compile -d search_app/translations"
    )


def test_there_is_a_catalogue_for_every_interface_but_english():
    assert {path.parts[-3] for path in CATALOGUES} == {each.babel for each in INTERFACES if each.tag != "en"}


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ([("zh-CN", 1)], "zh-Hans"),
        ([("zh-SG", 1)], "zh-Hans"),
        ([("zh-TW", 1)], "zh-Hant"),
        ([("zh-HK", 1), ("en", 0.5)], "zh-Hant"),
        ([("zh-Hans-HK", 1)], "zh-Hans"),
        ([("de", 1), ("en-US", 0.8)], "en"),
        ([("de", 1)], "zh-Hans"),
        ([("*", 1)], "zh-Hans"),
        ([], "zh-Hans"),
    ],
)
def test_the_browser_decides_the_language_until_the_reader_does(header, tag):
    assert preferred(LanguageAccept(header)).tag == tag
