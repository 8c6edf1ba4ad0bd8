"""Named people with a stated relation, and clients that act as them."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from hypothesis import settings as hypothesis_settings

from api import throttle
from tests.factories import make_clinic, make_patient, make_staff, make_user
from tracker import actions, append_only, side_effects
from tracker.models import Clinic, Patient, User

# A busy machine is no failure; speed is measured in benchmarks.
hypothesis_settings.register_profile("respite", deadline=None)
hypothesis_settings.load_profile("respite")


@pytest.fixture(scope="session")
def django_db_modify_db_settings_parallel_suffix(request) -> None:
    """A database for each worker; those of SQLite are in memory, so they are it.

    pytest-django knows this of Django's own SQLite engine only, and would make a
    file out of ours.
    """
    if connection.vendor != "sqlite":
        request.getfixturevalue("django_db_modify_db_settings_xdist_suffix")


@pytest.fixture(autouse=True)
def _cheap_and_forgetful(settings, tmp_path, monkeypatch) -> Iterator[None]:
    """Cheap password hashes; nothing remembered from one test to the next."""
    # A part of a page that fails is a failing test.
    monkeypatch.setattr("dashboard.pages.parts.RAISES", True)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DATA_DIR = tmp_path
    throttle.forget()
    side_effects.forget()
    yield
    side_effects.forget()


@pytest.fixture
def clinic(db) -> Clinic:
    return make_clinic()


@pytest.fixture
def other_clinic(db) -> Clinic:
    return make_clinic("Hill Clinic")


@pytest.fixture
def ana(clinic) -> Patient:
    """A patient of the clinic."""
    return make_patient("Ana", clinic)


@pytest.fixture
def ben(clinic) -> Patient:
    """Another patient of the same clinic."""
    return make_patient("Ben", clinic)


@pytest.fixture
def zoe(other_clinic) -> Patient:
    """A patient of the other clinic."""
    return make_patient("Zoe", other_clinic)


@pytest.fixture
def dr_cole(clinic) -> User:
    """A clinician of Ana's clinic."""
    return make_staff("Dr Cole", clinic, "clinician")


@pytest.fixture
def nurse_nora(clinic) -> User:
    """A nurse of Ana's clinic."""
    return make_staff("Nora", clinic, "nurse")


@pytest.fixture
def admin_abe(clinic) -> User:
    """Administrator of Ana's clinic: runs it, reads no health record."""
    return make_staff("Abe", clinic, "administrator")


@pytest.fixture
def dr_dane(other_clinic) -> User:
    """A clinician of the other clinic."""
    return make_staff("Dr Dane", other_clinic, "clinician")


@pytest.fixture
def stranger(db) -> User:
    """An account with neither role nor record."""
    return make_user("Stranger")


@pytest.fixture
def client_for() -> Callable[[User | None], Client]:
    """A client with a token of the given person; None for nobody."""

    def make(user: User | None) -> Client:
        if user is None:
            return Client()
        token = actions.add_api_token(user, "test")
        return Client(headers={"Authorization": f"Bearer {token}"})

    return make


@pytest.fixture
def session_for() -> Callable[[User], Client]:
    """A client signed in as a browser is, CSRF checks on."""

    def make(user: User) -> Client:
        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        return client

    return make


@pytest.fixture
def without_delete_triggers(transactional_db) -> None:
    """For tests against a live server.

    They end by emptying all tables, which SQLite does by DELETE, and our
    append-only tables refuse exactly that. Updates stay refused.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table in append_only.TABLES:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_delete")
