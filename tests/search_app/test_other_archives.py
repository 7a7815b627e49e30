"""Archives of any shape: every command works, every page answers, and what a plain scan finds is found."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.config import Config
from indexer.installation import Installation
from search_app import create_app
from search_app.cli import main

HAN = re.compile(r"[一-鿿]+")
COMMON = "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行"
SYLLABLES = ["布", "林", "肯", "约", "翰", "逊", "斯", "托", "尔", "滕", "贝", "格", "马", "克", "龙", "莫", "里", "森"]
LATIN = ["Blinken", "Johnson", "Stoltenberg", "Macron", "Morrison", "Merkel", "Erdogan", "Modi"]

Item = dict[str, str | float | None]


def text_of(dice: random.Random, letters: str, length: int) -> str:
    pieces = ("".join(dice.choices(letters, k=dice.randint(2, 9))) for _ in range(length))
    return "".join(piece + dice.choice("，。、；：“”（）\n ") for piece in pieces)


def item(number: int, title: str, text: str, **more: str | float | None) -> Item:
    return {"url": f"https://example.org/{number}", "title": title, "text": text, **more}


def shuffled_names(dice: random.Random) -> Iterator[Item]:
    """Each Latin name is glossed with any spelling, many of them once."""
    for number in range(120):
        glosses = "".join(
            f"{''.join(dice.choices(SYLLABLES, k=dice.randint(1, 12)))}（{dice.choice(LATIN)}）说，" for _ in range(12)
        )
        yield item(number, text_of(dice, COMMON, 2), glosses + text_of(dice, COMMON, 20), source=dice.choice("甲乙丙"))


def long_words(dice: random.Random) -> Iterator[Item]:
    """Names, words and lines of hundreds of characters, without a mark between them."""
    for number in range(40):
        name = "".join(dice.choices(SYLLABLES, k=300))
        word = "".join(dice.choices("abcdefghij", k=3_000))
        text = f"{name}（{word[:200]}）" + "".join(dice.choices(COMMON, k=4_000)) + f" {word} {'9' * 500}"
        yield item(number, name * 3, text, source=name, author=name)


def mixed(dice: random.Random) -> Iterator[Item]:
    """Scripts and languages side by side and inside each other."""
    alphabets = [
        COMMON,
        "臺灣總統選舉視訊會議網路軟體資訊程式",
        "こんにちは東京都知事は発表したカタカナ",
        "안녕하세요서울시장은발표했다",
        "Зеленськийпрезидент",
        "مرحبارئيسالوزراء",
        "สวัสดีนายกรัฐมนตรี",
        "नमस्तेप्रधानमंत्री",
        "𠀀𠀁𠮷野家㐀㐁",
        "👨\u200d👩👧🎉🇨🇳e\u0301\u0323",
        "ＡＢＣ１２３ｶﾞｷﾞ",
        "the quick brown fox ",
    ]
    for number in range(150):
        text = "".join(text_of(dice, dice.choice(alphabets), 4) for _ in range(8))
        date = dice.choice([None, dice.uniform(-3e9, 4e9), 1.6e9])
        yield item(
            number, text_of(dice, dice.choice(alphabets), 2), text, published=date, language=dice.choice("zejkx")
        )


def alike(dice: random.Random) -> Iterator[Item]:
    """Nearly the same again and again, without titles or dates."""
    text = text_of(dice, COMMON, 40)
    for number in range(60):
        yield item(number, "", f"{text}{number}")


def ten(dice: random.Random) -> Iterator[Item]:
    for number in range(10):
        yield item(number, text_of(dice, COMMON, 2), text_of(dice, COMMON, 10), published=1.6e9 + number)


def one(dice: random.Random) -> Iterator[Item]:
    yield item(1, "一", "二")


def nothing(dice: random.Random) -> Iterator[Item]:
    yield from ()


SHAPES: list[Callable[[random.Random], Iterator[Item]]] = [shuffled_names, long_words, mixed, alike, ten, one, nothing]


def run(config: Config, *arguments: str, status: int = 0) -> None:
    ended = CliRunner().invoke(main, ["--data", str(config.data), *arguments])
    assert ended.exit_code == status, ended.output
    assert "Traceback" not in ended.output


def assert_recall(installation: Installation, questions: int, dice: random.Random) -> None:
    """Runs of Han characters, put in quotes, find the articles in which a plain scan finds them, and no others."""
    fold = installation.analyser.fold
    folded = {each.id: (fold(each.title), fold(each.text)) for each in installation.archive.iterate(html=False)}
    runs = [run for texts in folded.values() for text in texts for run in HAN.findall(text)]
    client = create_app(installation.config, "127.0.0.1").test_client()
    for run in dice.sample(runs, min(questions, len(runs))):
        start = dice.randrange(len(run))
        piece = run[start : start + dice.randint(1, 12)]
        expected = {id for id, texts in folded.items() if any(piece in text for text in texts)}
        found = client.get("/api/v1/search", query_string={"q": f'"{piece}"', "limit": 100, "variants": "0"}).get_json()
        assert found["total"] == len(expected), piece
        assert {hit["id"] for hit in found["hits"]} <= expected, piece


PAGES = (
    *("/", "/?q=的", "/?q=的&sort=newest", "/?q=blinken", "/?q=bulinken", "/timeline?q=的", "/feed.atom?q=的", "/help"),
    *("/status", "/healthz", "/metrics", "/api/v1/search?q=", "/api/v1/suggest?q=的", "/api/v1/terms?q=的"),
)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_everything_works_on_an_archive_of_any_shape(
    shape: Callable[[random.Random], Iterator[Item]], tmp_path: Path
) -> None:
    items = list(shape(random.Random(1)))
    config = Config(data=tmp_path / "data")
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in items), "utf-8")
    run(config, "import", str(path), status=int(not items))
    for command in ("index", "rebuild", "learn-names", "index", "stats", "export"):
        run(config, command)
    run(config, "doctor", status=int(not items))
    with Installation(config) as installation:
        assert installation.archive.count() == installation.index.info().documents == len(items)
        assert installation.knowledge().problems == ()
        assert_recall(installation, 60, random.Random(2))
        client = create_app(config, "127.0.0.1").test_client()
        for page in PAGES:
            assert client.get(page).status_code == 200, page
        for each in installation.archive.iterate():
            assert client.get(f"/article/{each.id}?q=的").status_code == 200
