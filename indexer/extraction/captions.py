"""What is said of a picture, where no element is named after it."""

import re
from collections.abc import Container, Sequence

from indexer.extraction.furniture import credits_in
from indexer.extraction.lines import Line

_LONGEST = 250  # characters
_SAYS_SO = re.compile(r"(?:[（(【]?(?:[图圖](?:[为為]|中|[：:])|[资資]料[图圖照]|[▲△↑▼◆]\s*\S))")
_ARROWED = re.compile(r"[▲△▼▽↑]\s*.{2,160}[（(][^（）()]{0,40}(?:[图圖]|[摄攝]|提供|[来來]源)[^（）()]{0,40}[）)]")
_TITLED = re.compile(
    r"(?:[图圖][像片]加注文字|Image caption)\s*[,，:：]|"
    r"[（(【]?(?:[图圖影]片?[说說]明|[图圖](?:片)?|[视視][频頻]|影片|照片)\s*[：:]"
)
_CREDITED = re.compile(
    r"(?:[（(【\[][^（）()【】]{0,40}(?:[摄攝]|[图圖]片?|照片?|[资資]料[图圖照]|提供|截[图圖]|取自|[来來]源|翻[摄攝]|[网網][络絡]|"
    r"[^（）()，。]{1,12}(?:社|[报報])|Getty|Reuters|AFP|AP|EPA|Public Domain|VOA|RFA)[^（）()【】]{0,40}[）)】\]]|"
    r"(?:供|[视視][频頻]截|[网網][络絡页頁]截|[资資]料)[图圖]片?\s*$|"
    r"(?:REUTERS|Reuters|AFP|EPA|AP Photo|Getty Images|©)\s?[/／ ]?[^。，]{0,40})[。.]?\s*$"
)
_GALLERY = re.compile(
    r"(?:相[关關])?(?:[图圖](?:[集辑輯说說]|片[集库庫]|片新[闻聞])|[组組][图圖]|看[图圖])\s*[：:].{2,80}|(?:相[关關])[图圖](?:片|集|辑|輯)",
    re.I,
)


def is_caption(lines: Sequence[Line], alternatives: Container[str]) -> list[bool]:
    """Of each line, whether it is a caption. ``alternatives`` are the texts that stand for the page's pictures."""
    return [line.caption or (len(line.text) <= _LONGEST and _is_said_of(line, alternatives)) for line in lines]


def _is_said_of(line: Line, alternatives: Container[str]) -> bool:
    if line.text in alternatives or _TITLED.match(line.text) or _ARROWED.fullmatch(line.text):
        return True
    if not line.pictured or credits_in(line.text):
        return False
    return _SAYS_SO.match(line.text) is not None or _CREDITED.search(line.text) is not None


def is_gallery(lines: Sequence[Line]) -> list[bool]:
    """Of each line, whether it belongs to a gallery of another story: a heading, and the lines with pictures below."""
    marks: list[bool] = []
    inside = False
    for line in lines:
        if _GALLERY.fullmatch(line.text):
            inside = True
        elif inside and not (line.pictured or line.caption):
            inside = False
        marks.append(inside)
    return marks
