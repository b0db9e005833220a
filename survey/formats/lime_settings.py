"""The texts and settings of a whole LimeSurvey survey."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from flask_babel import gettext as _

from survey.formats.lime_attributes import is_unset
from survey.formats.lime_context import Context
from survey.formats.lime_model import Texts
from survey.formats.lime_words import words
from survey.formats.plain_words import shortened
from survey.formats.survey_maker import NOWHERE, Place

MOST_WORDS = 2000
LAYOUTS = {"S": "question", "G": "pages", "A": "page"}
LAID_OUT: dict[str, Callable[[], str]] = {
    "question": lambda: _("One question a page."),
    "pages": lambda: _("One group of questions a page."),
    "page": lambda: _("All questions on one page."),
}
# Texts that have their place, or that say nothing by themselves.
USED = frozenset(
    {"surveyls_title", "surveyls_description", "surveyls_welcometext", "surveyls_endtext", "surveyls_url",
     "surveyls_urldescription", "surveyls_policy_notice", "surveyls_policy_notice_label",
     "surveyls_policy_error", "surveyls_dateformat", "surveyls_numberformat", "surveyls_survey_id",
     "surveyls_language", "surveyls_attributecaptions", "attachments"}
)  # fmt: skip
# Settings that are told in words of their own, or that mean nothing outside of LimeSurvey.
SILENT = frozenset(
    {"sid", "gsid", "owner_id", "language", "additional_languages", "format", "admin", "adminemail",
     "datecreated", "active", "lastmodified", "template", "tokenlength", "tokenencryptionoptions",
     "showgroupinfo", "showwelcome", "anonymized", "attributedescriptions", "autonumber_start",
     "bounceaccountencryption", "bounceaccounthost", "bounceaccountpass", "bounceaccounttype",
     "bounceaccountuser", "bounceprocessing", "bouncetime", "bounce_email", "savequotaexit", "faxto",
     "showsurveypolicynotice", "othersettings", "htmlemail", "autoredirect"}
)  # fmt: skip
SETTINGS: dict[str, Callable[[], str]] = {
    "startdate": lambda: _("set the first day when you open the survey"),
    "expires": lambda: _("set the last day when you open the survey"),
    "usecookie": lambda: _("set here whether one browser may answer more than once"),
    "usetokens": lambda: _("make the list of people on the page of invitations"),
    "allowregister": lambda: _("nobody can register here; give people the link"),
    "alloweditaftercompletion": lambda: _("what was sent cannot be changed here"),
    "tokenanswerspersistence": lambda: _("people come back to a draft by a short code here"),
    "allowsave": lambda: _("people come back to a draft by a short code here"),
    "allowprev": lambda: _("people can always go back here"),
    "printanswers": lambda: _("answers can be read once more before they are sent"),
    "publicstatistics": lambda: _("results are made public by publishing a summary here"),
    "publicgraphs": lambda: _("results are made public by publishing a summary here"),
    "listpublic": lambda: _("there is no public list of surveys here"),
    "usecaptcha": lambda: _("nobody has to solve a puzzle here"),
    "datestamp": lambda: _("when somebody answered is kept as the mode of the survey says"),
    "ipaddr": lambda: _("network addresses are never kept here"),
    "ipanonymize": lambda: _("network addresses are never kept here"),
    "refurl": lambda: _("where somebody came from is never kept here"),
    "savetimings": lambda: _("how long an answer takes is not kept here"),
    "assessments": lambda: _("answers give no points here"),
    "sendconfirmation": lambda: _("nobody is sent an e-mail for an answer here"),
    "emailresponseto": lambda: _("nobody is sent an e-mail for an answer here"),
    "emailnotificationto": lambda: _("nobody is sent an e-mail for an answer here"),
    "googleanalyticsapikey": lambda: _("pages here load nothing from anybody else"),
    "googleanalyticsstyle": lambda: _("pages here load nothing from anybody else"),
}
LOOKS = frozenset(
    {"showprogress", "questionindex", "navigationdelay", "nokeyboard", "showqnumcode", "showxquestions",
     "shownoanswer", "showdatepolicynotice", "emailnotification", "crypt_method", "access_mode"}
)  # fmt: skip
EXTRAS: dict[str, Callable[[], str]] = {
    "orphan": lambda: _("It belongs to a group or a question that is not in the file."),
    "quota": lambda: _("A quota; set it anew on the page of invitations."),
    "quota_languagesettings": lambda: _("The words of a quota; set it anew on the page of invitations."),
    "quota_members": lambda: _("A part of a quota; set it anew on the page of invitations."),
    "assessments": lambda: _("An assessment; answers give no points here."),
    "survey_url_parameters": lambda: _("A value from the address of the page; nothing is taken from there."),
    "plugin_settings": lambda: _("The setting of a plug-in of LimeSurvey."),
    "themes": lambda: _("Looks of LimeSurvey; pages here have their own."),
    "themes_inherited": lambda: _("Looks of LimeSurvey; pages here have their own."),
}
MOST_EXTRAS = 100


def before(context: Context) -> None:
    """What comes before the questions: the layout, the first words, what people have to agree to."""
    survey, maker = context.survey, context.maker
    layout = LAYOUTS.get(survey.settings.get("format", "").strip().upper(), "pages")
    maker.top["layout"] = layout
    maker.say("taken", "format", LAID_OUT[layout](), _place(context, "format"))
    context.facts |= {
        "SURVEYNAME": next(iter(_own(context, "surveyls_title").values()), ""),
        "SURVEYDESCRIPTION": next(iter(_own(context, "surveyls_description").values()), ""),
        "ADMINNAME": survey.settings.get("admin", ""),
        "ADMINEMAIL": survey.settings.get("adminemail", ""),
    }
    _contact(context)
    _welcome(context)
    _policy(context)


def _own(context: Context, name: str) -> dict[str, str]:
    return context.text(context.survey.words.get(name, {}), name, _place(context, name))


def _place(context: Context, name: str) -> Place:
    return context.survey.places.get(name, Place("surveys" if context.survey.format == "lss" else ""))


def _contact(context: Context) -> None:
    settings = context.survey.settings
    parts = [settings.get(name, "").strip() for name in ("admin", "adminemail")]
    parts = [part for part in parts if not is_unset("", part)]
    if parts:
        context.maker.top["contact"] = {context.languages[0]: ", ".join(parts)[:MOST_WORDS]}
        words = _("Whoever is in charge stands under “Who helps”.")
        context.maker.say("taken", "admin", words, _place(context, "admin"))


def _welcome(context: Context) -> None:
    """The description and the welcome say what the survey is about; a long welcome is text to read."""
    description = _own(context, "surveyls_description")
    welcome = _own(context, "surveyls_welcometext")
    hidden = context.survey.settings.get("showwelcome", "Y").upper() == "N"
    if welcome and hidden:
        words = _("The words of welcome are not shown there, and left out here.")
        context.maker.say("left out", "surveyls_welcometext", words, _place(context, "surveyls_welcometext"))
        welcome = {}
    both = {tag: "\n\n".join(filter(None, (description.get(tag), welcome.get(tag))))
            for tag in {**description, **welcome}}  # fmt: skip
    if any(len(text) > MOST_WORDS for text in both.values()):
        _long_welcome(context, welcome)
        both = description
    what = context.maker.words(
        both, MOST_WORDS, "surveyls_description", _place(context, "surveyls_description")
    )
    if what:
        context.maker.top["what"] = what
        sentence = _("Description and welcome stand under “What it is about”.")
        context.maker.say("taken", "surveyls_welcometext", sentence, _place(context, "surveyls_welcometext"))


def _long_welcome(context: Context, welcome: dict[str, str]) -> None:
    place = _place(context, "surveyls_welcometext")
    context.maker.page({}, "", place)
    context.maker.statement(welcome, "surveyls_welcometext", place, {}, "welcome")
    words = _("The words of welcome are long: they are text to read on the first page.")
    context.maker.say("changed", "surveyls_welcometext", words, place)


def _policy(context: Context) -> None:
    """What people have to agree to before they answer."""
    notice, place = _own(context, "surveyls_policy_notice"), _place(context, "surveyls_policy_notice")
    if not notice:
        return
    if context.survey.settings.get("showsurveypolicynotice", "0") not in ("1", "2"):
        words = _("The notice on privacy is not shown there, and left out here.")
        context.maker.say("left out", "surveyls_policy_notice", words, place)
        context.maker.origin["limesurvey.policy_notice"] = next(iter(notice.values()))
        return
    context.maker.page({}, "", place)
    _consent(context, notice, place)


def _consent(context: Context, notice: dict[str, str], place: Place) -> None:
    texts: Texts = dict(context.survey.words.get("surveyls_policy_notice_label", {}))
    texts = {
        tag: text.replace("{STARTPOLICYLINK}", "").replace("{ENDPOLICYLINK}", "")
        for tag, text in texts.items()
    }
    label = context.text(texts, "surveyls_policy_notice_label", place) or words("privacy", context.languages)
    fitted = context.maker.label_and_help(label, {}, "surveyls_policy_notice", place)
    long = any(len(text) > MOST_WORDS for text in notice.values())
    if long:
        context.maker.statement(notice, "surveyls_policy_notice", place, {}, "privacy-text")
    body = {**context.maker.identity("privacy"), "type": "consent", "label": fitted.label}
    said = {} if long else {"text": context.maker.words(notice, MOST_WORDS, "surveyls_policy_notice", place)}
    context.maker.add({**body, **said}, "surveyls_policy_notice", place)
    sentence = _("The notice on privacy is a question that people have to agree to.")
    context.maker.say("taken", "surveyls_policy_notice", sentence, place)


def after(context: Context) -> None:
    """What comes after the questions, and everything that has no place here."""
    _thanks(context)
    _mode(context)
    _other_words(context)
    _other_settings(context)
    _extras(context)


def _thanks(context: Context) -> None:
    end, place = _own(context, "surveyls_endtext"), _place(context, "surveyls_endtext")
    link = _link(context)
    texts = {tag: "\n\n".join(filter(None, (end.get(tag), link.get(tag)))) for tag in {**end, **link}}
    thanks = context.maker.words(texts, MOST_WORDS, "surveyls_endtext", place)
    if end:
        context.maker.say("taken", "surveyls_endtext", _("The last words are the thanks."), place)
    if thanks:
        context.maker.top["thanks"] = thanks


def _link(context: Context) -> dict[str, str]:
    """Where people were sent at the end."""
    addresses, names = _own(context, "surveyls_url"), _own(context, "surveyls_urldescription")
    if addresses:
        words = _("Nobody is sent to another page at the end; its address stands in the thanks.")
        context.maker.say("changed", "surveyls_url", words, _place(context, "surveyls_url"))
    return {tag: f"{names[tag]}: {text}" if names.get(tag) else text for tag, text in addresses.items()}


def _mode(context: Context) -> None:
    """Anonymous there is anonymous here; how else answers are kept is for the author to choose."""
    mode, place = context.survey.settings.get("anonymized", "").upper(), _place(context, "anonymized")
    if mode == "Y":
        context.maker.top["mode"] = "anonymous"
        context.maker.say("taken", "anonymized", _("Answers are anonymous."), place)
    elif mode == "N":
        sentence = _("Answers are not anonymous there. Choose the mode here before you publish.")
        context.maker.say("left out", "anonymized", sentence, place)


def _other_words(context: Context) -> None:
    """Texts for e-mails, which are written on the page of invitations."""
    for name, texts in context.survey.words.items():
        if name in USED or all(is_unset("", text) for text in texts.values()):
            continue
        reason = _("Invitations are written on the page of invitations; this text is left out.")
        if "email" not in name:
            reason = _("There is no place for this text here.")
        context.maker.say("left out", name, reason, _place(context, name))
        context.maker.origin[f"limesurvey.{name}"[:100]] = next(iter(texts.values()))


def _other_settings(context: Context) -> None:
    for name, value in context.survey.settings.items():
        if name in SILENT or name in LOOKS or is_unset(name, value):
            continue
        reason = SETTINGS[name]() if name in SETTINGS else _("there is no such setting here")
        words = _("The setting “%(value)s” is left out: %(why)s.", value=shortened(value, 80), why=reason)
        context.maker.say("left out", name, words, _place(context, name))


def _extras(context: Context) -> None:
    """Quotas, assessments and so on; of very many of a kind the first hundred are named, the rest counted."""
    counts = Counter(extra.kind for extra in context.survey.extras)
    told: Counter[str] = Counter()
    for extra in context.survey.extras:
        told[extra.kind] += 1
        if told[extra.kind] > MOST_EXTRAS:
            continue
        told_why = EXTRAS.get(extra.kind)
        reason = told_why() if told_why else str(_("There is no place for this section here."))
        context.maker.say("left out", extra.name or extra.kind, reason, extra.place)
    for kind, count in counts.items():
        if count > MOST_EXTRAS:
            sentence = _("There are %(count)s more of these.", count=count - MOST_EXTRAS)
            context.maker.say("left out", kind, sentence, NOWHERE)
