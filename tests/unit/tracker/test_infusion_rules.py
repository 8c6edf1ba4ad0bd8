from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tracker.infusion_rules import check
from tracker.problems import Refused

START = datetime(2026, 11, 24, 10, tzinfo=UTC)
USUAL = {
    "started_at": START,
    "ended_at": START + timedelta(minutes=40),
    "agent": "ketamine",
    "route": "iv",
    "dose_mg": Decimal(35),
    "weight_kg": Decimal(70),
    "dose_mg_per_kg": Decimal("0.5"),
}
LONG = {"ended_at": START + timedelta(hours=4)}


def fields(values: dict, reason: str = "") -> list[str]:
    try:
        check(values, reason=reason)
    except Refused as refused:
        return [problem.field for problem in refused.problems]
    return []


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"dose_mg": None, "weight_kg": None, "dose_mg_per_kg": None},
        {"ended_at": None},
        LONG | {"dose_mg": Decimal(245), "dose_mg_per_kg": Decimal("3.5")},
        {"dose_mg_per_kg": Decimal("0.52")},
        {"agent": "esketamine", "route": "intranasal", "dose_mg": Decimal(56),
         "weight_kg": None, "dose_mg_per_kg": None},
    ],
    ids=["usual", "no-dose", "no-end", "hours-long", "4-percent-off", "nasal-56"],
)  # fmt: skip
def test_usual_infusion_passes(changed):
    assert fields(USUAL | changed) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"weight_kg": Decimal(700)}, "weight_kg"),
        ({"weight_kg": Decimal("19.9")}, "weight_kg"),
        ({"dose_mg": Decimal(5001)}, "dose_mg"),
        ({"dose_mg_per_kg": Decimal("3.1")}, "dose_mg_per_kg"),
        ({"dose_mg_per_kg": Decimal("0.7")}, "dose_mg_per_kg"),
        ({"ended_at": START}, "ended_at"),
        ({"ended_at": START + timedelta(days=8)}, "ended_at"),
        ({"agent": "esketamine", "route": "intranasal"}, "dose_mg"),
    ],
    ids=["700-kg", "19.9-kg", "5001-mg", "3.1-mg/kg", "40-percent-off", "no-time",
         "8-days", "nasal-35"],
)  # fmt: skip
def test_impossible_value_is_refused_whatever_the_reason(changed, field):
    assert field in fields(USUAL | changed, reason="sure")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"dose_mg_per_kg": Decimal("0.55")}, "dose_mg_per_kg"),
        ({"dose_mg": Decimal(105), "dose_mg_per_kg": Decimal("1.5")}, "dose_mg_per_kg"),
        ({"weight_kg": Decimal(180), "dose_mg": Decimal(90)}, "weight_kg"),
        (
            LONG | {"dose_mg": Decimal(300), "dose_mg_per_kg": Decimal("4.286")},
            "dose_mg",
        ),
    ],
    ids=["10-percent-off", "1.5-mg/kg", "180-kg", "300-mg"],
)
def test_unusual_value_wants_a_reason(changed, field):
    values = USUAL | changed

    assert field in fields(values)
    assert fields(values, reason="as agreed with the pharmacist") == []


def test_mismatch_shows_its_arithmetic():
    with pytest.raises(Refused, match=r"70 kg times 0.7 mg/kg is 49 mg, but 35 mg"):
        check(USUAL | {"dose_mg_per_kg": Decimal("0.7")}, reason="")
