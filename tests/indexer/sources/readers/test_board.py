"""Posts of bulletin boards as they are saved."""

import pytest

TAIWAN = (
    "發信人: river.bbs@bbs.example (江边人), 看板: News\n"
    "標  題: 老码头改造\n發信站: 江湾 (Fri Jan  5 08:00:00 2024)\n\n"
)
BODY = "江边的老码头改造完工。\n仓库改成了书店。\n"
KBS = "发信人: river (江边人), 信区: News\n标  题: 老码头改造\n发信站: 江湾社区 (Fri Jan  5 08:00:00 2024), 站内\n\n"


@pytest.mark.parametrize(
    ("post", "source"),
    [
        (KBS + BODY + "--\n\n※ 来源:·江湾社区 bbs.example·[FROM: 192.0.2.1]\n", "江湾社区"),
        (KBS.replace("标  题", "标题").replace("站内", "转信") + BODY, "江湾社区"),
        (
            TAIWAN + BODY,
            "江湾",
        ),
        ("作者  river (江边人)    看板  News\n標題  老码头改造\n時間  Fri Jan  5 08:00:00 2024\n" + BODY, "PTT"),
        (
            "作者  river (江边人)\n看板  News\n標題  老码头改造\n時間  Fri Jan  5 08:00:00 2024\n──────\n\n" + BODY,
            "PTT",
        ),
    ],
)
def test_the_head_gives_title_author_and_date(read_file, post, source):
    (article,) = read_file("post.txt", post)
    assert (article.title, article.source) == ("老码头改造", source)
    assert article.author.startswith("river")
    assert article.published.isoformat() == "2024-01-05T00:00:00+00:00"
    assert article.text == BODY.strip()


def test_a_signature_is_no_text_and_what_only_looks_like_one_is(read_file):
    (article,) = read_file("post.txt", KBS + BODY + "--\n再见。\n")
    assert article.text.endswith("再见。")
