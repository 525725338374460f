import pytest

from settings.registry import RegistryError, Site, load_sites

GOOD = """
[[site]]
host = "WWW.Example.gov.cn"
name = "某市人民政府"
region = "340881"
start = ["http://www.example.gov.cn/xxgk/"]
listing = "trs"
delay = 2
note = "quiet at night"

[[site]]
host = "b.example.gov.cn"
"""


@pytest.fixture
def sites_file(tmp_path):
    def write(text):
        path = tmp_path / "sites.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_site_keeps_what_the_file_says(sites_file):
    first, second = load_sites(sites_file(GOOD))
    assert first == Site(
        host="www.example.gov.cn",
        name="某市人民政府",
        region="340881",
        start=("http://www.example.gov.cn/xxgk/",),
        listing="trs",
        delay=2.0,
        note="quiet at night",
    )
    assert second.start == ("http://b.example.gov.cn/",), "the home page is enough"
    assert second.delay is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "at least one"),
        ("[[site]]\nhost = 'a.gov.cn'\nstrat = []", "unknown key 'strat'"),
        ("[[site]]\nhost = 'a.gov.cn'\n[other]\nx = 1", "unknown key 'other'"),
        ("[[site]]\nname = 'x'", "not a host name"),
        ("[[site]]\nhost = 'http://a.gov.cn'", "not a host name"),
        ("[[site]]\nhost = 7", "host must be text"),
        ("[[site]]\nhost = 'a.gov.cn'\nstart = 'http://a.gov.cn/'", "must be a list"),
        ("[[site]]\nhost = 'a.gov.cn'\nstart = ['http://b.gov.cn/']", "on a.gov.cn"),
        ("[[site]]\nhost = 'a.gov.cn'\nstart = ['ftp://a.gov.cn/']", "http or https"),
        ("[[site]]\nhost = 'a.gov.cn'\nregion = 'Anhui'", "GB/T 2260"),
        ("[[site]]\nhost = 'a.gov.cn'\ndelay = -1", "0 or more"),
        ("[[site]]\nhost = 'a.gov.cn'\ndelay = true", "0 or more"),
        ("[[site]]\nhost = 'a.gov.cn'\n[[site]]\nhost = 'A.gov.cn'", "twice"),
        ("site = 3", "[[site]] tables"),
        ("[[site", "not a TOML file"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(sites_file, text, said):
    with pytest.raises(RegistryError) as refusal:
        load_sites(sites_file(text))
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert "sites.toml" in str(refusal.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(RegistryError, match=r"missing\.toml: cannot be read"):
        load_sites(tmp_path / "missing.toml")
