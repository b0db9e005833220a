"""One element of SurveyJS as it becomes one or more questions of ours: its settings, words, rules, report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _

from survey import questions
from survey.formats.expressions import ExpressionError
from survey.formats.expressions_values import CannotSay, Rule, Target
from survey.formats.lime_words import words
from survey.formats.plain_words import shortened
from survey.formats.survey_maker import Place, notes
from survey.formats.surveyjs_context import Choices, Context, Doc, Item, Scope, Words, both, items, with_item

# Settings that every element may have, and that are seen to in one place.
COMMON = frozenset(
    {"type", "name", "title", "description", "isRequired", "visible", "visibleIf", "valueName", "elements",
     "readOnly", "enableIf", "requiredIf", "defaultValue", "correctAnswer", "hasComment", "showCommentArea",
     "commentText", "validators"}
)  # fmt: skip
# How an element looks, or what a program does with it. Here every question has the looks everybody can use.
LOOKS = frozenset(
    {
     "acceptCarriageReturn", "addRowButtonLocation", "addRowLocation", "addRowText", "allowClear",
     "allowResize", "alternateRows", "autoComplete", "autoGrow", "autocomplete", "cellType", "cellWidth",
     "closeOnSelect", "colCount", "colSpan", "cols", "columnMaxWidth", "columnMinWidth", "confirmDelete",
     "confirmDeleteText", "contentMode", "dataList", "descriptionLocation", "detailPanelShowOnAdding",
     "displayMode", "displayStyle", "effectiveColSpan", "emptyRowsText", "errorLocation", "fitToContainer",
     "gridLayoutColumns", "hideColumnsIfEmpty", "hideNumber", "imageFit", "imageHeight", "imageWidth",
     "indent", "innerIndent", "itemSize", "itemTitleWidth", "keyDuplicationError", "lockedRowCount",
     "longTap", "maxImageHeight", "maxImageWidth", "maxWidth", "minImageHeight", "minImageWidth", "minWidth",
     "newPanelPosition", "noRowsText", "optionsCaption", "optionsPlaceholder", "page", "panelAddText",
     "panelNextText", "panelPrevText", "panelRemoveButtonLocation", "panelRemoveText", "progressBarLocation",
     "questionStartIndex", "questionTitleLocation", "questionTitleWidth", "rateColorMode",
     "rateDescriptionLocation", "rateType", "removeRowText", "renderAs", "renderMode", "rowOrder",
     "rowTitleWidth", "scaleColorMode", "searchEnabled", "searchMode", "selectToRankAreasLayout",
     "selectToRankSwapAreas", "separateSpecialChoices", "showHeader", "showLabel", "showLabels", "showNumber",
     "showOptionsCaption", "showQuestionNumbers", "showRangeInProgress", "size", "sizeMode",
     "startWithNewLine", "state", "swapOrder", "tabAlign", "tabsMaxWidth", "templateErrorLocation",
     "templateTitleLocation", "textUpdateMode", "titleLocation", "useDisplayValuesInDynamicTexts",
     "verticalAlign", "width"
    }
)  # fmt: skip


@dataclass
class Making:
    """The element, what of it was used, and what the report will say."""

    context: Context
    node: Mapping[str, Any]
    name: str
    scope: Scope
    place: Place
    rule: Rule | None = None
    used: set[str] = field(default_factory=set)
    changes: dict[str, None] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)

    def get(self, *names: str) -> Any:
        """A setting, by its name now or by an earlier one; it counts as used."""
        self.used |= set(names)
        return next((self.node[name] for name in names if self.node.get(name) is not None), None)

    def number(self, *names: str) -> int | float | None:
        """A setting that is a number, be it written as a text."""
        value = self.get(*names)
        if isinstance(value, str):
            try:
                value = float(value) if len(value) <= 20 else None
            except ValueError:
                return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 10**12:
            return None
        return int(value) if float(value).is_integer() else value

    def whole(self, least: int, most: int, *names: str) -> int | None:
        """A setting that is a whole number between two others."""
        value = self.number(*names)
        return int(value) if value is not None and least <= value <= most else None

    def words(self, *names: str) -> Words:
        """A setting that is a text."""
        return self.context.text(self.get(*names), self.name, self.place)

    def title(self) -> Words:
        """Its words: the title, or the name where it has none."""
        return self.words("title") or {self.context.first: self.name}

    def known(self, key: str) -> Words:
        """A word that SurveyJS says itself."""
        return words(key, self.context.maker.languages)

    def changed(self, sentence: str) -> None:
        """Say that something is not as it was there."""
        self.changes[sentence] = None

    def left_out(self, sentence: str) -> None:
        """Say that something is not here at all."""
        self.context.maker.say("left out", self.name, sentence, self.place)

    def nodes(self, name: str) -> list[Mapping[str, Any]]:
        """A setting that is a list of objects; what is no object in it is not there."""
        found = self.get(name)
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def items(self, *names: str) -> list[Item]:
        """A setting that is a list of choices, rows or columns."""
        return items(self.context, self.get(*names), self.name, self.place)

    def choices(self, listed: list[Item], has_other: bool = False, rules: bool = True) -> Choices:
        """Choices with their own rules."""
        found = Choices(self.context, self.name, self.place, has_other)
        for item in listed:
            found.add(item.code, item.words, self.item_rule(item) if rules else True)
        for sentence in found.changes:
            self.changed(sentence)
        return found

    def item_rule(self, item: Item, common: str = "choicesVisibleIf") -> Rule | bool:
        """When a choice or a row is shown: its own rule, and the one that all of them share."""
        what = _("of the choice “%(code)s”", code=item.code[:60])
        own, _left = self.context.rule(item.node.get("visibleIf"), self.name, self.place, self.scope, what)
        shared = self._shared_rule(self.node.get(common), item)
        for setting in ("enableIf", "choicesEnableIf"):
            if item.node.get(setting):
                self.left_out(_("A choice could be greyed out; that is left out (%(name)s).", name=setting))
        return both(own, shared)

    def _shared_rule(self, text: Any, item: Item) -> Rule | bool:
        if not isinstance(text, str) or not text.strip():
            return True
        try:
            expression = with_item(self.context.parsed(text), item.value)
            return self.context.said(expression, self.scope)
        except (ExpressionError, CannotSay) as error:
            return self._no_shared_rule(text, str(error))

    def _no_shared_rule(self, text: str, why: str) -> bool:
        sentence = _(
            "The rule of its choices “%(rule)s” is left out: %(why)s.", rule=shortened(text, 200), why=why
        )
        self.left_out(sentence)
        return True

    # Questions -------------------------------------------------------------------------------------------

    def add(
        self,
        doc: Doc,
        name: str = "",
        labels: Words | None = None,
        rule: Rule | bool = True,
        helps: Any = None,
    ) -> str:
        """Put a question into the survey and return its id, "" when it could not be one."""
        maker, own = self.context.maker, labels is None
        label = self.title() if labels is None else labels
        described = self.words("description") if own else self.context.text(helps, self.name, self.place)
        fitted = maker.label_and_help(label, described, name or self.name, self.place)
        shown = both(self.rule, rule)
        common = {"show_if": shown} if isinstance(shown, dict) else {}
        for before in fitted.before:
            maker.statement(before, self.name, self.place, common, f"{self.name}-text")
        made = {
            **maker.identity(self.scope.prefix + (name or self.name)),
            **doc,
            "label": fitted.label,
            **common,
        }
        made |= {"help": fitted.help} if fitted.help else {}
        made["origin"] = notes({"surveyjs.type": str(self.node.get("type", "")), **self.notes})
        if made["type"] != "statement":
            made = {"optional": self.node.get("isRequired") is not True, **made}
        added = maker.add(made, self.name, self.place)
        self.made += [made["type"]] if added else []
        return str(made["id"]) if added else ""

    def add_text(self, texts: Words, called: str = "") -> None:
        """Text to read."""
        more = {"show_if": self.rule} if self.rule else {}
        self.context.maker.statement(texts, self.name, self.place, more, called or f"{self.name}-text")

    def add_heading(self) -> None:
        """The words of the element as text to read, above the questions made of it."""
        if self.context.maker.top.get("layout") == "question":
            return
        title, described = self.title(), self.words("description")
        both_words = {tag: "\n\n".join(filter(None, (title.get(tag), described.get(tag))))
                      for tag in {**title, **described}}  # fmt: skip
        self.add_text(both_words)

    def under(self, label: Words) -> Words:
        """The words of one of several questions made of this element."""
        if self.context.maker.top.get("layout") != "question":
            return label
        title = self.title()
        said = title.get(self.context.first, "")
        return {tag: f"{title.get(tag) or said}\n{text}" for tag, text in label.items()}

    def define(self, target: Target, *names: str) -> None:
        """Let rules of later questions find it: by its name, and by the name its answers have."""
        alias = self.node.get("valueName")
        for name in names or filter(None, (self.name, alias if isinstance(alias, str) else None)):
            self.context.define(self.inner(name), target)

    def inner(self, name: str) -> str:
        """A name as rules know it, inside of a panel that repeats as well."""
        return f"{self.scope.inner}.{name}" if self.scope.inner else name

    def inside(self, **changes: Any) -> Scope:
        """What surrounds the elements inside of this one."""
        return replace(self.scope, **changes)

    # The end ---------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Tell what became of it, and of the settings that nobody used."""
        if self.made:
            name = questions.TYPES[self.made[0]].NAME
            if not self.changes:
                self.context.maker.say(
                    "taken", self.name, _("Taken as “%(type)s”.", type=str(name)), self.place
                )
            for sentence in self.changes:
                self.context.maker.say("changed", self.name, sentence, self.place)
        for key, value in self.node.items():
            if key in self.used or key in COMMON or value in (None, "", False, [], {}):
                continue
            if key in LOOKS:
                self.context.looks.add(key)
            else:
                sentence = _("The setting %(name)s (“%(value)s”) is left out: there is no such setting here.",
                             name=key[:60], value=shortened(str(value), 80))  # fmt: skip
                self.left_out(sentence)
