"""``/help``: the query language by example."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from search_app.presentation.page import Context, current_library, render
from search_app.query import dates

blueprint = Blueprint("help", __name__)

_EXAMPLES: tuple[tuple[str, Any], ...] = (
    ("疫苗 北京", _l("articles that hold all the words")),
    ("疫苗 OR 口罩", _l("articles that hold one or the other; | is the same")),
    ("疫苗 -美国", _l("without a word; NOT is the same")),
    ("(疫苗 OR 口罩) 北京", _l("parentheses group")),
    ("“一带一路”", _l("exactly this, in this spelling")),
    (
        "G7领袖讨论对乌克兰援助",
        _l("a sentence: articles that hold it as it is come first, then those with its words"),
    ),
    ("title:疫苗", _l("in the title")),
    ("source:联合早报", _l("from a source")),
    ("publisher:台湾", _l("from a group of publishers; others are 大陆, 港澳, 新马, 外媒 and 海外华文")),
    ("site:zaobao.com", _l("from a site and those below it")),
    ("lang:zh-Hant", _l("in a language or script")),
    ("date:2020-09..2020-10", _l("published in these days, months or years; also before: and after:")),
    ("covid*", _l("words that begin like this")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpContext(Context):
    """``examples``: what can be typed, and what it finds. ``dates``: one date of each form."""

    examples: tuple[tuple[str, Any], ...] = _EXAMPLES
    dates: tuple[str, ...] = dates.EXAMPLES


@blueprint.get("/help")
def page() -> str:
    return render("help.html", HelpContext(carried=[], zone=current_library().zone))
