import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from tracker import environment


def test_no_url_is_sqlite_that_survives_a_power_cut(tmp_path):
    settings = environment.database("", tmp_path)

    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in settings["OPTIONS"]["init_command"]
    assert settings["CONN_MAX_AGE"] is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://u:p%40ss@db:6543/respite",
            ("respite", "u", "p@ss", "db", "6543"),
        ),
        ("postgres://u@/respite?host=/run/pg", ("respite", "u", "", "/run/pg", "")),
    ],
)
def test_postgresql_url_is_taken_apart(tmp_path, url, expected):
    found = environment.database(url, tmp_path)

    parts = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    assert tuple(found[part] for part in parts) == expected


def test_unknown_database_is_refused_by_name(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="mysql"):
        environment.database("mysql://x/y", tmp_path)


def test_flag_that_is_neither_is_refused(monkeypatch):
    monkeypatch.setenv("RESPITE_HTTPS", "maybe")

    with pytest.raises(ImproperlyConfigured, match="maybe"):
        environment.env_flag("RESPITE_HTTPS")


def test_made_key_is_kept_and_readable_by_the_owner_only(tmp_path, monkeypatch):
    monkeypatch.delenv("RESPITE_SECRET_KEY", raising=False)

    first, second = environment.secret_key(tmp_path), environment.secret_key(tmp_path)

    assert first == second
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_short_key_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("RESPITE_SECRET_KEY", "short")

    with pytest.raises(ImproperlyConfigured, match="32 characters"):
        environment.secret_key(tmp_path)
