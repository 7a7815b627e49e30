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
_XML_DECLARATION = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
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
)
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


def decode(data: bytes, *, declared: str | None = None) -> str:
    """``data`` as text: by byte order mark, as UTF-8, as ``declared``, or by what reads as Chinese.

    UTF-8 comes before the declaration because nothing else looks like it by chance, and many declarations are wrong.
    Bytes that no encoding explains become U+FFFD; nothing is raised.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data.decode(name, "replace")
    text = _strict(data, "utf-8")
    if text is not None:
        return text
    names = dict.fromkeys(name for name in (_known(declared), "gb18030", "big5hkscs") if name)
    readings = {name: reading for name in names if (reading := _strict(data, name)) is not None}
    if not readings:  # damaged: the reading with the fewest holes
        readings = {name: data.decode(name, "replace") for name in ("utf-8", *names)}
        return min(readings.values(), key=lambda reading: reading.count("\ufffd"))
    # On a draw the declared encoding, which comes first, stands.
    return max(readings.values(), key=_commonness)


def declared_encoding(data: bytes) -> str | None:
    """What the XML declaration at the start of ``data`` says."""
    match = _XML_DECLARATION.match(data[:400])
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


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def _commonness(text: str) -> float:
    sample = text[:_SAMPLE]
    foreign = sum(not character.isascii() for character in sample)
    return sum(character in _COMMON for character in sample) / foreign if foreign else 0.0
