"""Made-up reports, edited copies of them, and forms that are filled in every day."""

from datetime import UTC, datetime, timedelta

from indexer.article import Article

START = datetime(2024, 5, 1, 8, tzinfo=UTC)

FLOOD = (
    "江城连日暴雨，汉水水位昨夜超过警戒线一米二。市水务局说，沿江三个区已经转移居民四千余人，暂时没有伤亡报告。\n"
    "局长陆望舒在记者会上表示，上游水库会在今晚减少泄洪，但是未来两天仍有大雨，市民不要靠近堤岸。\n"
    "铁路部门取消了十二趟列车，机场运作正常。气象台预计雨带将在周五向东移动，届时水位才会开始回落。\n"
    "城南的老住户说，上一次见到这样大的水，是在二十六年以前。志愿者正在小学里搭起床铺，分发饮水和面包。"
)
FLOOD_ELSEWHERE = (
    "漢水水位超過警戒線一米二，江城連日暴雨。水務局表示，沿江三個區轉移了四千餘名居民，沒有傷亡報告。\n"
    "局長陸望舒在記者會上說，上游水庫會在今晚減少洩洪，但未來兩天仍有大雨，市民請勿靠近堤岸。\n"
    "鐵路部門取消了十二趟列車，機場運作正常。氣象台預計雨帶將在週五向東移動，屆時水位才會開始回落。"
)
FLOOD_IN_OTHER_WORDS = (
    "江城遭遇罕见洪水。汉水水位越过警戒线，水务局连夜组织沿江居民转移，学校停课，部分列车取消。\n"
    "水务局负责人陆望舒呼吁大家远离江边。专家认为，城市扩张占用了湖泊，排水能力跟不上，才让暴雨变成洪灾。"
)
ELECTION = (
    "海州举行市长选举，现任市长温以宁以百分之五十三的得票率连任。对手祝贺她获胜，并承认失败。\n"
    "温以宁对支持者说，未来四年会把住房放在首位，兴建八千套公共住房。投票率是六成一，为十年来最高。\n"
    "选举委员会称投票过程平稳，只有两个投票站因为停电延长了一小时。新一届议会将在下月宣誓就职。"
)


def fixing(day: int) -> str:
    """A form that is filled in every day."""
    return (
        f"海州交易所5月{day}日公布的基准价为{6800 + day * 17}元，"
        f"较前一日{'上涨' if day % 2 else '下跌'}{day * 3 % 11}元。\n"
        f"当日成交{40 + day * 7 % 23}万手，持仓{300 + day * 13 % 57}万手；一年期合约报{7000 + day * 29 % 83}元，"
        f"半年期合约报{6900 + day * 31 % 97}元。交易所提醒投资者注意风险，理性参与交易，数据仅供参考。"
    )


def article(number: int, title: str, text: str, *, hours: float = 0, source: str = "江城日报") -> Article:
    return Article(
        id=f"{number:016x}",
        url=f"https://paper{number % 7}.example/{number}",
        title=title,
        text=text,
        source=source,
        published=START + timedelta(hours=hours),
        discovered=START,
        language="zh-Hans",
    )
