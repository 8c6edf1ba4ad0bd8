"""Recording who read or wrote what.

A write is audited in its own transaction. A read must not fail because the
audit cannot be written just now: a patient's own reads go on; a staff read goes
to a spool file beside the data, and is refused when that fails too.
"""

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from tracker.models import AuditEvent

logger = logging.getLogger(__name__)
Action = AuditEvent.Action

# A reader waits this long for a writer before the spool file is used.
READ_WAIT_MS = 250


def record(
    action: str,
    subject: str,
    *,
    actor_id: UUID | None,
    patient_id: UUID | None = None,
    subject_id: UUID | None = None,
    detail: str = "",
) -> AuditEvent:
    """Add one event; call inside the transaction of the act it tells of."""
    return AuditEvent.objects.create(
        actor_id=actor_id,
        action=action,
        subject=subject,
        subject_id=subject_id,
        patient_id=patient_id,
        detail=detail,
    )


def record_read(
    subject: str, *, actor_id: UUID, patient_id: UUID | None, own: bool
) -> None:
    """Add one event for a read, without holding the reader up.

    Raises
    ------
    OSError
        A staff read could be recorded nowhere; it must not be answered.
    """
    values = (timezone.now(), actor_id, subject, patient_id)
    try:
        _insert_read(*values, own=own)
    except DatabaseError:
        logger.warning("A read could not be audited in the database.")
        if not own:
            _spool(*values)


def _insert_read(
    at: datetime,
    actor_id: UUID,
    subject: str,
    patient_id: UUID | None,
    *,
    own: bool,
) -> None:
    with _little_patience(own=own), connection.cursor() as cursor:
        hasty = own and connection.vendor == "postgresql"
        cursor.execute(
            _INSERT + (_HASTILY if hasty else ""),
            [
                connection.ops.adapt_datetimefield_value(at),
                _key(actor_id),
                Action.READ,
                subject,
                None,
                None if patient_id is None else _key(patient_id),
                "",
            ],
        )


@contextmanager
def _little_patience(*, own: bool) -> Iterator[None]:
    """Let SQLite wait for a writer only briefly: a reader is waiting too.

    A power cut may cost the last rows about people reading their own record;
    what staff read is on the disk before they see it.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    # A setting of this connection, so not a statement the database has to run.
    settle = connection.connection.execute
    settle(f"PRAGMA busy_timeout = {READ_WAIT_MS}")
    if own:
        settle("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        settle("PRAGMA synchronous = FULL")
        usual = connection.settings_dict["OPTIONS"].get("timeout", 5)
        settle(f"PRAGMA busy_timeout = {int(usual * 1000)}")


def _key(value: UUID) -> UUID | str:
    return value if connection.features.has_native_uuid_field else value.hex


_INSERT = (
    f"INSERT INTO {AuditEvent._meta.db_table} "
    "(at, actor_id, action, subject, subject_id, patient_id, detail) "
    "SELECT %s, %s, %s, %s, %s, %s, %s"
)
# As for SQLite below: only what staff read waits for the disk.
_HASTILY = " FROM (SELECT set_config('synchronous_commit', 'off', true)) AS hastily"


def spool_path() -> Path:
    return Path(settings.DATA_DIR) / "audit-spool.jsonl"


def _spool(at: datetime, actor_id: UUID, subject: str, patient_id: UUID | None) -> None:
    line = json.dumps(
        {
            "at": at.isoformat(),
            "actor_id": str(actor_id),
            "action": Action.READ,
            "subject": subject,
            "patient_id": None if patient_id is None else str(patient_id),
        }
    )
    handle = os.open(spool_path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
