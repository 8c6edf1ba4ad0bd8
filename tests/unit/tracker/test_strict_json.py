import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.problems import Refused
from tracker.strict_json import decode, shown

clean_text = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=20
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | clean_text,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(clean_text, inner, max_size=4)
    ),
    max_leaves=10,
)


@given(values)
def test_what_every_reader_agrees_on_is_decoded(value):
    assert decode(json.dumps(value).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused(body):
    rule = "decoded"
    try:
        decode(body)
    except Refused as refused:
        rule = refused.problems[0].rule
    assert rule


@given(st.text(st.characters(), max_size=300))
def test_shown_value_is_itself_storable_json(text):
    again = json.loads(json.dumps(shown(text)))

    again.encode()
    assert "\x00" not in again
    assert len(again) <= 201


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"note": "\\u0000"}', "note"),
        (b'{"a": {"b": ["\\ud800"]}}', "a.b"),
        (b'{"mood": 1, "mood": 1}', "mood"),
    ],
)
def test_refusal_names_the_field(body, field):
    with pytest.raises(Refused) as caught:
        decode(body)
    assert caught.value.problems[0].field == field
