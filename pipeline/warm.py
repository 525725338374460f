"""Loads what the first pages would have loaded, in the process that reading processes are forked from."""

from extract.extraction import extract
from pipeline import portions

__all__ = ["portions"]

TITLE = "某局2023年政府信息公开工作年度报告"
WORDS = "我局认真贯彻条例，全年收到申请五件，答复五件。" * 20
LINK = '<p><a href="/2.html">政府信息公开指南</a></p>'  # for what is read with trafilatura alone
PAGE = f"<title>{TITLE}</title><h1>{TITLE}</h1><p>一、总体情况</p><p>{WORDS}</p>{LINK}<p>{WORDS}</p>"

extract(PAGE.encode(), url="http://a.gov.cn/1.html")
