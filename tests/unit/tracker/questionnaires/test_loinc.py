import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.questionnaires import INSTRUMENTS, is_loinc
from tracker.questionnaires.loinc import check_digit


def luhn(digits):
    """The check as it is usually written, over number and check digit together."""
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def codes():
    for instrument in INSTRUMENTS.values():
        for code in (instrument.loinc_panel, instrument.loinc_score):
            yield pytest.param(code, id=f"{instrument.id}-{code}")
        for item in instrument.items:
            if item.loinc:
                yield pytest.param(item.loinc, id=f"{instrument.id}-{item.loinc}")


@pytest.mark.parametrize("code", list(codes()))
def test_every_code_that_comes_with_respite_has_its_check_digit(code):
    assert is_loinc(code)
    assert luhn(code.replace("-", ""))


@pytest.mark.parametrize(
    "code",
    # From the vital signs, which anybody can look up.
    ["8480-6", "8462-4", "8867-4", "9279-1", "2708-6", "29463-7", "85354-9"],
)
def test_known_codes_pass(code):
    assert is_loinc(code)


@pytest.mark.parametrize(
    "code",
    [
        "8480-5",
        "44261-7",
        "44216-6",
        "",
        "-",
        "8480",
        "8480-",
        "0848-6",
        "८480-6",
        "8480-66",
        "84 80-6",
        "8480-6\n",
        "X8480-6",
        "12345678-2",
    ],
)
def test_what_is_no_code_fails(code):
    assert not is_loinc(code)


@given(st.integers(1, 9_999_999))
def test_only_one_of_ten_check_digits_passes(number):
    passing = [digit for digit in range(10) if is_loinc(f"{number}-{digit}")]

    assert passing == [check_digit(str(number))]
    assert luhn(f"{number}{passing[0]}")


@given(st.integers(1, 9_999_999), st.data())
def test_one_digit_mistyped_is_noticed(number, data):
    digits = str(number)
    place = data.draw(st.integers(0, len(digits) - 1))
    wrong = data.draw(
        st.sampled_from("0123456789").filter(lambda d: d != digits[place])
    )
    mistyped = digits[:place] + wrong + digits[place + 1 :]

    assert check_digit(mistyped) != check_digit(digits)
