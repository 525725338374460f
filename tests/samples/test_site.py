"""The sites, their registry file and the truth agree with one another."""

from pathlib import Path

import samples
from samples.site import build_sites
from samples.truth import banned, truth
from settings.registry import load_sites

REGISTRY = Path(samples.__file__).parent / "sites.toml"


def test_the_registry_file_names_every_site(sites):
    registered = {site.host: site for site in load_sites(REGISTRY)}
    assert set(registered) == {site.host for site in sites}
    for site in sites:
        assert registered[site.host].name == site.name
        assert registered[site.host].region in {site.region, ""}


def test_the_region_begins_the_site_id_code(sites):
    for site in sites:
        assert len(site.site_id_code) == 10
        assert site.site_id_code.startswith((site.region, "bm"))


def test_the_truth_has_both_forms_and_prose(expected):
    forms = [item.form for item in expected]
    assert (forms.count("2019"), forms.count("2021"), forms.count("none")) == (4, 34, 3)
    assert {item.year for item in expected if item.form == "none"} == {2017}


def test_each_report_is_expected_once(expected):
    assert len({item.url for item in expected}) == len(expected)
    assert len({(item.publisher, item.year) for item in expected}) == len(expected)


def test_what_robots_close_is_not_expected(sites, expected):
    closed = banned(sites)
    assert len(closed) == 2
    assert not set(closed) & {item.url for item in expected}


def test_the_web_grows_to_the_size_asked_for():
    grown = build_sites(400)
    entries = sum(len(listing.entries) for site in grown for listing in site.listings)
    assert 330 <= entries <= 450
    assert {item.url for item in truth(build_sites())} & {item.url for item in truth(grown)}
