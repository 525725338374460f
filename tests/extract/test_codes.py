import pytest

from extract.codes import check_sign, credit_code, finer_region, region_of_credit_code


@pytest.mark.parametrize(
    ("index_number", "code"),
    [
        ("11341700MB1631138U/202312-00030", "11341700MB1631138U"),
        ("11341700mb1631138u/202312-00030", "11341700MB1631138U"),
        ("11341700MB1631139U/202312-00030", ""),  # the check sign says otherwise
        ("014416330/2018-04736", ""),
        ("2026-02-00018", ""),
        ("", ""),
    ],
)
def test_the_credit_code_in_an_index_number(index_number, code):
    assert credit_code(index_number) == code


def test_the_check_sign_of_a_known_code():
    assert check_sign("91350100M000100Y4") == "3"  # the example of the standard


def test_the_region_is_in_the_credit_code():
    assert region_of_credit_code("11341700MB1631138U") == "341700"
    assert region_of_credit_code("11100000MB0143028R") == ""  # registered with the centre, no province's
    assert region_of_credit_code("") == ""


@pytest.mark.parametrize(
    ("said", "site", "region"),
    [
        ("341700", "340000", "341700"),
        ("341700", "341702", "341702"),
        ("341702", "341700", "341702"),
        ("341702", "", "341702"),
        ("", "340881", "340881"),
        ("340000", "350100", "340000"),
    ],
)
def test_the_body_s_own_code_counts_unless_its_site_is_of_a_part_of_it(said, site, region):
    assert finer_region(said, site) == region
