"""Papers as HTML in several hands, and as text dumps of pages."""

from collections.abc import Callable, Iterator
from html import escape
from random import Random

from benchmarks.corpus.paper import Paper
from samples.forms import Layout, Slot

Drawn = tuple[str, Slot]  # the text of a slot and the slot

ENCODINGS = (("utf-8", "utf-8"), ("gb18030", "gb2312"), ("gb18030", "utf-8"), ("utf-8", "gb2312"))

PAGE = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">
<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">
<title>{title}_某市人民政府</title><meta name="SiteName" content="某市人民政府"></head><body>
<div class="top"><a href="/">登录</a> <a href="/">注册</a> <a href="/">无障碍</a></div>
<ul><li><a href="/a">首页</a></li><li><a href="/b">政务公开</a></li><li><a href="/c">办事服务</a></li></ul>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/n">年报</a></div>
<div class="main"><h1>{title}</h1>
<div class="info">发布日期：{year}-01-31 09:12　来源：{publisher}　浏览次数：<span id=n></span></div>
<div id="zoom">
{body}
</div><p>【打印本页】 【关闭窗口】</p>
<p>上一篇：<a href="1.html">关于做好春季造林工作的通知</a></p></div>
<div class="foot">主办：某市人民政府办公室　网站标识码：3417020005　皖ICP备2024029993号-1</div>
</body></html>"""


def page(paper: Paper, random: Random, body: str) -> bytes:
    encoding, charset = random.choice(ENCODINGS)
    text = PAGE.format(
        charset=charset, title=paper.title, year=paper.year + 1, publisher=paper.publisher, body=body
    )
    return text.encode(encoding)


def text_of(paper: Paper, slot: Slot) -> str:
    return paper.printed[slot.code].text if slot.code else slot.text


def drawn(paper: Paper, layout: Layout) -> Iterator[list[Drawn]]:
    for row in layout:
        yield [(text_of(paper, slot), slot) for slot in row]


def spans(slot: Slot) -> str:
    rows = f' rowspan="{slot.row_span}"' if slot.row_span > 1 else ""
    return rows + (f' colspan="{slot.column_span}"' if slot.column_span > 1 else "")


Cell = Callable[[str, Slot], str]


def tabled(paper: Paper, layout: Layout, cell: Cell, attributes: str = 'border="1"') -> str:
    rows = ("".join(cell(*each) for each in row) for row in drawn(paper, layout))
    return f"<table {attributes}>" + "".join(f"<tr>{row}</tr>\n" for row in rows) + "</table>"


def composed(paper: Paper, paragraph: Callable[[str], str], cell: Cell, attributes: str = "") -> str:
    return "\n".join(
        paragraph(block) if isinstance(block, str) else tabled(paper, block, cell, attributes)
        for block in paper.blocks
    )


def word_html(paper: Paper, random: Random) -> bytes:
    """As Word exports it: a paragraph and a span about everything, numbers torn over spans."""

    def paragraph(text: str) -> str:
        return f'<p class="MsoNormal"><span style="font-family:仿宋">{escape(text)}<o:p></o:p></span></p>'

    def cell(text: str, slot: Slot) -> str:
        halves = [f"<span>{escape(part)}</span>" for part in (text[:1], text[1:]) if part]
        inner = "".join(halves) or "<span>&nbsp;<o:p></o:p></span>"
        return f'<td{spans(slot)} valign="center"><p class="MsoNormal" align="center">{inner}</p></td>'

    return page(paper, random, composed(paper, paragraph, cell, 'class="MsoNormalTable"'))


def bare_html(paper: Paper, random: Random) -> bytes:
    def cell(text: str, slot: Slot) -> str:
        return f"<td{spans(slot)}>{escape(text)}</td>"

    return page(paper, random, composed(paper, lambda text: f"<p>{escape(text)}</p>", cell, "border=1"))


def unclosed_html(paper: Paper, random: Random) -> bytes:
    """Tags left open, as people write them by hand."""

    def cell(text: str, slot: Slot) -> str:
        return f"<td{spans(slot)}><font size=2><b>{escape(text)}"

    body = composed(paper, lambda text: f"<p><font face=宋体>{escape(text)}", cell).replace("</tr>", "")
    return page(paper, random, body)


def hidden_html(paper: Paper, random: Random) -> bytes:
    """Things in the cells that no reader of the page sees."""

    def cell(text: str, slot: Slot) -> str:
        hidden = '<span style="display:none">7</span><!--[if gte mso]>9<![endif]-->'
        return f"<td{spans(slot)}>{escape(text)}{hidden if random.random() < 0.3 else ''}</td>"

    return page(paper, random, composed(paper, lambda text: f"<p>{escape(text)}</p>", cell, "border=1"))


def nested_html(paper: Paper, random: Random) -> bytes:
    """The page laid out by tables, the report in one cell, its paragraphs divided by line breaks."""

    def cell(text: str, slot: Slot) -> str:
        return f"<td{spans(slot)}><p align=center>{escape(text)}</p></td>"

    inner = composed(paper, lambda text: f"　　{escape(text)}<br>", cell, "border=1 cellpadding=0")
    report = f"<table><tr><td>{inner}</td></tr></table>"
    return page(paper, random, f"<table><tr><td width=200>栏目导航</td><td>{report}</td></tr></table>")


def flattened_html(paper: Paper, random: Random) -> bytes:
    """Tables that an editor took apart: one paragraph a cell."""
    paragraphs = (f"<p>{escape(text) or '&nbsp;'}</p>" for text in lines(paper))
    return page(paper, random, "\n".join(paragraphs))


def lines(paper: Paper) -> Iterator[str]:
    for block in paper.blocks:
        if isinstance(block, str):
            yield block
        else:
            yield from (text for row in drawn(paper, block) for text, _ in row)


def cell_a_line(paper: Paper, _random: Random) -> bytes:
    return "\n".join((paper.title, *lines(paper))).encode()


def cell_a_line_barred(paper: Paper, _random: Random) -> bytes:
    """Each cell ends with a bar, as some extractors leave them."""
    parts = [paper.title]
    for block in paper.blocks:
        texts = [block] if isinstance(block, str) else []
        if not isinstance(block, str):
            texts = [f"{text} |" for row in drawn(paper, block) for text, _ in row]
        parts += texts
    return "\n".join(parts).encode()


def row_a_line(paper: Paper, random: Random, between: str = "\t") -> bytes:
    """A line a row; what spans rows stands on its first only."""
    parts = [paper.title]
    for block in paper.blocks:
        if isinstance(block, str):
            parts.append(block)
        else:
            parts += [between.join(text for text, _ in row) for row in drawn(paper, block)]
    return "\n".join(parts).encode(random.choice(("utf-8", "gb18030")))


def row_a_line_barred(paper: Paper, random: Random) -> bytes:
    return row_a_line(paper, random, " | ")


Write = Callable[[Paper, Random], bytes]

WRITERS: dict[str, Write] = {
    "html, word": word_html,
    "html, bare": bare_html,
    "html, unclosed": unclosed_html,
    "html, hidden parts": hidden_html,
    "html, nested": nested_html,
    "html, flattened": flattened_html,
    "text, cell a line": cell_a_line,
    "text, cell a line, bars": cell_a_line_barred,
    "text, row a line": row_a_line,
    "text, row a line, bars": row_a_line_barred,
}
