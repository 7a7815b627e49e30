"""Posts of bulletin boards as they are saved: the head of Chinese university boards (KBS, Firebird) and of PTT.

::

    发信人: nick (名字), 信区: News               作者  nick (名字)   看板  News
    标  题: …                                    標題  …
    发信站: 水木社区 (Fri May  5 10:00:00 2023), 站内    時間  Fri May  5 10:00:00 2023
"""

import re

_NORTH = re.compile(
    r"\A\s*[发發]信人\s*[:：][ \t]*(?P<author>[^\n]*)\n(?:(?!标|標)[^\n]*\n){0,2}?"
    r"[标標][ \t\u3000]*[题題]\s*[:：][ \t]*(?P<title>[^\n]*)\n"
    r"(?:[发發]信站\s*[:：][ \t]*(?P<site>[^\n]*)(?:\n|\Z))?(?:[转轉]信站\s*[:：][^\n]*\n)?"
)
_PTT = re.compile(
    r"\A\s*作者\s*[:：]?[ \t]+(?P<author>[^\n]*?)(?:[ \t]*\n?[ \t]*(?:看板|站內)\s*[:：]?[ \t]+[^\n]*)\n"
    r"[ \t]*標題\s*[:：]?[ \t]+(?P<title>[^\n]*)\n[ \t]*時間\s*[:：]?[ \t]+(?P<date>[^\n]*)(?:\n|\Z)"
)
_SITE = re.compile(r"([^\s(（,，]+)[^(（\n]*[(（]([^()（）\n]*)[)）]")
_SIGNATURE = re.compile(
    r"^--[ \t]*$(?:(?!^--[ \t]*$).)*(?:※|◆)[^\n]*(?:来源|來源|發信站|文章網址|修改)[\s\S]*\Z", re.MULTILINE | re.DOTALL
)
_RULE = re.compile(r"\A\s*[-─—=]{5,}[ \t]*\n")


def split(text: str) -> tuple[dict[str, str], str]:
    """What the head of a board's post says, and its body without the signature; ``{}`` for any other text."""
    if match := _NORTH.match(text):
        site = _SITE.match(match["site"] or "")
        said = {"publisher": site[1] if site else "", "date": site[2] if site else ""}
    elif match := _PTT.match(text):
        said = {"publisher": "PTT", "date": match["date"].strip()}
    else:
        return {}, text
    # Of an address the account is the name that a board knows.
    author = re.split(r"[(（,，@]| {2,}", match["author"].strip())[0].strip()
    body = _RULE.sub("", text[match.end() :])
    return said | {"title": match["title"].strip(), "author": author}, _SIGNATURE.sub("", body)
