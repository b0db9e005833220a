"""A SurveyJS survey (JSON) made into one of ours, with a report on every question, rule, text and setting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flask_babel import gettext as _

from survey.document import MOST_LANGUAGES
from survey.formats import surveyjs_choices, surveyjs_settings, surveyjs_tables, surveyjs_texts
from survey.formats.expressions_values import Rule, Target
from survey.formats.survey_files import SurveyFile, SurveyFileError
from survey.formats.survey_maker import NOWHERE, Maker, Place
from survey.formats.surveyjs_context import Context, Scope, both
from survey.formats.surveyjs_making import Making
from survey.formats.surveyjs_read import Node, children, languages, load

MAKERS: dict[str, Callable[[Making], None]] = {
    "text": surveyjs_texts.text,
    "comment": surveyjs_texts.comment,
    "boolean": surveyjs_texts.boolean,
    **dict.fromkeys(("radiogroup", "dropdown", "buttongroup"), surveyjs_choices.one_choice),
    **dict.fromkeys(("checkbox", "tagbox"), surveyjs_choices.several_choices),
    "imagepicker": surveyjs_choices.picture_choice,
    "rating": surveyjs_choices.rating,
    "ranking": surveyjs_choices.ranking,
    **dict.fromkeys(("slider", "nouislider", "bootstrapslider"), surveyjs_texts.slider),
    "matrix": surveyjs_tables.matrix,
    **dict.fromkeys(("matrixdropdown", "matrixdynamic"), surveyjs_tables.matrix_of_fields),
    "multipletext": surveyjs_tables.multiple_text,
    # Widgets that many surveys use.
    "datepicker": surveyjs_texts.day,
    **dict.fromkeys(("editor", "ckeditor"), surveyjs_texts.comment),
    "barrating": surveyjs_choices.one_choice,
    "emotionsratings": surveyjs_choices.rating,
    "sortablelist": surveyjs_choices.ranking,
}
GONE: dict[str, Callable[[], str]] = {
    "expression": lambda: _("It calculates a value; nothing is calculated here."),
    "image": lambda: _("It is a picture; there are no pictures here."),
    "file": lambda: _("It asks for files; files cannot be handed in here."),
    "signaturepad": lambda: _("It asks for a signature; nobody can sign here."),
    "microphone": lambda: _("It asks for a recording; nobody can speak here."),
    "empty": lambda: _("It is an element without a question."),
}
PANELS = frozenset({"panel", "flowpanel"})
MOST_REPEATED, MOST_ELEMENTS = 10, 20_000
# Settings that only say how people add and take away panels.
PANEL_SETTINGS = (
    "maxPanelCount", "allowAddPanel", "allowRemovePanel", "templateElements", "keyName", "defaultPanelValue",
    "defaultValueFromLastPanel", "noEntriesText",
)  # fmt: skip


def read(data: bytes, name: str) -> SurveyFile:
    """The survey in a file of JSON; raise `SurveyFileError` when it holds none."""
    survey = load(data)
    tags = languages(survey)
    context = Context(Maker("surveyjs", tags[:MOST_LANGUAGES]), names=frozenset(_names(survey)))
    for tag in context.maker.languages:
        context.maker.say("taken", tag, _("The language is taken."))
    for tag in tags[MOST_LANGUAGES:]:
        context.maker.say("left out", tag, _("A survey can have %(most)s languages.", most=MOST_LANGUAGES))
    surveyjs_settings.before(context, survey)
    for number, page in enumerate(_pages(survey), start=1):
        _page(context, page, number)
    surveyjs_settings.after(context, survey)
    return context.maker.finish(context.text(survey.get("title"), "title", NOWHERE), name)


def _names(survey: Node) -> Iterator[str]:
    """The names of everything, so that a rule about what comes later can be told as that."""
    level: list[Any] = [survey]
    while level:
        node = level.pop()
        if isinstance(node, dict) and isinstance(node.get("name"), str):
            yield node["name"]
        level += children(node)


def _pages(survey: Node) -> list[Node]:
    """The pages; elements without a page are one page."""
    pages = survey.get("pages")
    if isinstance(pages, list):
        return [page for page in pages if isinstance(page, dict)]
    return [{"elements": _elements(survey)}]


def _elements(node: Node) -> list[Any]:
    """What stands in a page, a panel, or a file without pages."""
    for name in ("elements", "questions", "templateElements"):
        if isinstance(node.get(name), list):
            return list(node[name])
    return []


def _page(context: Context, node: Node, number: int) -> None:
    sheet = _("page %(number)s", number=number)
    name, place = str(node.get("name") or sheet), Place(sheet)
    scope = Scope(sheet)
    rule, left = context.rule(node.get("visibleIf"), name, place, scope, _("of the page"))
    if rule is False or node.get("visible") is False:
        _drop_all(context, node, sheet, _("It is on a page that is never shown."))
        context.maker.say("left out", name, _("The page is never shown there."), place)
        return
    page = context.maker.page(context.text(node.get("title"), name, place), name, place)
    if isinstance(rule, dict):
        page["show_if"] = rule
    if left:
        context.maker.origin[f"surveyjs.visibleIf.{page['id']}"] = left
    description = context.text(node.get("description"), name, place)
    if description:
        context.maker.statement(description, name, place, {}, f"{page['id']}-text")
    _walk(context, _elements(node), scope)
    surveyjs_settings.page_settings(context, node, name, place)
    if page["questions"]:
        context.maker.say("taken", name, _("Taken as a page."), place)
    else:
        context.maker.say("left out", name, _("The page has no question, so it is left out."), place)


def _drop_all(context: Context, node: Node, sheet: str, why: str) -> None:
    for element in _elements(node):
        context.count += 1
        if isinstance(element, dict):
            name = str(element.get("name") or element.get("type") or "?")
            context.gone[name] = why
            context.maker.say("left out", name, why, Place(sheet, context.count))
            _drop_all(context, element, sheet, why)


def _walk(context: Context, elements: list[Any], scope: Scope) -> None:
    for node in elements:
        context.count += 1
        if context.count > MOST_ELEMENTS:
            raise SurveyFileError(_("The file has more elements than a survey can have."), scope.sheet)
        place = Place(scope.sheet, context.count)
        if isinstance(node, dict):
            _element(context, node, scope, place)
        else:
            context.maker.say("left out", str(node)[:60], _("It is not an element."), place)


def _element(context: Context, node: Node, scope: Scope, place: Place) -> None:
    kind = str(node.get("type") or "")
    name = str(node.get("name") or f"{kind or 'element'}-{context.count}")
    making = Making(context, node, name, scope, place)
    rule = _rule(making)
    why = _why_gone(making, kind, rule)
    if why:
        context.gone[name] = why
        context.maker.say("left out", name, why, place)
        if kind in PANELS or kind == "paneldynamic":
            _drop_all(context, node, scope.sheet, _("It is in a panel that is never shown."))
        return
    making.rule = rule if isinstance(rule, dict) else None
    surveyjs_settings.element_settings(making)
    if kind in PANELS:
        _panel(making)
    elif kind == "paneldynamic":
        _repeated(making)
    elif kind == "html":
        _html(making)
    else:
        MAKERS[kind](making)
        _comment(making)
    making.finish()


def _why_gone(making: Making, kind: str, rule: Rule | bool) -> str:
    if kind in GONE:
        return GONE[kind]()
    if making.node.get("visible") is False and not making.node.get("visibleIf"):
        return str(_("It is hidden there, and nobody answers hidden questions here."))
    if rule is False:
        return str(_("It is never shown there."))
    if kind not in MAKERS and kind not in PANELS and kind not in ("paneldynamic", "html"):
        return str(_("Its type “%(type)s” is not known here.", type=kind[:40] or "?"))
    return ""


def _rule(making: Making) -> Rule | bool:
    """The rules of an element, and of the panels around it."""
    context, scope = making.context, making.scope
    own, left = context.rule(making.node.get("visibleIf"), making.name, making.place, scope, "visibleIf")
    if left:
        making.notes["surveyjs.visibleIf"] = left
    enabled, left = context.rule(making.node.get("enableIf"), making.name, making.place, scope, "enableIf")
    if left:
        making.notes["surveyjs.enableIf"] = left
    if isinstance(enabled, dict):
        making.changed(_("It was greyed out by a rule; here it is not shown by that rule."))
    return both(scope.rule, own, enabled)


def _html(making: Making) -> None:
    texts = making.words("html")
    if texts:
        making.add_text(texts, making.name)
        making.made.append("statement")
    else:
        making.left_out(_("It has no text."))


def _comment(making: Making) -> None:
    """A field for a comment beside the question."""
    if not making.get("hasComment", "showCommentArea") or not making.made:
        return
    title, said = making.title(), making.words("commentText") or making.known("comment")
    word = said.get(making.context.first, "")
    labels = {tag: f"{text} – {said.get(tag, word)}" for tag, text in title.items()}
    name = f"{making.name}-Comment"
    found = making.add({"type": "long_text", "optional": True}, name, labels)
    making.changed(_("The comment is a question of its own."))
    if found:
        making.define(Target(found), name)


def _panel(making: Making) -> None:
    """A panel is its title as text to read, and the elements in it with its rule."""
    texts = _panel_words(making)
    if texts:
        making.add_text(texts)
    _walk(making.context, _elements(dict(making.node)), making.inside(rule=making.rule))
    if making.node.get("isRequired"):
        making.left_out(_("That something in the panel has to be answered is left out."))
    making.context.maker.say("taken", making.name, _("The panel is taken as its questions."), making.place)


def _panel_words(making: Making) -> dict[str, str]:
    title, described = making.words("title"), making.words("description")
    return {
        tag: "\n\n".join(filter(None, (title.get(tag), described.get(tag)))) for tag in {**title, **described}
    }


def _repeated(making: Making) -> None:
    """A panel that people repeat: here its questions come a fixed number of times."""
    asked = [making.whole(0, 1000, name) or 0 for name in ("minPanelCount", "panelCount")]
    count = max(1, min(max(asked), MOST_REPEATED))
    making.get(*PANEL_SETTINGS)
    heading, title = _panel_words(making), making.words("templateTitle")
    making.words("templateDescription")
    for number in range(count):
        texts = {
            tag: f"{text} ({number + 1})" if count > 1 else text for tag, text in (heading or title).items()
        }
        if texts:
            making.add_text(texts)
        inner = f"{making.name}[{number}]"
        prefix = f"{making.name}-{number + 1}-" if count > 1 else making.scope.prefix
        scope = making.inside(rule=making.rule, inner=inner, prefix=prefix)
        _walk(making.context, _elements(dict(making.node)), scope)
    sentence = _(
        "People could repeat its questions there; here their number is fixed: %(count)s.", count=count
    )
    making.context.maker.say("changed", making.name, sentence, making.place)
