"""What was written stays as it was written, on both databases."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from tests.factories import give_infusion, save_entry
from tracker.models import (
    AuditEvent,
    InfusionRevision,
    PatientStateChange,
    Revision,
)


@pytest.fixture
def history(ana, nurse_nora):
    save_entry(ana, date(2026, 11, 20), mood=4)
    give_infusion(ana, nurse_nora, date(2026, 11, 20))
    PatientStateChange.objects.create(
        patient=ana, state="active", since=date(2026, 6, 1)
    )


@pytest.mark.parametrize(
    "kind", [Revision, InfusionRevision, AuditEvent, PatientStateChange]
)
def test_history_can_be_neither_changed_nor_deleted(history, kind):
    field = {"AuditEvent": "subject", "PatientStateChange": "reason"}.get(
        kind.__name__, "version"
    )
    value = 9 if field == "version" else "x"

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        kind.objects.update(**{field: value})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        kind.objects.all()._raw_delete("default")
    assert kind.objects.exists()
