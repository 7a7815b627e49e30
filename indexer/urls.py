"""Rules about addresses: what a browser may follow, whose host it is, and which addresses lead to one article.

``normalise`` says when two spellings are the same address (RFC 3986); ``fold`` goes further and says when two addresses
lead to the same article, whatever a share button or a redirect added to them.
"""

import re
from functools import lru_cache
from string import ascii_letters, digits
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from indexer.redaction import without_secrets

LONGEST_ADDRESS = 8_000
"""Characters that servers and browsers take at least (RFC 9110, 4.1)."""

_BLANKS = re.compile(r"[\x00-\x20\x7f]+")
# What programs write for the address that an item has not.
_PLACEHOLDERS = frozenset(("n/a", "na", "null", "none", "nil", "undefined", "false", "-", "#"))

# Addresses whose folding is remembered: an article's is asked for several times while it is put.
_REMEMBERED = 4_096

_WWW = re.compile(r"^(?:www\.)+")
_UNRESERVED = frozenset(ascii_letters + digits + "-._~")
_ASCII_IN_URLS = "!$%&'()*+,/:;=?@[]~"
_DEFAULT_PORTS = {"http": 80, "https": 443}

# Parameters that tell where a reader came from, never which article is meant.
_TRACKING = re.compile(
    r"utm_\w*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|mc_[ce]id|_ga|_gl|spm|ncid|cmpid|ref_src",
    re.IGNORECASE,
)
# The same of Chinese sites and their share buttons, and of more Western ones. Names that may mean an article somewhere
# (``from``, ``id``, ``code``) stand in ``_TRACKING_PAIR`` with the values that apps give them, or not at all.
_MORE_TRACKING = re.compile(
    r"spm_id_from|from_spmid|vd_source|share_\w+|sharer_\w+|isappinstalled|is_from_webapp|suid|unique_k|bbid|wfr|chksm|"
    r"xsec_(?:token|source)|log_from|wxfid|weibo_id|weixin_\w+|wechatshare|_trans_|scm|spss|hmsr|hmpl|hmcu|hmkw|hmci|"
    r"bd_vid|bdparam|tdsourcetag|sourcefrom|at_(?:medium|campaign|link|format|ptr|bbc)\w*|ocid|xtor|smid|smtyp|yptr|"
    r"guccounter|guce_referrer\w*|cvid|srsltid|gad_source|oly_\w+id|vero_(?:id|conv)|_hs(?:enc|mi)|mkt_tok|wt\.mc_id",
    re.IGNORECASE,
)
_TRACKING_PAIR = re.compile(
    r"(?:from|source|scene|channel)=(?:timeline|singlemessage|groupmessage|weixin|wechat|androidqq|iosqq|qzone|qq|weibo|"
    r"sinaweibo|rss|feed|search|share|copylink|app|message)",
    re.IGNORECASE,
)
# Fragments that name no item: what WeChat and Western trackers append, and places that every page has.
_IDLE_FRAGMENT = re.compile(
    r"(?:rd|wechat_redirect|wechat_webview_type=.*|top|main|content|comments?|respond|more-\d+|disqus_thread|reply|"
    r"(?:xtor|ref|ftag|utm_\w+|at_\w+|comp|from|spm)=.*|:~:.*)",
    re.IGNORECASE,
)


_USER = re.compile(r"^([a-z][a-z0-9+.-]*://)[^/?#]*@", re.IGNORECASE)


class _Site(NamedTuple):
    """Pages of a site whose address is host, path and the parameters that are needed or kept; others lead there."""

    host: str
    path: re.Pattern[str]
    needs: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()


_SITES = (
    _Site("mp.weixin.qq.com", re.compile(r"/s"), ("__biz", "mid", "idx"), ("sn",)),
    _Site("mp.weixin.qq.com", re.compile(r"/s/[\w-]+")),
    _Site("bilibili.com", re.compile(r"/(?:video|read|opus|dynamic|audio)/\w+"), (), ("p",)),
    _Site("weibo.com", re.compile(r"/\d+/\w+")),
    _Site("m.weibo.cn", re.compile(r"/(?:status|detail)/\w+")),
    _Site("weibo.com", re.compile(r"/ttarticle/p/show"), ("id",)),
    _Site("zhihu.com", re.compile(r"/(?:question/\d+(?:/answer/\d+)?|answer/\d+|p/\d+|pin/\d+|zvideo/\d+)")),
    _Site("qq.com", re.compile(r"/(?:rain/)?a/\w+|/(?:omn/)?(?:\d{8}/)?\w+\.html")),
    _Site("toutiao.com", re.compile(r"/(?:article/|a|i|w/|w/a|group/)\d+")),
    _Site("sohu.com", re.compile(r"/a/\d+_\d+")),
    _Site("163.com", re.compile(r"/(?:dy/|news/)?article/\w+\.html|/\d\d/\d{4}/\d\d/\w+\.html")),
    _Site("thepaper.cn", re.compile(r"/newsDetail_forward_\d+")),
    _Site("baijiahao.baidu.com", re.compile(r"/s"), ("id",)),
    _Site("xiaohongshu.com", re.compile(r"/(?:explore|discovery/item)/\w+")),
    _Site("douyin.com", re.compile(r"/(?:video|note)/\d+")),
    _Site("36kr.com", re.compile(r"/(?:p|newsflashes)/\d+")),
    _Site("youtube.com", re.compile(r"/watch"), ("v",)),
)


def web_address(raw: str, base: str = "") -> str:
    """``raw`` as an absolute http or https address, against ``base`` where it is relative, else ``""``.

    What is secret in ``base``, the password of a feed or its token, does not get into other addresses. Other schemes
    (``javascript:``, ``data:``) are dropped here, so that no page ever links to them, and so is what stands for "no
    address" (``N/A``).
    """
    raw = _BLANKS.sub("", raw)
    if not raw or raw.lower() in _PLACEHOLDERS:
        return ""
    try:
        address = urljoin(_without_secrets(base), raw) if base else raw
        parts = urlsplit(address)
        return address if parts.scheme.lower() in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def public(url: str) -> str:
    """An address without the user and the password before its host: their owner's, or a disguise of where it leads."""
    return _USER.sub(r"\1", url)


@lru_cache(maxsize=_REMEMBERED)
def _without_secrets(url: str) -> str:
    address = public(url)
    return address if without_secrets(address) == address else address.partition("?")[0]


def host_of(url: str) -> str:
    """The host of an address in lower case, without the root's dot, or ``""``."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def site_of(url: str) -> str:
    """The host of an address without ``www.``, as people call a site, or ``""``."""
    return host_of(url).removeprefix("www.")


@lru_cache(maxsize=_REMEMBERED)
def normalise(url: str) -> str:
    """One spelling for the addresses that are the same, or ``""`` for one that identifies nothing.

    RFC 3986, section 6.2: lower-case scheme and host, no default port, percent-encoding only where it is needed and in
    upper case. Beyond the RFC: ``http`` is read as ``https``, tracking parameters are dropped, the others keep their
    order, and so are fragments, except those by which some sites address pages (``#!/news/1``). A site's front page
    identifies nothing: feeds without addresses of their own give it to every item.

    The ids of articles are made of this, so it stays as it is; what is learned later belongs into ``fold``.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return url
    if not host:
        return url
    if ":" in host:
        host = f"[{host}]"
    scheme = "https" if parts.scheme in ("http", "") else parts.scheme
    if port is not None and port != _DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    if parts.username is not None:
        host = f"{parts.netloc.rpartition('@')[0]}@{host}"
    query = "&".join(
        _normalise_escapes(pair)
        for pair in parts.query.split("&")
        if pair and not _TRACKING.fullmatch(pair.partition("=")[0])
    )
    path = _normalise_escapes(parts.path) or "/"
    fragment = _normalise_escapes(parts.fragment) if parts.fragment.startswith(("!", "/")) else ""
    if path == "/" and not query and not fragment:
        return ""
    return f"{scheme}://{host}{path}{query and '?' + query}{fragment and '#' + fragment}"


@lru_cache(maxsize=_REMEMBERED)
def fold(url: str) -> str:
    """One address for all that lead to the same article, or ``""`` for one that identifies nothing.

    ``normalise``, and further: international names in ASCII, no ``www.``, no slash at the end of the path, no
    parameters of share buttons; of the sites in ``_SITES`` only what addresses an article.
    """
    parts = _split(normalise(url))
    if parts is None or not parts.hostname:
        return normalise(url)
    host = _WWW.sub("", _in_ascii(parts.netloc))
    path = parts.path.rstrip("/") or "/"
    query = _article_query(host, path, parts.query)
    if path == "/" and not query and not parts.fragment:
        return ""
    return f"{parts.scheme}://{host}{path}{query and '?' + query}{parts.fragment and '#' + parts.fragment}"


def _in_ascii(authority: str) -> str:
    """An authority with its host in the letters of the name system (``烫.top`` is ``xn--6nq.top``), if it can be."""
    if authority.isascii():
        return authority
    user, at, rest = authority.rpartition("@")
    host, colon, port = rest.partition(":")
    try:
        return f"{user}{at}{host.encode('idna').decode('ascii')}{colon}{port}"
    except UnicodeError:
        return authority


def place(folded: str) -> str:
    """Host and path of a folded address with parameters, else ``""``: what stays when a token in them changes."""
    address, mark, _ = folded.partition("?")
    return address if mark else ""


def fragment_of(url: str) -> str:
    """The fragment that may tell an item from others on its page, or ``""``."""
    fragment = url.partition("#")[2].strip()
    return "" if fragment.startswith(("!", "/")) or _IDLE_FRAGMENT.fullmatch(fragment) else fragment


def _article_query(host: str, path: str, query: str) -> str:
    pairs = [
        pair
        for pair in query.split("&")
        if pair and not _MORE_TRACKING.fullmatch(pair.partition("=")[0]) and not _TRACKING_PAIR.fullmatch(pair)
    ]
    for site in _SITES:
        if (host == site.host or host.endswith("." + site.host)) and site.path.fullmatch(path):
            given = {pair.partition("=")[0]: pair.replace("%3D", "=") for pair in pairs}
            if given.keys() >= set(site.needs):
                return "&".join(given[name] for name in site.needs + site.keeps if name in given)
    return "&".join(pairs)


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


_NO_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
# Those alone that are written otherwise: of unreserved characters, and in small letters.
_CHANGED_ESCAPE = re.compile("%(2[DE]|3[0-9]|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE]|[0-9A-Fa-f][a-f]|[a-f][0-9A-Fa-f])")


def _normalise_escapes(part: str) -> str:
    if "%" in part:
        part = _CHANGED_ESCAPE.sub(_normalise_escape, _NO_ESCAPE.sub("%25", part))
    return quote(part, safe=_ASCII_IN_URLS, errors="replace")


def _normalise_escape(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()
