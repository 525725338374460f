from decimal import Decimal

from browse.overview import OUTCOME_OF, RECEIVED, Received, figures_of


def test_beside_a_sum_stands_of_how_many_reports_it_is():
    sums = [(2022, RECEIVED, 3, Decimal(40)), (2023, RECEIVED, 5, Decimal(36))]
    assert figures_of(sums).received == [Received("2022", 3, Decimal(40)), Received("2023", 5, Decimal(36))]


def test_outcomes_are_told_of_years_of_which_all_are_known():
    whole = [(2022, measure, 1, Decimal(at)) for at, measure in enumerate(OUTCOME_OF)]
    found = figures_of([*whole, (2023, "requests.granted.total", 1, Decimal(7))])
    assert found.outcomes == [("2022", [(kind, Decimal(at)) for at, kind in enumerate(OUTCOME_OF.values())])]
    assert found.received == []
