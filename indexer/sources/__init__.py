"""One reader a format, each yielding articles; ``read`` finds the right one for any input."""

from indexer.sources.detect import read
from indexer.sources.files import Reject
from indexer.sources.subscription import Subscription

__all__ = ["Reject", "Subscription", "read"]
