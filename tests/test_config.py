"""Settings: what is taken, what is refused, and that the documentation lists just these."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from survey.config import Settings, SettingsError, load

DOCS = Path(__file__).parent.parent / "docs" / "settings.md"


def test_an_empty_environment_gives_the_defaults() -> None:
    assert load({}) == Settings()


def test_values_are_read_and_converted() -> None:
    settings = load(
        {"SURVEY_HTTPS": "1", "SURVEY_DRAFT_HOURS": "48", "SURVEY_WORKER": "separate", "PATH": "/bin"}
    )
    assert (settings.https, settings.draft_hours, settings.worker) == (True, 48, "separate")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SURVEY_DATABASE", "x", "SURVEY_DATABASE is not a setting"),
        ("SURVEY_DRAFT_HOURS", "0", "from 1 to 336"),
        ("SURVEY_DRAFT_HOURS", "soon", "from 1 to 336"),
        ("SURVEY_HTTPS", "maybe", "use 1 or 0"),
        ("SURVEY_WORKER", "both", "on_demand, separate"),
        ("SURVEY_LANGUAGE", "de", "use one of: en, es, ar, zh"),
        ("SURVEY_APPROVED_LANGUAGES", "ar, xx", "has 'xx'; use some of: en, es, ar"),
        ("SURVEY_TIMEZONE", "Mars/Olympus", "America/New_York"),
        ("SURVEY_TIMEZONE", "../../etc/passwd", "America/New_York"),
        ("SURVEY_DATABASE_URL", "mysql://x", "sqlite:///"),
        ("SURVEY_DASK_SCHEDULER", "10.0.0.5:8786", "tcp://10.0.0.5:8786"),
        ("SURVEY_DASK_SCHEDULER", "http://10.0.0.5:8786", "tcp://10.0.0.5:8786"),
        ("SURVEY_DASK_SCHEDULER", "tcp://10.0.0.5", "tcp://10.0.0.5:8786"),
        ("SURVEY_DASK_SCHEDULER", "tcp://10.0.0.5:port", "tcp://10.0.0.5:8786"),
        ("SURVEY_DASK_SCHEDULER", "tcp://[::1:8786", "tcp://10.0.0.5:8786"),
    ],
)
def test_a_wrong_setting_stops_with_a_sentence(name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError, match=name) as refusal:
        load({name: value})
    assert words in str(refusal.value)


@pytest.mark.parametrize("secret", ["", "short", "a" * 60, "abab" * 20])
def test_a_missing_or_weak_secret_is_refused(secret: str) -> None:
    with pytest.raises(SettingsError, match="SURVEY_SECRET_KEY"):
        Settings(secret_key=secret).require_secret()


def test_a_good_secret_passes() -> None:
    Settings(secret_key="k3J-9fQ_zL2mX8vB1nC7wR5tY0pD4sHg").require_secret()


def test_the_documentation_lists_every_setting_with_its_default() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for field in fields(Settings):
        assert f"| `SURVEY_{field.name.upper()}` | `{field.default}` | {field.metadata['help']} |" in text


def test_the_documentation_lists_no_other_setting() -> None:
    known = {f"SURVEY_{field.name.upper()}" for field in fields(Settings)}
    rows = [
        line.split("`")[1] for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("| `")
    ]
    assert set(rows) == known
