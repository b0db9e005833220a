"""Long work and runs in words: what is being done, what for, where its result is."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from survey.models import Job, Run
from survey.services import helpful, runs, splits

# What a worker says it is doing, here so that it is translated.
STAGES = (
    _l("Reading the comments"),
    _l("Learning the words"),
    _l("Comparing the comments"),
    _l("Choosing the number of themes"),
    _l("Grouping the comments"),
    _l("Placing every comment"),
    _l("Checking stability"),
    _l("Naming the themes"),
    _l("Drawing the map"),
    _l("Done"),
    _l("Storing the themes"),
    _l("Looking for near duplicates"),
    _l("Looking for parts of the theme"),
)


@dataclass(frozen=True, slots=True)
class JobWords:
    """What the page of a job says: what is done, what comes of it, what failed, where to begin again."""

    doing: str
    then: str
    failed: str
    again: str
    try_again: str


def job_words(slug: str, job: Job) -> JobWords:
    """The words for a kind of job."""
    if job.kind == runs.PLACE:
        return JobWords(
            _("Placing comments"),
            _("You can leave this page: the work goes on. Nothing changes on the board until you say so."),
            _("The comments were not placed"),
            url_for("review.place_rest", slug=slug),
            _("Place the rest like these"),
        )
    if job.kind == splits.KIND:
        return JobWords(
            _("Looking for parts"),
            _("You can leave this page: the work goes on. You look the parts over before anything is split."),
            _("No parts found"),
            url_for("review.split", slug=slug, theme_id=job.args["theme"]),
            _("Split the theme"),
        )
    if job.kind == helpful.KIND:
        return JobWords(
            _("Choosing comments"),
            _("You can leave this page: the work goes on."),
            _("No comments were chosen"),
            url_for("review.helpful", slug=slug),
            _("Choose comments"),
        )
    if job.kind == "near_duplicates":
        return JobWords(
            _("Looking for near duplicates"),
            _("You can leave this page: the work goes on."),
            _("Near duplicates were not counted"),
            url_for("studio.import_report", slug=slug, import_id=job.args["import_id"]),
            _("Go to the import"),
        )
    if job.kind == "agreement":
        return JobWords(
            _("Comparing the two coders"),
            _("You can leave this page: the work goes on."),
            _("The two coders were not compared"),
            url_for("review.all_samples", slug=slug),
            _("Go to the samples"),
        )
    return JobWords(
        _("Finding themes"),
        _("You can leave this page: the work goes on. What you decided stays as it is."),
        _("No themes found"),
        url_for("review.find", slug=slug),
        _("Find themes"),
    )


def result_of(slug: str, job: Job, on_board: Run | None) -> str:
    """The address of what a job made."""
    made, args = job.result or {}, job.args
    match job.kind:
        case runs.KIND | runs.PLACE:
            if on_board is None or on_board.number == made["run"]:
                return url_for("review.board", slug=slug)
            return url_for("review.run", slug=slug, number=made["run"])
        case splits.KIND:
            return url_for("review.split_parts", slug=slug, theme_id=args["theme"], job_id=job.id)
        case helpful.KIND:
            return url_for("review.helpful_comments", slug=slug, job_id=job.id)
        case "near_duplicates":
            return url_for("studio.import_report", slug=slug, import_id=args["import_id"])
        case "agreement":
            return url_for("review.sample", slug=slug, number=made["number"])
        case "compare":
            return url_for("review.compare", slug=slug, old=args["old"], new=args["new"])
    return url_for("review.board", slug=slug)


def how_made(run: Run) -> str:
    """With which options a run was made."""
    options = run.manifest.get("options", {})
    if run.kind == runs.PLACE:
        every = run.manifest.get("every")
        told = [_("all comments by examples") if every else _("comments in no theme, by examples")]
    elif options.get("themes"):
        told = [ngettext("%(num)s theme asked for", "%(num)s themes asked for", options["themes"])]
    else:
        words = {"few": _("few themes"), "many": _("many themes"), "balanced": _("balanced")}
        told = [words.get(options.get("granularity", "balanced"), "")]
    if run.manifest.get("afresh"):
        told.append(_("started afresh"))
    if run.seed:
        told.append(_("seed %(seed)s", seed=run.seed))
    return ", ".join(str(word) for word in told if word)
