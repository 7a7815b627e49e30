"""What a template is given is what its page's dataclass says: nothing else, and nothing that it does not use."""

from dataclasses import fields

import pytest
from jinja2 import meta, nodes

from search_app.presentation.errors import ErrorContext
from search_app.presentation.page import Context
from search_app.views.asking.entities import EntitiesContext
from search_app.views.asking.entity import EntityContext
from search_app.views.asking.help import HelpContext
from search_app.views.asking.home import HomeContext
from search_app.views.asking.search import SearchContext
from search_app.views.asking.sentences import SentencesContext
from search_app.views.asking.terms import TermsContext
from search_app.views.asking.timeline import PictureContext, TimelineContext
from search_app.views.keeping.desk import DeskContext
from search_app.views.keeping.marks import MarksContext
from search_app.views.keeping.subscriptions import SubscriptionsContext
from search_app.views.operation.sign_in import SignInContext
from search_app.views.operation.status import StatusContext
from search_app.views.reading.article import ArticleContext
from search_app.views.reading.changes import ChangesContext
from search_app.views.reading.story import StoryContext

PAGES: dict[str, type[Context]] = {
    "article.html": ArticleContext,
    "changes.html": ChangesContext,
    "desk.html": DeskContext,
    "entities.html": EntitiesContext,
    "entity.html": EntityContext,
    "help.html": HelpContext,
    "home.html": HomeContext,
    "marks.html": MarksContext,
    "problem.html": ErrorContext,
    "search.html": SearchContext,
    "sentences.html": SentencesContext,
    "terms.html": TermsContext,
    "sign_in.html": SignInContext,
    "status.html": StatusContext,
    "story.html": StoryContext,
    "subscriptions.html": SubscriptionsContext,
    "timeline.html": TimelineContext,
    "timeline.svg": PictureContext,
}
GIVEN_TO_ALL = {
    *("interface", "interface_links", "asset", "request", "_", "ngettext"),
    *("reader", "may_sign_in", "may_change", "form_token"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_what_its_context_says(client, name):
    environment = client.application.jinja_env
    source = environment.loader.get_source(environment, name)[0]
    tree = environment.parse(source)
    own = {
        *(name for node in tree.find_all(nodes.FromImport) for name in node.names),
        *(node.target.name for node in tree.find_all(nodes.Assign)),
        *(node.name for node in tree.find_all(nodes.Macro)),
    }
    used = meta.find_undeclared_variables(tree) - environment.globals.keys() - GIVEN_TO_ALL - own
    members = {member.name for member in fields(PAGES[name])}
    shared = {member.name for member in fields(Context)}
    assert used <= members
    assert members - shared <= used


def test_every_template_of_a_page_has_a_context(client):
    pages = {name for name in client.application.jinja_env.list_templates() if not name.startswith(("_", "base"))}
    assert pages == PAGES.keys()
