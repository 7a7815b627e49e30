"""What stands around an article: each rule with what it takes, and with what it leaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extraction.furniture import RULES
from indexer.extraction.parting import part_markup, part_text

BODY = [
    "河湾大桥今晨通车，两岸居民排队步行过桥。",
    "市长说，这座桥等了二十年，造价比预算少一成。",
    "渡轮公司表示，末班船仍照常开行到年底。",
    "桥头的老茶馆也重新开门，第一天就坐满了人。",
    "交警提醒，早高峰请绕行北岸的滨江路。",
]

ABOVE = [
    ("date", "2020-09-16 07:24:14"),
    ("date", "更新时间：2020年9月16日 07:24"),
    ("byline", "作者：露絲·英格拉姆（Ruth Ingram）"),
    ("byline", "文｜王五"),
    ("byline", "寒江記者 鄧小雨"),
    ("byline", "By STEVEN MYERS and Ana Swan"),
    ("byline", "李小鱼 综合报导"),
    ("byline", "王小鱼、李五报道"),
    ("byline", "首发 ：江湾说 文 ： 小鱼"),
    ("byline", "作者 王小鱼"),
    ("byline", "原创 何小鱼 小鱼说"),
    ("title", "原标题：“大桥通车”纪实"),
    ("about the article", "本文转载自公众号“江湾说”"),
    ("note on changes", "（新增更多细节和评论）"),
    ("credits", "制作：王小鱼、李五"),
    ("labels", "来源：江湾日报　作者：王小鱼　时间：2024-01-05 08:00"),
    ("labels", "发布时间：2024年1月5日 | 来源：江湾网 | 浏览次数：123"),
    ("title", "主题：旧厂房里的夜校开课了"),
    ("byline", "By 王小鱼"),
    ("byline", "江湾報 記者王小鱼／臺南即時報導"),
    ("byline", "2021-03-03 09:00 江湾日報／ 記者 王小鱼 ／臺南報導"),
    ("byline", "生活中心／王小鱼報導"),
    ("byline", "原创 王小鱼 江湾发布 2021-03-03"),
    ("byline", "本文作者：王小鱼，题图来自：视觉江湾"),
    ("byline", "本文来自微信公众号：江湾观察（ID：jiangwan），作者：王小鱼，头图来自：视觉江湾"),
    ("labels", "来源：江湾日报 作者：王小鱼 2021-03-03 09:00"),
    ("date", "更改时间： 03/03/2021 - 10:00"),
    ("image credit", "图像来源，Getty Images"),
    ("image credit", "图像来源: Jane Doe/picture alliance"),
    ("buttons", "电邮"),
    ("buttons", "在 Facebook 上分享"),
    ("contact", "wang@jiangwan.example"),
    ("byline", "作者│王小鱼"),
    ("byline", "江湾社駐河灣特派員王小鱼／9月20日"),
    ("byline", "江湾时报记者王小鱼 李五"),
    ("byline", "采写 江湾社北岸部；撰写 王小鱼"),
    ("series", "大桥收费專題18"),
    ("series", "专题系列：河湾的桥从何而来？（五）"),
    ("navigation", "当前位置：首页 > 要闻 > 正文"),
    ("navigation", "首页 > 要闻 > 大桥"),
    ("subscription", "点击上方蓝字关注我们"),
    ("subscription", "▲长按识别二维码，加入江湾读者群"),
]
BELOW = [
    ("byline", "江湾日报记者 鄧小雨"),
    ("byline", "张平/ 达扬 （德新社）"),
    ("byline", "张平/（德新社，法新社）"),
    ("byline", "撰文：王五"),
    ("credits", "记者：高锋  责编：胡力 许书  网编：瑞哲"),
    ("credits", "江湾电台记者蔡凌巴黎报导 责编：嘉远  网编：瑞哲"),
    ("credits", "责任编辑：周仪谦#"),
    ("credits", "编译 李军；审校 母红"),
    ("credits", "翻译：Harry Wong、晋其角"),
    ("image credit", "图片来源：视觉江湾"),
    ("image credit", "Stephen Lam/Getty Images"),
    ("copyright", "© 2020年江湾之声版权声明：本文所有内容受到著作权法保护。"),
    ("print edition", 'This article appeared in the China section of the print edition under the headline "Go"'),
    ("buttons", "点击查看本文英文版。"),
    ("buttons", "看更多"),
    ("embedded post", "Rock (@rock) 分享的貼文 於 PDT 2020 年 9月 2 日 張貼"),
    ("embedded post", "— Ana (@ana) October 2, 2020"),
    ("rule of symbols", "=========="),
    ("subscription", "感谢阅读今天的简报，新读者请点击此处订阅。欢迎在Twitter上关注我们。"),
    ("subscription", "Sign up to our weekly newsletter, Checks and Balance"),
    ("subscription", "欢迎在推特上追踪本台 @jiangwan"),
    ("subscription", "歡迎來函指教。"),
    ("about the article", "本文最初发表于2020年8月24日。"),
    ("about the article", "（本文依据了路透社的报道。）"),
    ("about the article", "Amber Wang自北京对本文有研究贡献。"),
    ("end", "—END—"),
    ("image credit", "资料来源：江湾图书馆"),
    ("about the author", "王大文是《江湾日报》首席记者，他住在河湾。"),
    ("disclaimer", "摘编自其他媒体的内容，不代表江湾之声的立场或观点"),
    ("disclaimer", "文中评论及分析仅代表作者或专家个人立场。"),
    ("programme", "江湾夜话节目每星期一晚上九点播出，欢迎按时收看。"),
    ("programme", "江湾夜话本集全部内容请看：大桥为何晚了二十年"),
    ("link", "直播网址：https://video.example.org/live"),
    ("contact", "投稿请寄信箱 letters@jiangwan.example.org"),
    ("footer of a feed", "获取更多RSS：\nhttps://feed.example"),
    ("byline", "王小鱼（实习记者）"),
    ("byline", "王小鱼 2020.10.13"),
    ("byline", "王小鱼"),
    (
        "byline",
        "（本报记者" + "、".join(["王小鱼", "李五", "陈六", "刘七", "周八", "吴九", "郑十", "孙一", "马二"]) + "）",
    ),
    ("credits", "发稿 王小鱼；审校 李五"),
    ("credits", "影片制作：王小鱼，李五"),
    ("about the article", "（此文部分内容来自美联社）"),
    ("about the article", "（本报道消息来源来自路透社）"),
    ("about the article", "（转自：江湾电台）"),
    ("about the article", "转自江湾电台"),
    ("about the article", "*王小鱼及李五（Li Wu）参与报道"),
    ("about the author", "（作者为江湾大学（北岸）教授）"),
    ("about the author", "（记者是《江湾日报》河湾特派员）"),
    ("image credit", "ILLUSTRATIONS: WANG XIAOYU"),
    ("image credit", "王 鹰摄（江湾影像）"),
    ("image credit", "江湾社记者 王小鱼摄"),
    ("image credit", "封面来源｜IC photo"),
    ("image credit", "RECIPE ILLUSTRATION: WANG XIAOYU"),
    ("credits", "排版 | GINNY"),
    ("about the article", "Wang Xiaoyu自河湾报道，Li Wu自北岸报道。S.M. Chen自江湾对本文有报道贡献。"),
    ("links", "延伸阅读：大桥为何晚了二十年"),
    ("print edition", "《江湾日报》（2026年04月27日 第 07 版）"),
    ("print edition", "本报记者 王小鱼《江湾日报》（2026年05月10日 第 01 版）"),
    ("link", "更多图表：\nbrdg.example/3j3BDPa"),
    ("programme", "更多内容，详见《大桥年鉴》，点击下载。"),
    ("subscription", "欢迎在评论区分享你的看法~"),
    ("buttons", "点击参与"),
    ("buttons", "点击查看本文中文版。"),
    ("buttons", "详情请阅全文。"),
    ("buttons", "【大桥更新12·19】请点击这里。"),
    ("credits", "本期编辑 王小鱼"),
    ("buttons", "查看原文"),
    ("buttons", "点击视频收看大桥的视频报道"),
    ("link", "浏览公告原文，点选江湾网站：here"),
    ("link", "参看详情，请点选：here"),
    ("link", "更多细节，请点选江湾图书馆网站(www.library.example)"),
    ("image credit", "所有照片由王小鱼（Wang Xiaoyu）拍摄"),
    ("embedded post", "结尾 YouTube 帖子, 1"),
    ("links", "详情可见：【内幕】大桥为何晚了二十年"),
    ("about the article", "本文节选自江湾书讯。"),
    ("about the article", "Wang Xiaoyu对本文有报道贡献。Li Wu和Chen Liu对本文有研究贡献。"),
    ("about the author", "（作者单位：江湾大学桥梁学院）"),
    ("disclaimer", "本文内容仅代表作者看法。"),
    ("byline", "文/图 王小鱼"),
    ("about the article", "（应采访对象要求，文中人名均为化名）"),
    ("markup", '<img src="data:image/gif;base64,AAAA" alt="大桥"/>'),
    ("embedded post", "Embed from Getty Images"),
    ("buttons", "分享到：微信 微博 QQ空间"),
    ("buttons", "阅读全文 >>"),
    ("buttons", "上一篇：老桥的故事"),
    ("buttons", "下一篇"),
    ("buttons", "點我看更多新聞"),
    ("buttons", "举报/反馈"),
    ("buttons", "打开江湾新闻 查看精彩图片"),
    ("links", "★延伸閱讀：老街夜市重新開張"),
    ("subscription", "下載江湾日報APP 掌握最新新聞"),
    ("subscription", "加入江湾日報LINE好友，新聞不漏接"),
    ("disclaimer", "※ 珍惜生命，若您或身邊的人有困擾，可撥打安心專線1925。"),
    ("disclaimer", "★江湾日報提醒您：喝酒不開車，飲酒過量有害健康。"),
    ("disclaimer", "特别声明：以上内容为自媒体平台“江湾号”用户上传并发布，本平台仅提供信息存储服务。"),
    ("programme", "海量资讯、精准解读，尽在江湾财经APP"),
    ("byline", "Reporting by Wang Xiaoyu; Editing by Li Wu"),
    ("about the article", "Our Standards: The Riverbend Trust Principles."),
    ("buttons", "发表评论"),
    ("buttons", "您是本文第 154 个阅览者"),
    ("buttons", "(本文发表于首页, 已被阅读178次)"),
    ("buttons", "页: [1]"),
    ("copyright", "江湾日报网 江ICP备00000000号-1 经营许可证编号：江B-2-4-20030004"),
    ("copyright", "Powered by Discuz! Archiver 5.0.0"),
    ("image credit", "（文中图片来源于网络）"),
    ("image credit", "（题图设计：Wang Xiaoyu、Li Wu）"),
    ("credits", "责任编辑："),
    ("credits", "剪辑：王小鱼"),
    ("credits", "摄像与剪辑： Wang Xiaoyu"),
    ("credits", "拍摄 / 剪辑：王小鱼·劳伦斯（Xiaoyu Lawrence）"),
    ("credits", "Source: The Riverbend"),
    ("credits", "Additional images: Wang Xiaoyu, Getty, Reuters"),
    ("end", "（待续）"),
    ("byline", "王小鱼综合报道"),
    ("byline", "江湾编辑部"),
    ("byline", "张平/苗子（江湾广播）"),
    ("about the article", "（以上报道包括了江湾社的内容）"),
    ("about the article", "（本报道源自江湾之声北岸组。）"),
    ("about the article", "（转江湾电视台）"),
    ("about the article", "综合自： 江湾周刊、知乎、网络推文等"),
    ("programme", "江湾台《大桥看点》制作组"),
    ("programme", "【江湾点评】节目组"),
    ("programme", "10月12日大桥大家谈完整版"),
    ("programme", "本期大桥大家谈完整版：大桥为何晚了二十年"),
    ("programme", "感谢您的收看，再会。"),
    ("programme", "我们下次再会。"),
    ("subscription", "长按二维码关注我们，获取更多资讯"),
    ("subscription", "下载江湾日报客户端，随时阅读新闻"),
    ("subscription", "喜欢本文请点赞、在看、转发三连！"),
    ("disclaimer", "*江湾独家稿件，转载请注明出处。"),
    ("disclaimer", "违者本网将依法追究法律责任。"),
    ("disclaimer", "此文内容为企业供稿，仅供参考"),
    ("buttons", "分享让更多人看到"),
    ("credits", "二审 王小鱼"),
    ("contact", "版权侵权联系电话：010-00000000"),
    ("contact", "读者热线：021-00000000"),
    ("contact", "商务合作微信：jiangwan-news"),
    ("link", "JIANGWAN.COM"),
]
BEFORE = [
    ("dateline", "（江湾社記者吳家豪台北16日電）"),
    ("dateline", "【江湾时报2020年10月02日讯】"),
    ("dateline", "（法新社伦敦23日电） "),
    ("dateline", "（德国之声中文网）"),
    ("dateline", "路透法兰克福10月29日 - "),
    ("dateline", "新华社北京10月29日电 "),
    ("dateline", "本报讯（记者 李四）"),
    ("dateline", "BEIJING (Reuters) - "),
    ("dateline", "江湾网消息（晚间新闻）："),
    ("dateline", "江湾社河湾3月3日电（记者王小鱼、李五）"),
    ("dateline", "江湾社河湾3月3日电 (王小鱼)"),
    ("dateline", "江湾新闻网讯（记者 王小鱼 通讯员 李五）"),
    ("dateline", "江湾网（江湾日报网）讯（通讯员 王小鱼）"),
    ("dateline", "江湾日报客户端讯 "),
    ("dateline", "〔記者王小鱼／臺南報導〕"),
    ("dateline", "江湾报快讯（记者 李玉）"),
    ("dateline", "江湾广网河湾8月3日消息（记者李舜）"),
]
BEHIND = [
    ("credits", "（編輯：周慧盈）1090824"),
    ("buttons", "（看完整報導）"),
    ("credits", "（譯者：陳昱婷/核稿：陳政一）1090908"),
    ("end", "(完)"),
    ("end", "■"),
    ("byline", "（记者 李四）"),
    ("credits", "（實習編譯：陳昱婷/核稿：陳政一）1090908"),
    ("dateline", "（本报河湾7月19日电）"),
    ("about the article", "（根据路透社报道）"),
    ("source", "（江湾财经）"),
    ("credits", "江湾社（翻译）"),
    ("credits", "（編輯；周慧盈）"),
    ("buttons", "查看全文"),
    ("embedded post", " pic.twitter.com/Abc123xyz"),
    ("code", "[nL4S2GW2FN]"),
    ("buttons", "返回江湾，查看更多责任编辑："),
    ("buttons", "分享让更多人看到"),
    ("credits", " 【编辑:王小鱼】"),
    ("credits", " [ 责编：王小鱼 ]"),
    ("credits", "编辑 王小鱼校对 李五"),
    ("programme", "更多精彩内容请进入大桥频道"),
    ("source", "来源：江湾新闻"),
    ("source", "来源：江湾新闻 记者 王小鱼"),
    ("image credit", "（图片由江湾交警提供）"),
    ("image credit", "（通讯员供图）"),
    ("print edition", "《 江湾日报 》（ 2023年08月17日 11 版）"),
    ("byline", "江湾晚报/北岸新闻记者 王小鱼"),
    ("byline", "（王小鱼 李五）"),
    ("byline", "（通讯员：王小鱼 李五）"),
    ("disclaimer", "本文属于原创文章，如若转载，请注明来源：大桥通车https://bridge.example/827.html"),
    ("disclaimer", "本文为数据整理，不对您构成任何投资建议，投资有风险，请谨慎决策。"),
    ("disclaimer", "广告声明：文内含有的对外跳转链接，结果仅供参考，江湾之家所有文章均包含本声明。"),
]


@pytest.mark.parametrize(("rule", "line"), ABOVE)
def test_lines_above_the_article_are_not_its_text(rule, line):
    parted = part_text("\n".join([line, *BODY]))
    assert parted.text.split("\n") == BODY
    assert [(part.text, part.rule) for part in parted.parts if part.kind == "furniture"] == [(line, rule)]


@pytest.mark.parametrize(("rule", "line"), BELOW)
def test_lines_below_the_article_are_not_its_text(rule, line):
    parted = part_text("\n".join([*BODY, line]))
    assert parted.text.split("\n") == BODY
    assert {part.rule for part in parted.parts if part.kind == "furniture"} == {rule}


@pytest.mark.parametrize(("rule", "piece"), BEFORE)
def test_what_stands_before_the_first_words_is_not_the_text(rule, piece):
    parted = part_text("\n".join([piece + BODY[0], *BODY[1:]]))
    assert parted.text.split("\n") == BODY
    assert [part.rule for part in parted.parts if part.kind == "furniture"] == [rule]


@pytest.mark.parametrize(("rule", "piece"), BEHIND)
def test_what_stands_behind_the_last_words_is_not_the_text(rule, piece):
    parted = part_text("\n".join([*BODY[:-1], BODY[-1] + piece]))
    assert parted.text.split("\n") == BODY
    assert [part.rule for part in parted.parts if part.kind == "furniture"] == [rule]


def test_every_rule_of_wording_has_an_example():
    assert {rule.name for rule in RULES} <= {name for name, _ in ABOVE + BELOW + BEFORE + BEHIND}


@pytest.mark.parametrize(
    "line",
    [
        "记者：您还会再去吗？",
        "他告诉记者，来源不明的药不要吃。",
        "这不代表疫情结束，市长说。",
        "委员会邀请各方关注推特上的传言，并公布了调查的结果。",
        "有记者问起时，编辑部没有回答。",
        "《江湾日报》昨天报道，记者苏永与当地人来往密切，并指他是总统的旧识。",
        "分享会上，老师说要把这些故事讲给孩子听。",
        "图书馆从下周起延长开放时间。",
        "据江湾网消息：大桥下周起收费。",
        "延伸阅读的空间，也是他们想要的。",
        "他说这些照片都是他父亲拍摄",
        "[1] 王小鱼：《大桥志》，https://books.example/bridge",
        "北京 2020年10月13日",
        "下载江湾日报客户端的读者，昨天超过了十万。",
        "打开微信搜索江湾水务公众号，就能查看停水时间",
        "扫码关注公众号即可预约参观大桥",
        "记者直播间",
        "她说下次再会时，桥一定通了。",
        "他请大家点赞，也请大家分享，“让更多人看到这座桥”。",
        "资金来源：市财政补助六成，镇里自筹四成。",
        "上一篇论文里，他算错了桥的重量。",
        "欢迎来电，他在传单上写道，落款是“一个老街坊”，电话每天响个不停。",
        "加入好友群的居民已有三千人，群主每天更新停水时间。",
        "更多精彩的节目将在周末上演，票价二十元，老人免费。",
        "举报电话一天接到三百个反馈，市里随即派人调查。",
        "（停水六小时）",
        "◎ 北岸的老船工年轻时落下腿疾；1995年换了新桥以后，他每天走过河来喝茶。",
        "这段视频一天之内被点击300次。",
        "公司三年前申请了许可证，编号却一直没有公布。",
        "法院认为，网站未经授权转载三百篇文章，侵犯了报社的版权，应当赔偿九万元。",
        "未经许可，任何人不得进入桥塔。",
        "他说，声明里的数字仅供参考。",
        "大桥的照片由他提供（他不愿具名）。",
        "新桥的名字还没有定（江苏）",
    ],
)
@pytest.mark.parametrize("place", [0, 2, 5])
def test_sentences_that_only_sound_like_it_are_kept(line, place):
    lines = [*BODY[:place], line, *BODY[place:]]
    assert part_text("\n".join(lines)).text.split("\n") == lines


def test_datelines_within_a_bulletin_are_not_its_text_and_name_authors():
    lines = [*BODY[:2], f"（江湾社記者吳家豪台北9日電）{BODY[2]}", f"（江湾社台北4日電）{BODY[3]}", BODY[4]]
    parted = part_text("\n".join(lines))
    assert (parted.text.split("\n"), parted.authors) == (BODY, ("吳家豪",))


def test_a_short_sentence_before_credits_is_kept():
    lines = [*BODY, "市長否認收費。（譯者：鄭詩韻/核稿：盧映孜）1091009"]
    assert part_text("\n".join(lines)).text.split("\n") == [*BODY, "市長否認收費。"]


def test_a_programme_in_a_dateline_is_no_author():
    parted = part_text("\n".join([f"江湾网消息（江湾联播）：{BODY[0]}", *BODY[1:]]))
    assert (parted.text.split("\n"), parted.authors) == (BODY, ())


def test_a_kicker_before_a_dateline_is_not_the_text():
    parted = part_text("\n".join([f"大桥收费（江湾社記者江明晏台北14日電）{BODY[0]}", *BODY[1:]]))
    assert (parted.text.split("\n"), parted.authors) == (BODY, ("江明晏",))


def test_a_long_list_of_channels_is_not_the_text_and_a_list_of_addresses_stays():
    channels = [f"江湾{number}台：https://video.example/{number}" for number in range(12)]
    assert part_text("\n".join([*BODY * 4, *channels])).text.split("\n") == BODY * 4
    addresses = part_text("\n".join([BODY[0], *channels])).text.split("\n")
    assert addresses == [BODY[0], *channels[:4]]


def test_what_stands_above_the_line_of_the_printed_edition_are_headlines():
    title, printed = "老桥新用", "李五《江湾日报》（2026年04月27日 第 07 版）"
    parted = part_text("\n".join(["河湾两岸——", title, "一座桥的二十年", printed, *BODY]), title=title)
    assert parted.text.split("\n") == BODY
    assert parted.authors == ("李五",)


def test_what_alone_stands_above_the_line_of_the_printed_edition_is_the_text():
    printed = "《江湾日报》（2026年04月27日 第 07 版）"
    parted = part_text("\n".join(["图片报道", "市民昨晚在新桥上散步", printed]), title="图片报道")
    assert (parted.text, parted.furniture.split("\n")) == ("市民昨晚在新桥上散步", ["图片报道", printed])


def test_a_byline_beside_other_credits_is_known_wherever_they_stand():
    lines = [*BODY, "文 | 王小鱼、 李五", "编辑 | 陈六", *BODY, *BODY]
    parted = part_text("\n".join(lines))
    assert parted.text.split("\n") == BODY * 3
    assert parted.authors == ("王小鱼", "李五")


def test_a_byline_below_a_picture_is_no_caption():
    parted = part_markup(
        "<img src=a.jpg><p>【文／特约记者王小鱼；摄／Li Wu】</p>" + "".join(f"<p>{line}</p>" for line in BODY)
    )
    assert (parted.text.split("\n"), parted.captions, parted.authors) == (BODY, "", ("王小鱼",))


def test_a_day_below_a_paragraph_heads_a_part_of_the_article():
    lines = [BODY[0], "2020年6月24日", *BODY[1:]]
    assert part_text("\n".join(lines)).text.split("\n") == lines


def test_the_heading_of_a_list_of_other_stories_goes_with_it():
    lines = [*(f"<p>{line}</p>" for line in BODY), "<p>大桥更多报道：</p>"]
    lines += [f'<p><a href="/{number}">大桥的第{number}个故事</a></p>' for number in range(1, 4)]
    assert part_markup("".join(lines)).text.split("\n") == BODY


def test_a_linked_headline_between_paragraphs_leads_to_another_story():
    lines = [f"<p>{line}</p>" for line in BODY]
    link = "<p><a href='/1'>河湾大桥：等了二十年的桥为何终于通车</a></p>"
    assert part_markup("".join([lines[0], link, *lines[1:]])).text.split("\n") == BODY
    assert part_markup("".join([*lines, link])).text.split("\n") == BODY


def test_linked_headlines_of_a_digest_and_linked_headings_are_its_text():
    link = "<p><a href='/{}'>河湾大桥的第{}个故事是怎么开始的</a></p>"
    digest = "".join(f"{link.format(n, n)}<p>{line}</p>" for n, line in enumerate(BODY))
    assert len(part_markup(digest).text.split("\n")) == 2 * len(BODY)
    heading = "<h2><a href='#1'>河湾大桥的故事是怎么开始的</a></h2>"
    prose = "".join(f"<p>{line}</p>" for line in BODY)
    assert "怎么开始" in part_markup(f"{prose}{heading}{prose}").text


def test_an_address_that_is_a_whole_line_is_no_text():
    lines = [BODY[0], '<a href="https://b.example/1">brdg.example/3j3BDPa</a>', *BODY[1:]]
    assert part_markup("".join(f"<p>{line}</p>" for line in lines)).text.split("\n") == BODY


def test_a_photographer_is_no_author():
    assert part_text("\n".join(["江湾社记者 王小鱼摄", *BODY])).authors == ()


def test_a_list_of_references_is_kept_whole():
    lines = [
        *BODY,
        "参考文献",
        "[1] 王小鱼：大桥志",
        "https://books.example/1",
        "[2] 李五：河湾志",
        "https://books.example/2",
    ]
    assert part_text("\n".join(lines)).text.split("\n") == lines


def test_the_gallery_of_another_story_goes_and_the_article_goes_on():
    page = (
        f"<p>{BODY[0]}</p><h3>相关图集：各地的桥</h3>"
        "<div><img src=a.jpg><b>石桥</b>：它有三百年了。</div><div><img src=b.jpg><b>木桥</b>：每年修一次。</div>"
        f"<p>{BODY[1]}</p>"
    )
    parted = part_markup(page)
    assert parted.text == f"{BODY[0]}\n{BODY[1]}"
    assert parted.furniture == "相关图集：各地的桥\n石桥：它有三百年了。\n木桥：每年修一次。"


def test_a_post_of_nothing_but_a_gallery_keeps_it():
    page = "<h3>图集：各地的桥</h3><div><img src=a.jpg><b>石桥</b>：它有三百年了。</div>"
    assert part_markup(page).text == "图集：各地的桥\n石桥：它有三百年了。"


def test_a_list_of_other_stories_is_furniture():
    page = f"<p>{BODY[0]}</p><div>延伸阅读</div><a href=/1>老桥的故事</a>"
    assert (part_markup(page).text, part_markup(page).furniture) == (BODY[0], "延伸阅读\n老桥的故事")


def test_an_article_is_never_emptied():
    assert part_text("记者 张三 报道").text == "记者 张三 报道"


@given(
    st.lists(st.sampled_from([line for _, line in ABOVE]), max_size=2),
    st.lists(st.sampled_from([line for _, line in BELOW]), max_size=5),
)
def test_parting_the_body_again_changes_nothing(above, below):
    once = part_text("\n".join([*above, *BODY, *below])).text
    assert set(BODY) <= set(once.split("\n"))
    assert part_text(once).text == once


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_nothing_is_lost_whatever_the_text(text):
    parted = part_text(text)
    together = "".join("".join(part.text.split()) for part in parted.parts)
    plain = "".join("".join(part.text.split()) for part in part_text("\n".join(p.text for p in parted.parts)).parts)
    assert together == plain


@pytest.mark.parametrize("line", ["请" * 400, "编辑：" * 100, "（记者" * 60, "a/" * 200, "不代表" * 120, "关注，" * 99])
def test_lines_made_to_keep_a_rule_busy_are_read_at_once(line):
    part_text("\n".join([line] * 40))


@given(
    st.lists(st.sampled_from([line for _, line in ABOVE + BELOW if "\n" not in line]), min_size=1, max_size=8),
    st.lists(st.sampled_from(BODY), max_size=2),
)
def test_an_article_of_nothing_but_such_lines_has_a_text_all_the_same(lines, body):
    readable = {"about the article", "about the author", "byline", "contact", "credits", "programme", "subscription"}
    parted = part_text("\n".join([*lines, *body]))
    assert parted.text or not readable.intersection(part.rule for part in parted.parts)
    assert set(body) <= set(parted.text.split("\n"))
