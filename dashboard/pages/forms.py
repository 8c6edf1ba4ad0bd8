"""Form fields with their problem beside them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from dash import dcc, html

from tracker.access import clinic_ruled_by
from tracker.language import t
from tracker.models import Clinic, User
from tracker.problems import NotFound, Refused


def field(
    form: str, name: str, label: str, control: Any, *, hint: str = ""
) -> html.Div:
    """A labelled control; what is wrong with it appears below it."""
    return html.Div(
        [
            html.Label([label, control]),
            html.Span(hint, className="muted small") if hint else None,
            html.Span(id=problem_id(form, name), className="problem", role="alert"),
        ],
        className="field",
    )


def group(name: str, *children: Any, quiet: bool = False) -> html.Fieldset:
    """Boxes that belong together, under a name; a quiet name is heard, not seen."""
    legend = html.Legend(name, className="unseen" if quiet else "")
    return html.Fieldset([legend, *children])


def problem_id(form: str, name: str) -> str:
    return f"{form}-{name}-problem"


def ruled_clinic(user: User, key: str) -> Clinic:
    """The clinic a form names, if `user` may set its rules.

    Raises
    ------
    NotFound
        The key is none, or the clinic is not this person's to rule.
    """
    try:
        return clinic_ruled_by(user, UUID(key))
    except ValueError:
        raise NotFound(t("There is no such clinic.")) from None


def text(form: str, name: str, **options: Any) -> dcc.Input:
    return dcc.Input(id=f"{form}-{name}", **options)


def choice(
    form: str, name: str, options: Mapping[str, str], value: str | None, **more: Any
) -> dcc.Dropdown:
    return dcc.Dropdown(
        dict(options),
        value,
        id=f"{form}-{name}",
        searchable=False,
        placeholder=t("Choose"),
        labels=menu_labels(),
        **more,
    )


def menu_labels() -> Any:
    """What Dash's own menu says, in the spoken language."""
    return {
        "select_all": t("Select all"),
        "deselect_all": t("Deselect all"),
        "selected_count": t("{num_selected} selected"),
        "clear_selection": t("Clear selection"),
    }


def no_number(text: str, *, whole: bool) -> str:
    """What to say of a typed text that had to be a number."""
    said = text or t("Nothing")
    if whole:
        return t("{text} is not a whole number.", text=said)
    return t("{text} is not a number.", text=said)


def problems_by_field(refused: Refused, names: Sequence[str]) -> list[str]:
    """The message of each named field, "" where there is none."""
    found = {
        problem.field.split(".")[0]: problem.message for problem in refused.problems
    }
    return [found.get(name, "") for name in names]


def leftover(refused: Refused, names: Sequence[str]) -> str:
    """What belongs to no field of the form."""
    if not refused.problems:
        return refused.message
    return " ".join(
        problem.message
        for problem in refused.problems
        if problem.field.split(".")[0] not in names
    )
