"""What databases and programs wrap around the objects that are articles, taken off.

Elasticsearch (``{"_source": …}``), Ghost's export (``{"db": [{"data": {"posts": …}}]}``), Pinboard's bookmarks, whose
``description`` is the title, and the messages of WeChat's accounts, of which one may hold several articles.
"""

from typing import Any

_BOOKMARK = {"href", "description", "extended"}


def article_in(value: dict[str, Any]) -> dict[str, Any]:
    """The object that is the article: ``value`` itself where nothing is wrapped around it."""
    source = value.get("_source")
    if isinstance(source, dict):
        return article_in({"id": value.get("_id"), **source})
    if "_index" in value and isinstance(value.get("fields"), dict):
        return {"id": value.get("_id"), **value["fields"]}
    if value.keys() >= _BOOKMARK:
        rest = {name: found for name, found in value.items() if name in ("time", "tags", "hash", "meta")}
        return {"url": value["href"], "title": value["description"], "content": value["extended"], **rest}
    return value


def items_in(value: dict[str, Any]) -> list[Any] | None:
    """The objects that a dump holds, ``None`` where it is of no kind known here."""
    databases = value.get("db")
    if isinstance(databases, list):
        data = [each.get("data") for each in databases if isinstance(each, dict)]
        posts = [each["posts"] for each in data if isinstance(each, dict) and isinstance(each.get("posts"), list)]
        return [_of_ghost(post) for some in posts for post in some] if posts else None
    messages = value.get("general_msg_list", value)
    if isinstance(messages, dict) and isinstance(messages.get("list"), list):
        items = [_of_wechat(message) for message in messages["list"]]
        return [item for some in items for item in some] if any(items) else None
    return value["app_msg_list"] if isinstance(value.get("app_msg_list"), list) else None


def _of_ghost(post: Any) -> Any:
    """Ghost keeps its own format of the text beside the HTML."""
    if not isinstance(post, dict):
        return post
    wanted = ("title", "html", "plaintext", "published_at", "slug", "canonical_url", "custom_excerpt")
    kept = {name: post.get(name) for name in wanted}
    text = kept.pop("plaintext")
    if not kept["html"]:
        kept["text"] = text
    return {name: found for name, found in kept.items() if found}


def _of_wechat(message: Any) -> list[dict[str, Any]]:
    """The articles of one message, each with its time."""
    if not isinstance(message, dict) or not isinstance(message.get("app_msg_ext_info"), dict):
        return []
    first, about = message["app_msg_ext_info"], message.get("comm_msg_info")
    time = about.get("datetime") if isinstance(about, dict) else None
    others = first.get("multi_app_msg_item_list")
    some = [first, *(others if isinstance(others, list) else ())]
    wanted = ("title", "author", "content", "digest")
    return [
        {name: each.get(name) for name in wanted} | {"url": each.get("content_url"), "datetime": time}
        for each in some
        if isinstance(each, dict) and each.get("title")
    ]
