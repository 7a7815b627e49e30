"""Pages that are none of an article: what a server or a script shows in its place.

A saved page may be a shell that a script was to fill, a message that there is no such page, or a question whether a
human asks. Such a page is short, and its title or its text says so; an article about such pages is longer.
"""

import re

from indexer.article import Article

_LONGEST = 400  # characters of the text of a page that only says why there is no article

_SCRIPT = re.compile(
    r"(?:启用|开启|打开|允许|支持|啟用|開啟|打開|允許|支援)[^。\n]{0,12}java\s?script|java\s?script[^。\n]{0,20}"
    r"(?:启用|开启|禁用|停用|啟用|開啟|不支持|不支援|disabled|required)|enable\s+java\s?script|"
    r"(?:doesn't|does not|won't) work (?:properly )?without java\s?script|need to enable java\s?script",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"(?:^|\b)(?:404|403|410|500|502|503)(?:\b|[^\d年月日万亿元人号])|not found|forbidden|"
    r"page (?:doesn.t|does not) exist|bad gateway|service unavailable|access denied|"
    r"(?:页面|頁面|网页|網頁|文章|内容|內容|链接|連結)[^。\n]{0,8}(?:不存在|未找到|找不到|无法找到|已(?:被)?(?:删除|刪除|下线|移除)|"
    r"不見|走丢|失效)|(?:找不到|没有找到|沒有找到|无法访问|無法訪問)[^。\n]{0,8}(?:页|頁|文章|内容|內容)|此内容(?:因违规|发送失败)?无法查看|"
    r"该内容已被发布者删除|服务器(?:内部)?错误|伺服器錯誤",
    re.IGNORECASE,
)
_HUMAN = re.compile(
    r"just a moment|checking your browser|are you (?:a )?(?:human|robot)|verify you are human|captcha|"
    r"(?:安全|人机|人機|滑动|滑動|身份)(?:验证|驗證)|环境异常|訪問過於頻繁|访问过于频繁|正在(?:加载|跳转|載入|跳轉)|loading(?:\.|…|$)",
    re.IGNORECASE,
)
_REASONS = (
    (_SCRIPT, "a page that only a script fills"),
    (_HUMAN, "a page that asks whether a human reads it, or is still loading"),
    (_MISSING, "a page that says there is no article"),
)


def reason(article: Article) -> str:
    """Why what was read of a page is no article, ``""`` when it may be one."""
    if not article.text:
        return "the page has a title alone, no text"
    if len(article.text) > _LONGEST:
        return ""
    said = (article.title, article.text.partition("\n")[0][:80])
    is_bare = len(article.text) < _LONGEST // 4
    for pattern, why in _REASONS:
        if (
            pattern.match(article.title)
            or (is_bare and any(map(pattern.search, said)))
            or (pattern is _SCRIPT and is_bare and pattern.search(article.text))
        ):
            return why
    return ""
