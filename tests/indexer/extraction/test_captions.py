"""What is said of pictures stands apart from the body."""

import pytest

from indexer.extraction.parting import part_markup, part_text

BODY = "河湾大桥今晨通车，两岸居民排队步行过桥。市长说，这座桥等了二十年。"
SAID = "图为大桥北端，今晨六点。（江湾日报）"


@pytest.mark.parametrize(
    "picture",
    [
        "<figure><img src=a.jpg><figcaption>{}</figcaption></figure>",
        '<div class="wrap"><img src=a.jpg></div><div class="picinfo">{}</div>',
        '<div class="image-inline captioned"><img src=a.jpg></div><div class="image-caption"><span>{}</span></div>',
        '<img src=a.jpg><div><small style="color:#999">{}</small></div>',
        "<video src=a.mp4></video><div><small>{}</small></div>",
        '<p class="wp-caption-text">{}</p>',
        '<img src=a.jpg alt="{0}"><p>{0}</p>',
        "<p><img src=a.jpg></p><p>{}</p>",
        "<p>图片说明：{}</p>",
    ],
)
def test_a_caption_is_told_by_its_element_its_picture_or_its_words(picture):
    parted = part_markup(picture.format(SAID) + f"<p>{BODY}</p>")
    assert parted.text == BODY
    assert parted.captions.endswith(SAID)


def test_a_caption_that_stands_twice_is_kept_once():
    figure = f"<figure><img src=a.jpg><figcaption>{SAID}</figcaption></figure>"
    assert part_markup(figure * 2 + BODY).captions == SAID


def test_small_print_without_a_picture_is_text():
    assert part_markup(f"<p><small>IN THE</small> coming weeks</p><p>{BODY}</p>").text == f"IN THE coming weeks\n{BODY}"


def test_an_article_in_an_element_that_is_called_a_caption_is_no_caption():
    assert part_markup(f'<div class="caption">{BODY * 20}</div>').text == BODY * 20


def test_a_post_that_is_only_a_picture_has_its_caption_for_a_text():
    parted = part_markup(f"<figure><img src=a.jpg><figcaption>{SAID}</figcaption></figure>")
    assert (parted.text, parted.captions) == (SAID, "")


@pytest.mark.parametrize("line", ["▲安平運河步道。（圖／記者沈小芸攝）", "图像加注文字，步道今天仍可通行。"])
def test_what_says_that_it_is_a_caption_needs_no_picture(line):
    parted = part_text(f"河湾大桥今晨通车，两岸居民排队步行过桥。\n{line}\n市长说，这座桥等了二十年。")
    assert (parted.captions, line in parted.text) == (line, False)
