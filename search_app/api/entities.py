"""People, organisations and places in the API."""

from search_app.access.permission import keeper
from search_app.api.endpoints import Endpoints
from search_app.presentation.page import current_library
from search_app.query.parameters import FILTER_PARAMETERS, SEARCH_PARAMETERS, Given, Parameter, SearchParameters
from search_app.search.aggregations.entities import Entities, entities_of
from search_app.search.aggregations.entity_profile import KIND, NAME, EntityProfile, name_asked, profile_of

endpoint = Endpoints()

_TEXT = next(parameter for parameter in SEARCH_PARAMETERS if parameter.name == "q")
_LIMIT = Parameter("limit", "How many of each kind, and how many pairs.", "20", "number", 20, most=100)
_OTHERS = Parameter("limit", "How many others that it stands with.", "20", "number", 20, most=100)


@endpoint("/entities", Entities, (_TEXT, *FILTER_PARAMETERS, _LIMIT))
def entities(asked: Given) -> Entities:
    """The people, organisations and places that what matches names

    Counted by stories; all spellings of a name are one. Pairs are those that stand together more often than by chance.
    """
    return entities_of(current_library(), current_library().ask(_parameters(asked), keeper()), _LIMIT.value(asked))


@endpoint("/entity", EntityProfile, (NAME, KIND, _TEXT, *FILTER_PARAMETERS, _OTHERS))
def entity(asked: Given) -> EntityProfile:
    """One person, organisation or place in what matches

    Its spellings, days, sources, first and last story, and with whom it stands.
    """
    question = current_library().ask(_parameters(asked), keeper())
    return profile_of(current_library(), question, *name_asked(asked), _OTHERS.value(asked))


def _parameters(asked: Given) -> SearchParameters:
    """The search; ``limit`` counts entities here."""
    own = ("limit", KIND.name, NAME.name)
    return SearchParameters.parse({name: values for name, values in asked.items() if name not in own})
