"""The texts and settings of a whole SurveyJS survey, and those that every page and element may have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from survey.formats.plain_words import shortened
from survey.formats.survey_maker import NOWHERE, Place
from survey.formats.surveyjs_context import Context
from survey.formats.surveyjs_making import Making
from survey.formats.surveyjs_read import Node

MOST_WORDS = 2000
LAYOUTS = {
    "singlePage": "page",
    "questionPerPage": "question",
    "questionOnPage": "question",
    "inputPerPage": "question",
}
USED = frozenset(
    {
     "calculatedValues", "completedHtml", "completedHtmlOnCondition", "description", "elements", "id",
     "isSinglePage", "locale", "name", "navigateToUrl", "navigateToUrlOnCondition", "pages", "questions",
     "questionsOnPageMode", "surveyId", "surveyPostId", "title", "triggers"
    }
)  # fmt: skip
REASONS: dict[str, Callable[[], str]] = {
    "completedBeforeHtml": lambda: _("who answered before is told so in other words here"),
    "loadingHtml": lambda: _("nothing is loaded here while people wait"),
    "cookieName": lambda: _("set here whether one browser may answer more than once"),
    "firstPageIsStarted": lambda: _("the first page is a page like the others"),
    "firstPageIsStartPage": lambda: _("the first page is a page like the others"),
    "maxTimeToFinish": lambda: _("nobody has to hurry here: there is no time limit"),
    "maxTimeToFinishPage": lambda: _("nobody has to hurry here: there is no time limit"),
    "timeLimit": lambda: _("nobody has to hurry here: there is no time limit"),
    "timeLimitPerPage": lambda: _("nobody has to hurry here: there is no time limit"),
    "questionsOrder": lambda: _("the order of questions is the same for everybody here"),
    "questionOrder": lambda: _("the order of questions is the same for everybody here"),
    "logo": lambda: _("pages here show the name of the office"),
    "completeText": lambda: _("buttons have their own words here"),
    "startSurveyText": lambda: _("buttons have their own words here"),
    "pageNextText": lambda: _("buttons have their own words here"),
    "pagePrevText": lambda: _("buttons have their own words here"),
    "previewText": lambda: _("buttons have their own words here"),
    "editText": lambda: _("buttons have their own words here"),
    "emptySurvey": lambda: _("an empty survey is not published here"),
    "showPreviewBeforeComplete": lambda: _("answers can always be read once more before they are sent"),
    "previewMode": lambda: _("answers can always be read once more before they are sent"),
    "partialSendEnabled": lambda: _("only what people send is counted here"),
    "sendResultOnPageNext": lambda: _("only what people send is counted here"),
    "quizMode": lambda: _("answers give no points here"),
    "requiredMark": lambda: _("what may be left out is marked here"),
    "requiredText": lambda: _("what may be left out is marked here"),
    "variables": lambda: _("nothing is calculated here"),
    "maxTextLength": lambda: _("each field has its own length here"),
    "maxOthersLength": lambda: _("each field has its own length here"),
    "clearInvisibleValues": lambda: _("answers to hidden questions are kept until sending, then dropped"),
}
LOOKS = frozenset(
    {
     "allowCompleteSurveyAutomatic", "allowResizeComment", "autoAdvanceAllowComplete", "autoAdvanceEnabled",
     "autoFocusFirstError", "autoFocusFirstQuestion", "autoGrowComment", "backgroundImage",
     "backgroundImageAttachment", "backgroundImageFit", "backgroundOpacity", "checkErrorsMode",
     "commentAreaRows", "css", "errorLocation", "fitToContainer", "focusFirstQuestionAutomatic",
     "focusOnFirstError", "goNextPageAutomatic", "gridLayoutEnabled", "header", "headerView",
     "itemsSeparator", "keepIncorrectValues", "lazyRenderEnabled", "lazyRendering", "logoFit", "logoHeight",
     "logoPosition", "logoWidth", "matrixDragHandleArea", "mode", "navigationButtonsLocation",
     "progressBarInheritWidthFrom", "progressBarLocation", "progressBarShowPageNumbers",
     "progressBarShowPageTitles", "progressBarType", "questionDescriptionLocation", "questionErrorLocation",
     "questionStartIndex", "questionTitleLocation", "questionTitlePattern", "questionTitleTemplate",
     "sendResultOnPageNext", "showBrandInfo", "showCompletePage", "showCompletedPage",
     "showInvisibleElements", "showNavigationButtons", "showPageNumbers", "showPageTitles", "showPrevButton",
     "showProgressBar", "showQuestionNumbers", "showTOC", "showTimer", "showTimerPanel", "showTimerPanelMode",
     "showTitle", "storeOthersAsComment", "textUpdateMode", "theme", "themeVariables", "timerInfoMode",
     "timerLocation", "titleLocation", "tocLocation", "validationEnabled", "width", "widthMode"
    }
)  # fmt: skip
PAGE_USED = frozenset(
    {
     "colSpan", "description", "elements", "gridLayoutColumns", "id", "innerIndent", "maxWidth", "minWidth",
     "name", "navigationButtonsVisibility", "navigationDescription", "navigationTitle", "num",
     "questionErrorLocation", "questionTitleLocation", "questionTitleWidth", "questions", "questionsOrder",
     "showNavigationButtons", "showNumber", "state", "title", "type", "visible", "visibleIf", "width"
    }
)  # fmt: skip


def before(context: Context, survey: Node) -> None:
    """What comes before the questions: the layout and what the survey is about."""
    mode = str(survey.get("questionsOnPageMode") or "")
    layout = "page" if survey.get("isSinglePage") is True else LAYOUTS.get(mode, "pages")
    context.maker.top["layout"] = layout
    what = context.text(survey.get("description"), "description", NOWHERE)
    found = context.maker.words(what, MOST_WORDS, "description")
    if found:
        context.maker.top["what"] = found
        sentence = _("The description stands under “What it is about”.")
        context.maker.say("taken", "description", sentence)


def after(context: Context, survey: Node) -> None:
    """What comes after the questions, and everything that has no place here."""
    _thanks(context, survey)
    for key, sentence in LISTS.items():
        _list(context, key, survey.get(key), sentence())
    for key, value in survey.items():
        if key in USED or value in (None, "", False, [], {}):
            continue
        if key in LOOKS:
            context.looks.add(key)
        else:
            _left_out(context, key, value)
    _tell_looks(context)


LISTS: dict[str, Callable[[], str]] = {
    "triggers": lambda: _("Nothing happens by itself here: a trigger is left out."),
    "calculatedValues": lambda: _("Nothing is calculated here: a value is left out."),
    "completedHtmlOnCondition": lambda: _("The thanks are the same for everybody: a variant is left out."),
    "navigateToUrlOnCondition": lambda: _(
        "Nobody is sent to another page at the end: an address is left out."
    ),
}


def _left_out(context: Context, key: str, value: Any) -> None:
    reason = REASONS[key]() if key in REASONS else _("there is no such setting here")
    said = shortened(next(iter(context.raw(value).values()), "") or str(value), 80)
    sentence = _("The setting “%(value)s” is left out: %(why)s.", value=said, why=reason)
    context.maker.say("left out", key, sentence)


def _list(context: Context, key: str, listed: Any, sentence: str) -> None:
    for number, one in enumerate(listed if isinstance(listed, list) else [], start=1):
        node = one if isinstance(one, dict) else {}
        name = str(node.get("name") or node.get("type") or key)
        rule = shortened(str(node.get("expression") or ""), 200)
        words = f"{sentence} ({rule})" if rule else sentence
        context.maker.say("left out", name, words, Place(key, number))


def _thanks(context: Context, survey: Node) -> None:
    """The last words, and where people were sent."""
    texts = context.text(survey.get("completedHtml"), "completedHtml", NOWHERE)
    address = survey.get("navigateToUrl")
    if isinstance(address, str) and address.strip():
        sentence = _("Nobody is sent to another page at the end; its address stands in the thanks.")
        context.maker.say("changed", "navigateToUrl", sentence)
        texts = {tag: f"{text}\n\n{address}" for tag, text in (texts or {context.first: ""}).items()}
        texts = {tag: text.strip() for tag, text in texts.items()}
    thanks = context.maker.words(texts, MOST_WORDS, "completedHtml")
    if thanks:
        context.maker.top["thanks"] = thanks
        context.maker.say("taken", "completedHtml", _("The last words are the thanks."))


def _tell_looks(context: Context) -> None:
    if context.looks:
        names = ", ".join(sorted(context.looks))
        context.maker.say("changed", "looks", _("Settings of looks are left out: %(names)s.", names=names))
    if context.bold:
        context.maker.say("changed", "HTML", _("Bold, slanted and coloured words are plain words here."))


def page_settings(context: Context, node: Mapping[str, Any], name: str, place: Place) -> None:
    """What else a page asked for."""
    for key, value in node.items():
        if key in PAGE_USED or value in (None, "", False, [], {}):
            continue
        reason = REASONS[key]() if key in REASONS else _("there is no such setting here")
        sentence = _("The setting %(name)s is left out: %(why)s.", name=key[:60], why=reason)
        context.maker.say("left out", name, sentence, place)
    if node.get("questionsOrder") == "random":
        context.maker.say(
            "left out", name, _("The order of questions is the same for everybody here."), place
        )


ELEMENT: dict[str, Callable[[], str]] = {
    "defaultValue": lambda: _("Nothing is filled in beforehand here (“%(value)s”)."),
    "defaultValueExpression": lambda: _("Nothing is filled in beforehand here (“%(value)s”)."),
    "setValueExpression": lambda: _("Nothing is filled in by itself here (“%(value)s”)."),
    "setValueIf": lambda: _("Nothing is filled in by itself here (“%(value)s”)."),
    "resetValueIf": lambda: _("Nothing is emptied by itself here (“%(value)s”)."),
    "correctAnswer": lambda: _("The right answer is left out (“%(value)s”): answers give no points here."),
    "requiredIf": lambda: _("It has to be answered by a rule there (“%(value)s”); here it may be left out."),
    "readOnly": lambda: _("It could not be changed there (“%(value)s”); here people answer it."),
    "requiredErrorText": lambda: _("Messages are those of this program; “%(value)s” is left out."),
    "minErrorText": lambda: _("Messages are those of this program; “%(value)s” is left out."),
    "maxErrorText": lambda: _("Messages are those of this program; “%(value)s” is left out."),
    "minValueExpression": lambda: _("A bound that is calculated is left out (“%(value)s”)."),
    "maxValueExpression": lambda: _("A bound that is calculated is left out (“%(value)s”)."),
    "maskType": lambda: _("How the field helps while typing is left out (“%(value)s”)."),
    "placeholder": lambda: _("Words inside of an empty field are left out (“%(value)s”)."),
    "placeHolder": lambda: _("Words inside of an empty field are left out (“%(value)s”)."),
}


def element_settings(making: Making) -> None:
    """Settings of an element that have no place here, each with its reason."""
    for key, sentence in ELEMENT.items():
        value = making.node.get(key)
        making.used.add(key)
        if value in (None, "", False, [], {}) or (key == "maskType" and value == "none"):
            continue
        said = next(iter(making.context.raw(value).values()), "") or str(value)
        making.left_out(sentence() % {"value": shortened(said, 80)})
        making.notes[f"surveyjs.{key}"] = said
    if making.node.get("requiredIf") and making.node.get("isRequired") is not True:
        making.used.add("requiredIf")
