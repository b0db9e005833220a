"""The examples for operators must fit the application they are for."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from survey.config import PREFIX, Settings, load
from tools.environment import ROOT

DEPLOY = ROOT / "deploy"
FILES = sorted(file for file in DEPLOY.iterdir() if file.is_file())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_setting_named_is_one_there_is(file):
    known = {PREFIX + name.upper() for name in Settings.__dataclass_fields__}
    assert set(re.findall(rf"{PREFIX}[A-Z_]+", file.read_text())) <= known


def test_the_settings_of_the_service_are_accepted():
    text = (DEPLOY / "throughline-web.service").read_text()
    given = dict(re.findall(r"^#   (SURVEY_\w+)=(.*)$", text, re.MULTILINE))
    settings = load(given)
    assert settings.https
    assert settings.worker == "separate"


def test_the_proxy_lets_the_application_refuse_what_is_too_big():
    limits = re.findall(r"client_max_body_size (\d+)([km]);", (DEPLOY / "nginx.conf").read_text())
    form, file = (int(number) * {"k": 1_024, "m": 1_048_576}[unit] for number, unit in limits)
    assert Settings().body_kb * 1_000 < form < 2 * Settings().body_kb * 1_000
    assert Settings().import_mb * 1_000_000 < file < 2 * Settings().import_mb * 1_000_000


def test_all_commands_are_commands_there_are():
    text = "\n".join(file.read_text() for file in FILES)
    commands = set(re.findall(r"(?:bin/survey|command: survey|\"survey\",) \"?(\w+)", text))
    program = Path(sys.executable).with_name("survey")
    known = subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout
    assert commands == {"db", "serve", "worker"}
    assert [name for name in sorted(commands) if not re.search(rf"\b{name}\b", known)] == []
