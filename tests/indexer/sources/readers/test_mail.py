"""Letters and pages saved as letters."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import SourceError
from indexer.sources import Reject
from indexer.sources.readers.mail import looks_like_mail, read_mail

PAGE = (
    "<html><head><title>新馆开馆</title></head><body><p>市图书馆新馆昨日开馆，首日接待读者三千余人。</p></body></html>"
)


def letter(**parts):
    message = EmailMessage()
    message["From"] = "江湾周刊 <weekly@jiangwan.example>"
    message["To"] = "me@a.example"
    message["Subject"] = "老码头改造完工"
    message["Date"] = "Fri, 05 Jan 2024 08:00:00 +0800"
    message["Message-ID"] = "<17@jiangwan.example>"
    for kind, text in parts.items():
        if message.get_content_maintype() == "text" and message.get_payload():
            message.add_alternative(text, subtype=kind)
        else:
            message.set_content(text, subtype=kind)
    return message.as_bytes()


@pytest.mark.parametrize(
    "data",
    [
        letter(plain="江边的老码头改造完工。\n\n仓库改成了书店。"),
        letter(html="<p>江边的老码头改造完工。</p><p>仓库改成了书店。</p>"),
        letter(plain="请用网页版阅读", html="<p>江边的老码头改造完工。</p><p>仓库改成了书店。</p>"),
        letter(plain="江边的老码头改造完工。\n\n仓库改成了书店。", html="<img src=a.png>"),
        letter(plain="江边的老码头改造完工。\n\n仓库改成了书店。").replace(b"\n", b"\r\n"),
    ],
)
def test_a_letter_is_an_article(read_file, data):
    (article,) = read_file("letter.eml", data)
    assert (article.title, article.source) == ("老码头改造完工", "江湾周刊")
    assert article.text == "江边的老码头改造完工。\n仓库改成了书店。"
    assert article.published.isoformat() == "2024-01-05T00:00:00+00:00"
    assert article.guid == "17@jiangwan.example"


def test_a_letter_in_an_encoding_of_its_own(read_file):
    head = "From: a@b.example\r\nMIME-Version: 1.0\r\nSubject: =?GBK?B?wM/C6823?=\r\n"
    body = "Content-Type: text/plain; charset=gb2312\r\nContent-Transfer-Encoding: 8bit\r\n\r\n江边的老码头改造完工。"
    (article,) = read_file("letter.eml", head.encode() + body.encode("gbk"))
    assert (article.title, article.text) == ("老码头", "江边的老码头改造完工。")


@pytest.mark.parametrize("name", ["page.mht", "page.mhtml", "page"])
def test_a_page_saved_as_a_letter_is_the_page(read_file, name):
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.example/news/1\r\nSubject: saved\r\n"
        "Date: Fri, 5 Jan 2024 08:00:00 +0800\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="x"\r\n\r\n--x\r\n'
        "Content-Type: text/html\r\nContent-Location: https://a.example/news/1\r\n"
        "Content-Transfer-Encoding: 8bit\r\n\r\n"
    )
    (article,) = read_file(name, head + PAGE + "\r\n--x\r\nContent-Type: text/css\r\n\r\np {}\r\n--x--\r\n")
    assert (article.title, article.url) == ("新馆开馆", "https://a.example/news/1")
    assert article.text == "市图书馆新馆昨日开馆，首日接待读者三千余人。"
    assert article.published is None  # when it was saved is not when it was published


def test_a_mailbox_holds_several(read_file):
    one, other = letter(plain="第一封的正文。\n\nFrom here on it rains."), letter(html="<img src=a.png>")
    box = b"".join(
        b"From weekly@jiangwan.example Fri Jan  5 08:00:00 2024\n" + each + b"\n\n" for each in (one, other, one)
    )
    first, reject, last = read_file("box.mbox", box)
    assert first.text == last.text == "第一封的正文。\nFrom here on it rains."
    assert reject.path.endswith(":2")


def test_a_letter_without_a_text_is_told(read_file):
    (reject,) = read_file("letter.eml", letter(html="<img src=a.png>"))
    assert isinstance(reject, Reject)


@given(st.binary(max_size=200), st.sampled_from([b"", b"--x\r\n", b"Content-Type: text/html; charset=nope\r\n\r\n"]))
def test_any_letter_is_read_or_refused(body, start):
    data = b"From: a\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + start + body
    assert looks_like_mail(data)
    try:
        read_mail(data)
    except SourceError as error:
        assert str(error)
