"""The names of public bodies: how they are built, recognised and compared."""

import re

_OFFICES = (
    "街道办事处|行政公署|管理委员会|委员会|管委会|法院|检察院|开发区|集聚区|高新区|示范区|局|委|厅|署|部|办公室|办|处|中心"
    "|院|所|站|公司|大学|学院|学校|集团|协会|总队|支队|大队|银行|联合会|联社|分社|馆|电视台|队"
)
_ENDS = re.compile(rf"(?:{_OFFICES}|人民政府|镇|乡|街道|苏木|市|县|区|州|省|盟|旗)$")
_NO_NAME = re.compile(r"[，。；：、！？,;:!?《》〈〉\s]|\d{3}")
_PARTY = re.compile(r"(?:宣传|组织|统战|武装|工作)部$")
_DEPARTMENT = re.compile(rf"(?:{_OFFICES})$")
_TOWNSHIP = re.compile(r"(?:镇|乡|街道|苏木)(?:人民政府|办事处)?$|街道办事处$")
_MINISTRY = re.compile(
    r"(?:国务院|国家|中华人民共和国|中国)[^省市县区州]*|[^省市县区州镇乡]{2,8}部|[^省市县区州镇乡]{2,8}(?:总局|总署)"
)
_PROVINCE = re.compile(r"(?:[^市县州]{2,8}(?:省|自治区)|北京市|天津市|上海市|重庆市)(?:人民政府)?")
_COUNTY = re.compile(r"(?:县|区|旗|[市州盟].{1,6}市)(?:人民政府)?$")
_PREFECTURE = re.compile(r"(?:市|州|盟|地区)(?:人民政府)?$")
_GROWING = {"办": "室", "委": "会", "镇": "府", "乡": "府", "市": "府", "县": "府", "区": "府", "道": "处"}


def is_body(name: str) -> bool:
    """A name that ends like that of a public body and is no sentence."""
    return 3 <= len(name) <= 44 and _ENDS.search(name) is not None and _NO_NAME.search(name) is None


def level(name: str, site_id_code: str = "") -> str:
    """The level of a body by its name; empty where it says nothing.

    A local site (its 网站标识码 begins with a GB/T 2260 code, not with `bm`) has no ministries, and the code
    tells the county-level cities from the prefectures.
    """
    local = site_id_code[:6].isdigit()
    if not local and _MINISTRY.fullmatch(name) and not _PARTY.search(name):
        return "ministry"
    if _TOWNSHIP.search(name):
        return "township"
    if _DEPARTMENT.search(name):
        return "department"
    return _government(name, site_id_code if local else "")


def _government(name: str, code: str) -> str:
    if _PROVINCE.fullmatch(name):
        return "province"
    if _COUNTY.search(name) or (_PREFECTURE.search(name) and code[4:6] not in ("", "00")):
        return "county"
    return "prefecture" if _PREFECTURE.search(name) else ""


def is_fuller(longer: str, shorter: str) -> bool:
    """Whether `longer` names the same body with nothing left out: all of 城管执法局 is in
    沅江市城市管理和综合执法局, in this order. A government and its office are two bodies.
    """
    if len(longer) <= len(shorter) or not shorter:
        return False
    if longer[-1] not in (shorter[-1], _GROWING.get(shorter[-1])):
        return False
    signs = iter(longer)
    return all(sign in signs for sign in shorter)
