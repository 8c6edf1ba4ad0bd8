"""One patient: how long relief lasts, and on what that rests."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pandas as pd
from dash import Dash, dcc, html
from django.db.models import Max

from dashboard import figures, tokens, words
from dashboard.pages import record
from dashboard.pages.caseload import status_badge, synthetic_band
from dashboard.routes import PREFIX
from tracker import audit, relief
from tracker.access import patient_for
from tracker.frames import diary_frame, infusion_frame, side_effect_frame, spell_frame
from tracker.models import (
    Appointment,
    DiaryEntry,
    Infusion,
    Patient,
    ReliefMark,
    ReliefSpell,
    SideEffectTerm,
    User,
)
from tracker.vocabulary import STAFF_SOURCES, Source

RECENT_DAYS = 30
AFTER_INFUSION_DAYS = 3
RISK_DAYS = (0, 7, 14, 28, 42, 56, 84)


def stamp(user: User, patient_id: UUID, *, now: datetime) -> str:
    """Changes when the diary, the infusions or the spells have changed."""
    patient = patient_for(user, patient_id)
    parts = (
        DiaryEntry.objects.filter(patient=patient).aggregate(at=Max("updated_at"))[
            "at"
        ],
        Infusion.objects.filter(patient=patient).aggregate(at=Max("version"))["at"],
        Infusion.objects.filter(patient=patient).count(),
        ReliefSpell.objects.filter(patient=patient).aggregate(at=Max("computed_at"))[
            "at"
        ],
        ReliefMark.objects.filter(patient=patient).exists(),
        patient.diary_date(now),
    )
    return str(hash(parts))


def layout(user: User, patient_id: UUID, *, now: datetime, dark: bool) -> html.Div:
    patient = patient_for(user, patient_id)
    audit.record_read(
        "patient page", actor_id=user.pk, patient_id=patient.pk, own=False
    )
    today = patient.diary_date(now)
    palette = tokens.palette(dark=dark)
    diary, infusions = diary_frame([patient.pk]), infusion_frame([patient.pk])
    stored = list(ReliefSpell.objects.filter(patient=patient).order_by("series"))
    spells = spell_frame([patient.pk])
    return html.Div(
        [
            synthetic_band() if patient.clinic.is_synthetic else None,
            dcc.Link("Back to the caseload", href=PREFIX, className="back"),
            _header(patient, stored, diary, infusions, today, now),
            _timeline(patient, diary, infusions, spells, palette, today),
            html.Div(
                [
                    _durations(stored, spells, palette),
                    _survival(patient, spells, palette),
                ],
                className="two",
            ),
            html.Div(
                [_side_effects(patient, infusions), _days(patient, today)],
                className="two",
            ),
            record.section(patient),
        ]
    )


def _header(
    patient: Patient,
    stored: Sequence[ReliefSpell],
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    today: date,
    now: datetime,
) -> html.Section:
    newest = stored[-1] if stored else None
    born = patient.born_on
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    updating = ReliefMark.objects.filter(patient=patient).exists()
    return html.Section(
        [
            html.Div(
                [
                    html.H1(patient.name),
                    html.P(
                        f"{age} years · {', '.join(patient.condition_labels)}",
                        className="muted",
                    ),
                ]
            ),
            html.P(
                [
                    status_badge(newest.status if newest else ""),
                    " ",
                    words.status_sentence(newest, len(infusions), today),
                    html.Span(" Being updated.", className="muted")
                    if updating
                    else None,
                ],
                className="sentence",
            ),
            html.Dl(
                [
                    part
                    for name, value in _facts(patient, newest, diary, today, now)
                    for part in (html.Div([html.Dt(name), html.Dd(value)]),)
                ],
                className="facts",
            ),
        ],
        className="patient-head",
    )


def _facts(
    patient: Patient,
    newest: ReliefSpell | None,
    diary: pd.DataFrame,
    today: date,
    now: datetime,
) -> list[tuple[str, str]]:
    lately = diary[diary["date"] > pd.Timestamp(today - timedelta(days=14))]
    booked = (
        Appointment.objects.filter(
            patient=patient, status=Appointment.Status.BOOKED, planned_at__gte=now
        )
        .order_by("planned_at")
        .first()
    )
    facts = [
        ("Main outcome", words.ITEM_WORDS[patient.primary_outcome]),
        ("Before treatment", _baseline(patient, newest)),
        ("Logged, last 14 days", f"{min(len(lately), 14)} of 14"),
        ("Time zone", patient.time_zone),
        (
            "Booked",
            "nothing"
            if booked is None
            else words.day_text(booked.planned_at.date(), today),
        ),
    ]
    if patient.state != "active":
        facts.append(
            ("State", f"{patient.get_state_display()}: {patient.state_reason}")
        )
    return facts


def _baseline(patient: Patient, newest: ReliefSpell | None) -> str:
    """The baseline on the item's own scale, with the days behind it."""
    if newest is None or newest.baseline is None:
        return "not known: no day was logged before the first infusion"
    better_high = relief.Criteria.for_item(patient.primary_outcome).higher_is_better
    points = 10 - newest.baseline if better_high else newest.baseline
    days = words.plural(newest.baseline_days, "day", "days")
    borrowed = ", the clinic's mean" if newest.baseline_source == "clinic" else ""
    return f"{points:.1f} of 10, from {days}{borrowed}"


def _timeline(
    patient: Patient,
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    spells: pd.DataFrame,
    palette: figures.Palette,
    today: date,
) -> html.Section:
    items = [patient.primary_outcome, *_one_more(patient)]
    return html.Section(
        [
            html.H2("Timeline"),
            html.P(
                "Green bands: relief was seen; pale: relief was lost within. Triangles and "
                "stems: infusions. A gap is a day without a log. A ring: written later.",
                className="muted small",
            ),
            dcc.Graph(
                figure=figures.timeline(
                    diary,
                    infusions,
                    spells,
                    palette,
                    items=items,
                    today=pd.Timestamp(today),
                ),
                config={"displaylogo": False, "scrollZoom": False, "responsive": True},
                className="graph tall",
            ),
        ],
        className="card",
    )


def _one_more(patient: Patient) -> list[str]:
    """A second line where it tells something: pain beside mood, mood beside others."""
    wanted = "pain" if patient.primary_outcome == "mood" else "mood"
    return [wanted] if wanted in patient.outcomes else []


def _durations(
    stored: Sequence[ReliefSpell], spells: pd.DataFrame, palette: figures.Palette
) -> html.Section:
    rows = [
        (
            str(spell.series),
            f"{spell.last_infusion:%d %b %Y}",
            "" if spell.mg_per_kg is None else f"{spell.mg_per_kg:g}",
            words.STATUS_WORDS[spell.status],
            words.spell_text(spell),
        )
        for spell in stored
    ]
    return html.Section(
        [
            html.H2("Relief after each series of infusions"),
            dcc.Graph(
                figure=figures.relief_bars(spells, palette),
                config={"displayModeBar": False, "responsive": True},
                className="graph",
            ),
            _table(
                ("Series", "Last infusion", "mg/kg", "How it ended", "In words"), rows
            ),
        ],
        className="card",
    )


def _survival(
    patient: Patient, spells: pd.DataFrame, palette: figures.Palette
) -> html.Section:
    clinic = _clinic_spells(patient)
    clinic_curve = relief.kaplan_meier(clinic)
    low_curve = relief.kaplan_meier(clinic, pending_is_loss=True)
    own_curve = relief.kaplan_meier(spells)
    days = list(RISK_DAYS)
    risk = [
        ("This patient", *_counts(own_curve, days)),
        ("Clinic", *_counts(clinic_curve, days)),
    ]
    medians = [
        ("This patient", _median(own_curve)),
        ("Clinic", _median(clinic_curve)),
        ("Clinic, unconfirmed losses counted", _median(low_curve)),
    ]
    return html.Section(
        [
            html.H2("How long relief has lasted"),
            dcc.Graph(
                figure=figures.survival_curves(
                    own_curve, clinic_curve, low_curve, palette
                ),
                config={"displayModeBar": False, "responsive": True},
                className="graph",
            ),
            html.P(
                "Boosters given because relief was fading make these curves read too long. "
                "The dotted curve counts losses that were under way but not confirmed; "
                "the truth may be shorter than both.",
                className="caution",
            ),
            html.H3("Numbers at risk"),
            html.Div(_plain_table(("Day", *map(str, days)), risk), className="scroll"),
            _table(("", "Median, with 95 % interval"), medians),
        ],
        className="card",
    )


def _clinic_spells(patient: Patient) -> pd.DataFrame:
    """Spells of the clinic's patients with the same outcome and rules."""
    same = Patient.objects.filter(
        clinic=patient.clinic_id, primary_outcome=patient.primary_outcome
    )
    spells = spell_frame(list(same.values_list("pk", flat=True)))
    version = relief.Criteria.for_item(patient.primary_outcome).version
    return spells[spells["criteria_version"] == version]


def _counts(curve: pd.DataFrame, days: list[int]) -> list[str]:
    return [f"{float(count):g}" for count in relief.numbers_at_risk(curve, days)]


def _median(curve: pd.DataFrame) -> str:
    found = relief.median(curve)
    if pd.isna(found.estimate):
        return "not reached: fewer than half are known to have lost relief"
    low = "not known" if pd.isna(found.lower) else f"{found.lower:.0f}"
    high = "not known" if pd.isna(found.upper) else f"{found.upper:.0f}"
    return f"{found.estimate:.0f} days ({low} to {high})"


def _side_effects(patient: Patient, infusions: pd.DataFrame) -> html.Section:
    reports = side_effect_frame([patient.pk])
    heading = html.H2(
        f"Side effects in the {AFTER_INFUSION_DAYS} days after an infusion"
    )
    if infusions.empty or reports.empty:
        return html.Section(
            [heading, html.P("Nobody has been asked yet.", className="muted")],
            className="card",
        )
    after = _after_infusions(reports, infusions)
    asked = after["date"].nunique()
    terms = dict(SideEffectTerm.objects.values_list("code", "clinical"))
    named = after.dropna(subset=["code"])
    rows = [
        (
            terms.get(str(code), str(code)),
            str(len(group)),
            f"{group['severity'].max():.0f}",
        )
        for code, group in named.groupby("code")
    ]
    rows.sort(key=lambda row: -int(row[1]))
    return html.Section(
        [
            heading,
            html.P(
                f"Asked on {words.plural(asked, 'day', 'days')}; "
                f"none on {after['code'].isna().sum()}.",
                className="muted",
            ),
            _plain_table(("Side effect", "Days", "Worst, of 3"), rows)
            if rows
            else html.P("None was reported."),
        ],
        className="card",
    )


def _after_infusions(reports: pd.DataFrame, infusions: pd.DataFrame) -> pd.DataFrame:
    window = set()
    for ended in infusions["end_date"]:
        window |= {
            ended + pd.Timedelta(days=day) for day in range(AFTER_INFUSION_DAYS + 1)
        }
    return reports[reports["date"].isin(window)]


def _days(patient: Patient, today: date) -> html.Section:
    since = today - timedelta(days=RECENT_DAYS - 1)
    entries = list(
        DiaryEntry.objects.filter(patient=patient, date__gte=since).order_by("-date")
    )
    items = patient.outcomes
    head = (
        "Day",
        *(words.ITEM_WORDS[item] for item in items),
        "Hours",
        "Side effects",
        "Note",
    )
    rows = [_day_row(entry, items, today) for entry in entries]
    return html.Section(
        [
            html.H2(f"The last {RECENT_DAYS} days"),
            html.Div(_plain_table(head, rows), className="scroll")
            if rows
            else html.P("Nothing was logged in these days.", className="muted"),
        ],
        className="card",
    )


def _day_row(entry: DiaryEntry, items: list[str], today: date) -> tuple[Any, ...]:
    effects = entry.side_effects
    if effects is None:
        told = "not asked"
    else:
        told = (
            ", ".join(f"{one['code']} {one['severity']}" for one in effects) or "none"
        )
    scores = [getattr(entry, item) for item in items]
    return (
        [
            words.day_text(entry.date, today),
            html.Span(_origin(entry), className="muted small"),
        ],
        *("" if score is None else str(score) for score in scores),
        "" if entry.sleep_hours is None else f"{entry.sleep_hours:g}",
        told,
        entry.note,
    )


def _origin(entry: DiaryEntry) -> str:
    parts = []
    if entry.days_late:
        parts.append(f" written {words.plural(entry.days_late, 'day', 'days')} later")
    if entry.source in STAFF_SOURCES or entry.source == Source.IMPORT:
        parts.append(f" {entry.get_source_display().lower()}")
    return ",".join(parts)


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> html.Details:
    return html.Details(
        [
            html.Summary("As a table"),
            html.Div(_plain_table(head, rows), className="scroll"),
        ]
    )


def _plain_table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> html.Table:
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(text, scope="col") for text in head])),
            html.Tbody(
                [
                    html.Tr(
                        [
                            html.Th(row[0], scope="row"),
                            *(html.Td(cell) for cell in row[1:]),
                        ]
                    )
                    for row in rows
                ]
            ),
        ]
    )


def register(app: Dash) -> None:
    record.register(app)
