"""The content systems that the sites run on: how each names its pages and turns its lists over."""

from samples.families.base import Family
from samples.families.hanweb import Jpaas, Jpage, JpageByGet, Xxgk
from samples.families.regional import Gkmlpt, Lonsun, QueryList, Ucap
from samples.families.scripted import Cac, ChinaTax, EasySite, Fjdzapp, IList, Suzhou, TrsIgs
from samples.families.searching import AspNet, TrsWas
from samples.families.static import Empire, Plain, SiteServer, Trs, Uuid, Vsb
from samples.families.told import InScript, JsonFile, XmlFile, Years

FAMILIES: dict[str, Family] = {
    "trs": Trs(),
    "empire": Empire(),
    "plain": Plain(),
    "vsb": Vsb(),
    "siteserver": SiteServer(),
    "uuid": Uuid(),
    "trs_was": TrsWas(),
    "jpage": Jpage(),
    "xxgk": Xxgk(),
    "jpaas": Jpaas(),
    "gkmlpt": Gkmlpt(),
    "lonsun": Lonsun(),
    "ucap": Ucap(),
    "query_list": QueryList(),
    "aspnet": AspNet(),
    "trs_igs": TrsIgs(),
    "jpage_get": JpageByGet(),
    "fjdzapp": Fjdzapp(),
    "suzhou": Suzhou(),
    "chinatax": ChinaTax(),
    "cac": Cac(),
    "easysite": EasySite(),
    "ilist": IList(),
    "in_script": InScript(),
    "json_file": JsonFile(),
    "xml_file": XmlFile(),
    "years": Years(),
}

__all__ = ["FAMILIES", "Family"]
