"""From a tree back to text: what was read of a question, without what was ignored in it."""

from collections.abc import Sequence

from search_app.query.syntax import flat, parse
from search_app.query.tree import AllOf, AnyOf, Clause, Close, Node, NoneOf, Often

_QUOTES = (('"', '"＂”'), ("「", "」"), ("『", "』"), ("«", "»"))
"""Opening quotes, the first that is written, and what closes each (``search_app.query.syntax``)."""

_IN_ONE = {"sentence": "S/", "paragraph": "P/"}


def written(node: Node) -> str:
    """A text that ``parse`` reads as this tree, which came from there.

    What a word would be something else as (an operator between others, the name of a field) is quoted, so that other
    spellings of it are not looked for.
    """
    match node:
        case Clause():
            return _clause(node)
        case AllOf(parts):
            return " ".join(_operand(part) if isinstance(part, AnyOf) else written(part) for part in parts)
        case AnyOf(parts):
            return " OR ".join(map(written, parts))
        case NoneOf(part):
            return f"-{_operand(part)}"
        case Often(part, times):
            return f"ATLEAST/{times} {_operand(part)}"
        case Close(first, second, together, ordered):
            operator = _IN_ONE[together] if isinstance(together, str) else f"{'W' if ordered else 'NEAR'}/{together}"
            return f"{_operand(first)} {operator} {_operand(second)}"


def narrowed(text: str, more: str) -> str:
    """The question that asks for ``more`` among what ``text`` finds. Raises ``QueryError`` as ``parse`` does.

    It is as typed where that is read as both; else what was ignored of one of them (a quote that nothing closes, an OR)
    is left out, so that it does not take in the other.
    """
    asked = [part.strip() for part in (text, more)]
    trees = [parse(part).tree for part in asked]
    both = flat(AllOf, [tree for tree in trees if tree is not None])
    if both is None or trees[1] is None:
        return text
    typed = " ".join(
        f"({part})" if isinstance(tree, AnyOf) else part for part, tree in zip(asked, trees, strict=True) if tree
    )
    parsed = parse(typed)
    return typed if parsed.tree == both and not parsed.notes else written(both)


def _operand(node: Node) -> str:
    """The same as one part of something else."""
    return written(node) if isinstance(node, Clause | NoneOf | Often) else f"({written(node)})"


def _clause(clause: Clause) -> str:
    text = clause.text.strip()
    field = f"{clause.field}:" if clause.field else ""
    if clause.kind == "prefix" and _is_read_as(f"{field}{text}*", clause):
        return f"{field}{text}*"
    if clause.kind == "words" and text[-1:] not in (":", "：") and _is_read_as(f"{field}{text}", clause):
        return f"{field}{text}"
    return field + _quoted(text)


def _is_read_as(text: str, clause: Clause) -> bool:
    """Whether a text means this clause wherever it stands: between others, too."""
    around = Clause("x")
    return parse(f"x {text} x").tree == AllOf((around, clause, around))


def _quoted(text: str) -> str:
    fitting: Sequence[tuple[str, str]] = [each for each in _QUOTES if not set(each[1]) & set(text)]
    opening, closing = fitting[0] if fitting else _QUOTES[0]
    return opening + "".join(character for character in text if character not in closing) + closing[0]
