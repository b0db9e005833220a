"""The API: what programs of staff may read and decide, with a token, in JSON.

Each operation is declared once (`contract.Operation`). The route, its permission and scope, what is checked
of a request and the OpenAPI document are all made from that, so that they cannot differ.
"""

from __future__ import annotations

from flask import Blueprint

from survey.security import csrf

bp = Blueprint("api", __name__, url_prefix="/api/v1")
# A token is no cookie: no browser sends it by itself, so there is nothing that a token of a form could add.
csrf.exempt(bp)

# The routes register themselves, in the order of the description.
from survey.views.api import board_schemas, samples_schemas, survey_schemas  # noqa: E402, F401, I001
from survey.views.api import reading, board, overview  # noqa: E402, F401
from survey.views.api import deciding, running, difference, comparing  # noqa: E402, F401
from survey.views.api import codebook, quoting, sampling, coding  # noqa: E402, F401
from survey.views.api import surveys, answers, hooks  # noqa: E402, F401
