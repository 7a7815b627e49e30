"""Bytes to text, where declarations are missing or wrong."""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_XML_DECLARATION = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
# Python also has codecs that are no character sets (base64, idna).
_TEXT_CODECS = (
    "utf-8",
    "utf-16",
    "utf-32",
    "gb",
    "hz",
    "big5",
    "cp",
    "iso",
    "latin",
    "ascii",
    "euc",
    "shift_jis",
    "koi8",
    "johab",
)
_CHINESE_CODECS = ("utf", "gb", "hz", "big5", "cp950")
_LATIN_CODECS = ("ascii", "latin", "iso8859", "cp1252")
_CHINESE_ENOUGH = 0.1
"""Share of common characters from which a reading is Chinese whatever was declared; by chance there are a fiftieth."""
_LATIN_ENOUGH = 0.15
"""Share of bytes beyond ASCII up to which a text may be Latin."""
_FOREIGN_ENOUGH = 0.3
"""Share of a language's commonest characters from which an undeclared text is in it; two fifths to nine tenths are."""
_FEW = 6  # characters that may be UTF-8, or Chinese, by chance
_PROLOGUE = 4_000  # bytes; a declaration stands behind marks, blank lines and what a server adds by mistake
_MARKS = re.compile(r"[\s\ufeff]*\ufeff")
_SAMPLE = 200_000  # bytes; enough to tell encodings apart

# The commonest characters of running Chinese in both scripts, and its punctuation: in text read with the wrong one of
# two double-byte encodings they are rare. (Frequencies: any list of modern Chinese, e.g. Jun Da's, 2004.)
_COMMON = frozenset(
    "的一是不了在人有我他这個个们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于於着著下自之年过過发發后後作"
    "里裡用道行所然家种種事成方多经經么麼去法学學如都同现現当當没沒动動面起看定天分还還进進好小部其些主样樣理心她本前开開但因只从從想"
    "实實日军軍者意无無力它与與长長把机機十民第公此已工使情明性知全三又关關点點正业業外将將两兩高间間由问問很最重并並物手应應战戰向"
    "头頭文体體政美相见見被利什二等产產或新己制身果加西斯月话話合回特代内內信表化老给給世位次度门門任常先海通教儿兒原东東声聲提立"
    "，。、“”「」《》：；？！（）"
)

# Of other encodings' languages: kana, and the commonest syllables of Korean.
_KANA = frozenset(
    "のにはをたがでてとしれさあいるかもなこらりきくすおつうそんけよめどやみえわちせまョンスルイラリクトアドレックーッ、。「」"
)
_OTHERS = {
    "shift_jis": _KANA,
    "euc_jp": _KANA,
    "cp949": frozenset(
        "이다는을의에가고하지은로한도기사를인자으리어서시대해나일라있정보과것부그들수아만상전원장주구관제했년와니안녕세요계여었게면저더된없말우같중통국민당오용경성문비공소미선조"
    ),
}


def decode(data: bytes, *, declared: str | None = None) -> str:
    """``data`` as text: by byte order mark, as UTF-8, as ``declared``, or by what reads as Chinese.

    UTF-8 comes before the declaration because nothing else looks like it by chance, not even where it was cut inside a
    character, and many declarations are wrong. Bytes that no encoding explains become U+FFFD; nothing is raised. Byte
    order marks at the start, however many, are taken away.
    """
    text = _decode(data, declared)
    marks = _MARKS.match(text)
    return text[marks.end() :] if marks else text


def _decode(data: bytes, declared: str | None) -> str:
    name = next((name for bom, name in _BOMS if data.startswith(bom)), "") or _utf_16_by_its_zeros(data)
    if name:
        return data.decode(name, "replace")
    if b"\x1b$" in data[:_PROLOGUE] and (text := _strict(data, "iso2022_jp")) is not None:
        return text
    text = _strict(data, "utf-8")
    if text is not None:
        return text
    damaged = data.decode("utf-8", "replace")
    if _is_utf_8_with_holes(damaged):
        return _mended(data) or damaged
    names = dict.fromkeys(name for name in (_known(declared), "gb18030", "big5hkscs") if name)
    readings = {name: reading for name in names if (reading := _strict(data, name)) is not None}
    if mended := _mended(data):
        return mended
    if not readings:  # damaged: the reading with the fewest holes
        every = (damaged, *(data.decode(name, "replace") for name in names))
        return min(every, key=lambda reading: (reading.count("\ufffd"), -_commonness(reading)))
    # On a draw the declared encoding, which comes first, stands.
    best = max(readings.values(), key=_commonness)
    if _commonness(best) >= _CHINESE_ENOUGH:
        return best
    told = _foreign(data, _known(declared))
    return told if told is not None else _by_its_script(data) or best


def _mended(data: bytes) -> str | None:
    """UTF-8 that goes on in GBK, or begins so: two files in one. Each line is read by itself, and so is a line's rest.

    ``None`` where hardly anything is UTF-8, or what is not reads as Chinese in no encoding.
    """
    pieces, foreign, han = [], [], 0
    for line in data.splitlines(keepends=True):
        start = line
        rest = b""
        while (text := _strict(start, "utf-8")) is None:
            try:
                start.decode("utf-8")
            except UnicodeDecodeError as error:
                start, rest = line[: error.start], line[error.start :]
        han += sum(character >= "\u0800" for character in text)
        pieces.append(text)
        if rest:
            other = _strict(rest, "gb18030")
            if other is None:
                return None
            foreign.append(other)
            pieces.append(other)
    read = "".join(foreign)
    if han < _FEW or len(read) < _FEW or _commonness(read) < _CHINESE_ENOUGH:
        return None
    return "".join(pieces)


def _by_its_script(data: bytes) -> str | None:
    """An undeclared reading in the encodings of other languages whose commonest characters it is full of."""
    sample = data[:_SAMPLE]
    readings = []
    for name, common in _OTHERS.items():
        text = sample.decode(name, "ignore")
        foreign = [character for character in text if not character.isascii()]
        share = sum(map(common.__contains__, foreign)) / len(foreign) if foreign else 0.0
        readings.append((share, name))
    share, name = max(readings)
    return _strict(data, name) if share >= _FOREIGN_ENOUGH else None


def _foreign(data: bytes, name: str | None) -> str | None:
    """The reading in a declared encoding of other languages, if it may be right: its bytes are read as Chinese too."""
    if name is None or name.startswith(_CHINESE_CODECS):
        return None
    sample = data[:_SAMPLE]
    if name.startswith(_LATIN_CODECS) and sum(byte > 0x7F for byte in sample) > _LATIN_ENOUGH * len(sample):
        return None
    return _strict(data, name)


def declared_encoding(data: bytes) -> str | None:
    """What the XML declaration near the start of ``data`` says, or the ``<meta>`` of a page."""
    start = data[:_PROLOGUE]
    match = _XML_DECLARATION.search(start) or _META_CHARSET.search(start)
    return match[1].decode("ascii") if match else None


def storable(text: str) -> str:
    """``text`` without lone surrogates, which JSON can spell and neither UTF-8 nor a database can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def _known(name: str | None) -> str | None:
    """The codec for a declared name; Chinese ones are read by their largest superset."""
    if not name:
        return None
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return None
    if not known.startswith(_TEXT_CODECS):
        return None
    superset = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs"}
    return superset.get(known, known)


def _utf_16_by_its_zeros(data: bytes) -> str:
    """``"utf-16-le"`` or ``-be`` when every other byte of ASCII is zero, as in no other encoding, else ``""``."""
    sample = data[:_PROLOGUE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 20 < len(sample) or min(even, odd) * 10 > max(even, odd):
        return ""
    return "" if not even and not odd else "utf-16-le" if odd > even else "utf-16-be"


def _is_utf_8_with_holes(text: str) -> bool:
    """Whether ``text``, decoded with replacement, was UTF-8 that was cut inside characters.

    Three bytes in a row are a Han character in UTF-8 and hardly ever by chance in another encoding, of which most
    characters become holes.
    """
    sample = text[-_SAMPLE:]
    holes = sample.count("\ufffd")
    han = sum(character >= "\u0800" for character in sample) - holes
    return han >= 1 and (holes * 4 <= han or (holes == 1 and sample.rstrip().endswith("\ufffd")))


def _euro(error: UnicodeError) -> tuple[str, int]:
    """The byte 0x80, which is the euro in Windows' code page 936 and nothing in GB 18030."""
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80:
        return "€", error.start + 1
    raise error


codecs.register_error("xunwen.euro", _euro)


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name, "xunwen.euro" if name == "gb18030" else "strict")
    except (UnicodeDecodeError, LookupError):
        return None


def _commonness(text: str) -> float:
    sample = text[:_SAMPLE]
    foreign = sum(not character.isascii() for character in sample)
    return sum(character in _COMMON for character in sample) / foreign if foreign else 0.0
