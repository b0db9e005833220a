"""The layers: who may import whom. Each message names file, line and rule."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import import_rule
from tools.import_rule import ROOT, RULES


def test_no_layer_imports_what_it_must_not():
    assert list(import_rule.breaches(ROOT)) == []


def test_every_rule_speaks_of_files_that_exist():
    places = {place for rule in RULES for place in (*rule.where, *rule.apart)}
    assert [place for place in sorted(places) if not (ROOT / place).exists()] == []


def breaches_of(root: Path, path: str, source: str) -> list[str]:
    file = root / path
    file.parent.mkdir(parents=True)
    file.write_text(source)
    return list(import_rule.breaches(root))


@pytest.mark.parametrize(
    ("path", "source", "name"),
    [
        ("analysis/text.py", "import survey.db", "survey.db"),
        ("analysis/text.py", "from sqlalchemy.orm import Session", "sqlalchemy.orm.Session"),
        ("analysis/text.py", "def fetch():\n    import urllib.request", "urllib.request"),
        ("survey/cli.py", "import analysis", "analysis"),
        ("survey/cli.py", "from analysis.breadth import breadth", "analysis.breadth.breadth"),
        ("survey/services/themes.py", "from analysis import discover", "analysis.discover"),
        ("survey/services/themes.py", "from ..views import review", "survey.views.review"),
        ("survey/services/themes.py", "from flask import request", "flask.request"),
        ("survey/services/themes.py", "if 1:\n    import werkzeug.http", "werkzeug.http"),
        ("survey/models/theme.py", "from survey.services import themes", "survey.services.themes"),
        ("survey/models/__init__.py", "from ..services import themes", "survey.services.themes"),
        ("survey/formats/xlsx.py", "from survey.models.theme import Theme", "survey.models.theme.Theme"),
        ("survey/formats/xlsx.py", "import sqlalchemy as sa", "sqlalchemy"),
        ("survey/board/build.py", "from survey import models", "survey.models"),
        ("survey/views/review/themes.py", "from survey.db import connect", "survey.db.connect"),
        ("survey/views/review/themes.py", "from ...jobs.tasks import discover", "survey.jobs.tasks.discover"),
        ("survey/jobs/worker.py", "import flask", "flask"),
    ],
)
def test_a_breach_is_named_with_file_line_and_reason(tmp_path, path, source, name):
    (found,) = breaches_of(tmp_path, path, source)
    line = next(number for number, text in enumerate(source.splitlines(), 1) if "import" in text)
    assert found.startswith(f"{path}:{line}: imports {name}. ")
    assert found.endswith(".")


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("analysis/text.py", "import nltk\nfrom .types import Comment\nimport timeit"),
        ("survey/jobs/tasks/discover.py", "import analysis\nfrom survey.services import themes"),
        ("survey/board/build.py", "from analysis.breadth import breadth"),
        ("survey/services/themes.py", "from analysis import breadth\nimport survey.models, flaskish"),
        ("survey/services/quotes.py", "from analysis.redact import find_personal"),
        ("survey/views/review/themes.py", "import flask\nfrom survey.services import themes"),
        ("survey/__init__.py", "from survey.views import review"),
        ("survey/views/__init__.py", "from . import review"),
    ],
)
def test_what_the_rules_allow_is_left_alone(tmp_path, path, source):
    assert breaches_of(tmp_path, path, source) == []


def test_what_services_may_import_of_the_analysis_loads_no_numbers():
    code = "import analysis.breadth, analysis.redact, sys; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


WEB_WORKER = """
import importlib, pathlib, sys
import survey
root = pathlib.Path(survey.__file__).parent
for file in root.rglob("*.py"):
    # Walking the packages would import the tasks to look into them.
    name = ".".join(file.relative_to(root.parent).with_suffix("").parts).removesuffix(".__init__")
    if not name.startswith("survey.jobs.tasks"):
        importlib.import_module(name)
print(*sorted({"sklearn", "scipy", "nltk"} & set(sys.modules)))
"""


def test_a_web_worker_does_not_load_the_libraries_of_the_analysis():
    done = subprocess.run(
        [sys.executable, "-c", WEB_WORKER], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
