"""What stands around a report on its page, recognised by its words: bars, boxes, footers.

Everything here judges single folded lines; where on a page they may stand is for the readers to know.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from extract.words import fold, squeeze

_FACTS = (
    *(
        "信息索引号",
        "索引号",
        "信息索引",
        "组配分类",
        "主题分类",
        "信息分类",
        "体裁分类",
        "服务对象分类",
        "服务对象",
    ),
    *(
        "发布机构",
        "发文机关",
        "发文机构",
        "公开责任部门",
        "责任部门",
        "公开主体",
        "发布单位",
        "信息来源",
        "稿件来源",
    ),
    *(
        "生成日期",
        "成文日期",
        "发文日期",
        "发布日期",
        "发布时间",
        "公开日期",
        "公开时间",
        "更新时间",
        "录入时间",
    ),
    *("发文字号", "文件编号", "文号", "有效性", "公开方式", "公开形式", "公开时限", "公开范围", "公开程序"),
    *(
        "信息名称",
        "文件名称",
        "名称",
        "标题",
        "关键词",
        "主题词",
        "内容概述",
        "效力状态",
        "来源",
        "时间",
        "日期",
    ),
)
_BUTTON_LABELS = (
    *(
        "作者",
        "浏览次数",
        "浏览量",
        "点击数",
        "点击量",
        "点击率",
        "访问量",
        "阅读次数",
        "阅读量",
        "阅读",
        "浏览",
    ),
    *("责任编辑", "编辑", "信息员", "审核", "字体大小", "字体", "字号", "视力保护色", "打印", "分享"),
)
BOX_LABELS = (*_FACTS, *_BUTTON_LABELS)
"""The labels of index boxes and information bars, as in the templates of
国办公开办函〔2019〕61号 and before; those of buttons and counters say nothing, but a value ends at them.
"""

_SPACED = "|".join(r"\s*".join(label) for label in BOX_LABELS)
_PAIR = re.compile(
    rf"[【\[(（]?\s*(?P<label>{_SPACED})\s*[:：]\s*(?P<value>.*?)\s*(?=[【\[(（]?\s*(?:{_SPACED})\s*[:：]|$)"
)
_BARE_LABEL = re.compile(rf"(?:{_SPACED})\s*[:：]?")
_BOX_MARKS = re.compile(
    "索引号|信息索引|组配分类|主题分类|体裁分类|发布机构|发文机关|发文机构|责任部门|生成日期|成文日期|发文日期|发文字号|文号|公开方式|有效性"
)
_BOX = re.compile(rf"(?:{'|'.join(_FACTS)}):")
_BAR = re.compile(
    "当前位置|当前的位置|您(?:现在|当前)?(?:所在)?的?位置|现在的?位置|所在位置|(?:网站)?首页[>»›]|【?大中小"
    f"|(?:{'|'.join(_BUTTON_LABELS)}):|(?:文章)?(?:浏览|点击|阅读|访问)(?:次数|数|量|率)(?:$|\\d)"
    "|(?:主办|承办|维护)(?:单位)?:|技术支持|版权所有|Copyright|©|(?:政府)?网站标识码|网站备案|本站支持|您是第|友情链接"
    "|(?:上|下)一(?:篇|条|页)|相关(?:链接|文档|信息|阅读|新闻|稿件|解读)(?::|$)|扫一扫|扫码|用手机|分享到"
    "|【(?:字体|打印|关闭)|字体\\[|打印本页|关闭窗口|责任编辑"
)
_HOLDS = re.compile(
    r"ICP备\d|公网安备\d|标识码:?[A-Za-z0-9]{8}|(?:浏览|点击|阅读)(?:次数|数|量):", re.IGNORECASE
)
_BUTTONS = re.compile(
    "(?=.*[\u4e00-\u9fffA-Za-z])"
    "(?:登录|注册|退出|设为首页|加入收藏|收藏|长辈版|关怀版|无障碍(?:浏览|阅读)?|网站地图|站点地图|法律声明|隐私声明|联系我们|关于我们"
    "|网站纠错|我要纠错|意见反馈|返回(?:顶部|首页|列表|上一页)|打印(?:本页|此页)?|关闭(?:本页|窗口)?|分享|微信(?:好友)?|QQ(?:好友|空间)"
    "|新浪微博|腾讯微博|人人网|取消|复制(?:链接)?|保存|大|中|小|默认|超大|字体|繁體|繁体|简体|English|旧版本进入|智能问答|语音播报"
    "|朗读|[|·•:><\\[\\]【】/ -])+"
)
_SHORTEST, _LONGEST = 2, 160
_LONGEST_ENTRIES = 2_000
_LONGEST_BOX = 800


def is_furniture(text: str) -> bool:
    """A line as it stands above and below a report. Long lines never are."""
    return _has_length(text) and (_is_bar(text) or _is_entry(text))


def is_bar(text: str) -> bool:
    """A line that is none of a report's words wherever it stands: buttons, counters, filing numbers. (What an
    index box says, like `公开方式：…`, a report may say as well.)
    """
    return _has_length(text) and _is_bar(text)


def _has_length(text: str) -> bool:
    return _SHORTEST <= len(text) <= 2 * _LONGEST and len(squeeze(text)) <= _LONGEST


@lru_cache(maxsize=4096)
def _is_bar(text: str) -> bool:
    """Remembered, for the bars of a site are the same on all its pages, and each is asked about thrice."""
    plain = squeeze(text)
    return bool(_BAR.match(plain) or _HOLDS.search(plain) or _BUTTONS.fullmatch(plain))


@lru_cache(maxsize=4096)
def _is_entry(text: str) -> bool:
    return _BOX.match(squeeze(text)) is not None


def within_report(furniture: Sequence[bool], body: Sequence[bool]) -> range:
    """The lines from after the last piece of furniture above the first sentence, heading or table to before
    the first one behind the last. What is cut off so at the top is the page's title, its date and the like.
    """
    worded = [is_body and not is_chrome for is_body, is_chrome in zip(body, furniture, strict=True)]
    first, last = (worded.index(True), _last(worded)) if True in worded else (0, len(worded) - 1)
    below = (at for at in range(last + 1, len(furniture)) if furniture[at])
    return range(_last(furniture[:first]) + 1, next(below, len(furniture)))


def _last(flags: Sequence[bool]) -> int:
    """-1 where none is set."""
    return max((at for at, flag in enumerate(flags) if flag), default=-1)


def is_index_box(words: str) -> bool:
    """The folded words of a small table that says what a page is: two of its labels at least."""
    if len(words) >= 2 * _LONGEST_BOX:  # folded words are at most one space in two signs
        return False
    plain = squeeze(words)
    return len(plain) < _LONGEST_BOX and len(set(_BOX_MARKS.findall(plain))) > 1


def box_entries(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Label and value of every entry, both `索引号：x` in one text and `索引号`, `x` in two."""
    for label, value in _all_entries(texts):
        if value and label in _FACTS:
            yield label, value


def _may_be_entries(text: str) -> bool:
    return len(text) <= _LONGEST_ENTRIES


@lru_cache(maxsize=256)
def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Labels and values as printed; remembered, for the footer of a site is the same on all its pages."""
    return tuple(_PAIR.findall(text))


def _all_entries(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    waiting = ""
    for text in filter(_may_be_entries, texts):
        pairs = _pairs(text) if ":" in text or "：" in text else ()
        is_label = _BARE_LABEL.fullmatch(text) is not None
        if waiting and not pairs and not is_label:
            yield waiting, fold(text)
        waiting = squeeze(text).rstrip(":") if is_label else ""
        yield from ((squeeze(label), fold(value)) for label, value in pairs)


_CRUMBS = re.compile(r"(?:当前|现在|所在|您的|当前的)的?位置")
_BETWEEN_CRUMBS = re.compile(r"\s*(?:>>|>|»|›|→|＞|-&gt;)\s*")


def breadcrumb(texts: Iterable[str]) -> tuple[str, ...]:
    """`当前位置：首页 > 信息公开 > 年报` as its steps; the first such line of the page, the next line where
    the steps stand apart from the words 当前位置.
    """
    announced = False
    for text in texts:
        if (announced or _CRUMBS.search(text)) and _BETWEEN_CRUMBS.search(text):
            trail = re.sub(r"^.*?位置\s*(?:是)?\s*[:：]?", "", text)
            return tuple(step for step in map(fold, _BETWEEN_CRUMBS.split(trail)) if step)
        announced = _CRUMBS.search(text) is not None
    return ()
