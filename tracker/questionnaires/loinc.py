"""Whether a LOINC code can be one: its check digit."""

import re

_SHAPE = re.compile(r"[1-9][0-9]{0,6}-[0-9]\Z", re.ASCII)


def check_digit(number: str) -> int:
    """The check digit of the digits before the hyphen, by Mod 10.

    Parameters
    ----------
    number : str
        Decimal digits, without hyphen or check digit.

    Returns
    -------
    int
        0 to 9.

    Notes
    -----
    From the right every other digit, beginning with the last, is doubled; the
    digits of all are summed; the check digit brings the sum to a multiple of ten
    (Regenstrief Institute, LOINC Users' Guide, appendix on check digits).
    """
    total = 0
    for place, digit in enumerate(reversed(number)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return -total % 10


def is_loinc(code: str) -> bool:
    """Whether `code` has the shape of a LOINC code and the right check digit.

    It says nothing of what the code means, nor whether it was ever given out.
    """
    if not _SHAPE.match(code):
        return False
    number, digit = code.split("-")
    return check_digit(number) == int(digit)
