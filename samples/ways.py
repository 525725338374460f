"""How pages lead on where not by plain links: frames, doors before the home page, clicks, menus, a base, and
traditional characters. Every page of a site that leads anywhere does so in the site's one way.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

LINK = re.compile(r'<a href="(?P<href>/[^"]*)"[^>]*>(?P<words>[^<]+)</a>')
CLICKS = (
    '<a href="javascript:void(0)" onclick="openUrl(\'{href}\')">{words}</a>',
    "<a href=\"javascript:openWin('{href}', 800)\">{words}</a>",
    "<span onclick=\"window.location.href='{href}'\">{words}</span>",
    '<a href="#" data-href="{href}">{words}</a>',
)
CHOICE = (
    '<select onchange="go(this.value)"><option value="">请选择</option>'
    '<option value="{href}">{words}</option></select>'
)
REFRESH = '<meta http-equiv="Refresh" content="0; url={}">'
SCRIPT = "<script>{}</script>"
FRAMES = '<frameset rows="90,*"><frame src="/dingbu.htm"><frame src="zhu.htm" name="zhu"></frameset>'
SIMPLIFIED, TRADITIONAL = "开报专栏网录动单门乡镇县区处务办会级", "開報專欄網錄動單門鄉鎮縣區處務辦會級"
CHARSET = re.compile(r"<meta [^>]*charset=[^>]*>")


@dataclass(frozen=True)
class Way:
    """`doors` are addresses and the markup of what is there instead, the first of them the home page's own;
    that lies at `home` then. Where lines lie in a frame, `frame` is its ending. `retold` changes the markup
    of pages that lead on.
    """

    doors: tuple[tuple[str, str], ...] = ()
    home: str = "/"
    frame: str = ""
    retold: Callable[[str], str] = str


def clicked(markup: str) -> str:
    number = count()
    return LINK.sub(lambda link: CLICKS[next(number) % len(CLICKS)].format(**link.groupdict()), markup)


def chosen(markup: str) -> str:
    return LINK.sub(lambda link: CHOICE.format(**link.groupdict()), markup)


def based(markup: str) -> str:
    """Addresses that mean something else without the base."""
    relative = LINK.sub(lambda link: link[0].replace('href="/', 'href="../', 1), markup)
    return relative.replace("<head>", '<head><base href="/zhandian/">', 1)


def traditional(markup: str) -> str:
    """In traditional characters, and without a word of what encoding it is."""
    return CHARSET.sub("", markup.translate(str.maketrans(SIMPLIFIED, TRADITIONAL)))


WAYS = {
    "": Way(),
    "frames": Way(
        doors=(("/", FRAMES), ("/dingbu.htm", '<img src="/images/logo.png">')), home="/zhu.htm", frame=".htm"
    ),
    "doors": Way(
        doors=(
            ("/", REFRESH.format("menhu/")),
            (
                "/menhu/",
                SCRIPT.format("window.location.href = 'http://' + window.location.host + '/ru.htm';"),
            ),
            ("/ru.htm", SCRIPT.format("var ml = '/shouye'; self.location = ml + '/' + location.search;")),
        ),
        home="/shouye/",
    ),
    "clicks": Way(retold=clicked),
    "choices": Way(retold=chosen),
    "base": Way(retold=based),
    "traditional": Way(retold=traditional),
}
