"""What LimeSurvey's settings of questions mean here: most are looks, and some say how answers are checked."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

# What a setting has when nobody set it; files of old versions list them all.
UNSET = {
    "assessment_value": {"1"},
    "display_columns": {"1"},
    "time_limit_action": {"1"},
    "location_mapheight": {"300"},
    "show_title": {"1"},
    "location_mapwidth": {"500"},
    "location_mapzoom": {"11"},
    "show_comment": {"1"},
    "max_filesize": {"10240"},
    "allowed_filetypes": {"png, gif, doc, odt, jpg, jpeg, pdf, png, heic", "png, gif, jpeg, jpg"},
    "max_num_of_files": {"1"},
    "min_num_of_files": {"0"},
    "slider_separator": {"|"},
    "statistics_showgraph": {"1"},
    "dropdown_prefix": {"0"},
    "repeat_headings": {"25"},
    "statistics_showmap": {"1"},
    "clear_default": {"Y"},
    "save_as_default": {"N"},
    "slider_handle": {"1"},
    "choice_input_columns": {"12"},
    "slider_layout": {"0"},
    "other_position": {"default", "end"},
    "answer_order": {"normal"},
    "slider_rating": {"0"},
    "subquestion_order": {"normal"},
    "scale_export": {"0"},
    "use_dropdown": {"0"},
    "modulename": {"core"},
    "question_theme_name": {
        "listradio",
        "list_dropdown",
        "list_with_comment",
        "multiplechoice",
        "multiplechoice_with_comments",
        "core",
        "longfreetext",
        "shortfreetext",
        "hugefreetext",
        "boilerplate",
        "yesno",
        "gender",
        "numerical",
        "date",
        "multiplenumeric",
        "multipleshorttext",
        "ranking",
        "equation",
        "file_upload",
        "language",
        "5pointchoice",
        "arrays/array",
        "arrays/5point",
        "arrays/10point",
        "arrays/column",
        "arrays/dualscale",
        "arrays/texts",
        "arrays/increasesamedecrease",
        "arrays/multiflexi",
        "arrays/yesnouncertain",
        "bootstrap_buttons",
        "bootstrap_dropdown",
        "bootstrap_buttons_multi",
        "inputondemand",
        "ranking_advanced",
        "default",
    },
}
# How a question looks or is counted there. Here every question has the looks that everybody can use.
LOOKS = frozenset(
    {
     "add_platform_info", "allowed_filetypes", "answer_width", "answer_width_bycolumn", "category_separator",
     "choice_input_columns", "choice_title", "clear_default", "cssclass", "custom_css", "display_columns",
     "display_rows", "display_total", "display_type", "dropdown_dates", "dropdown_dates_minute_step",
     "dropdown_dates_month_style", "dropdown_prefix", "dropdown_prepostfix", "dropdown_separators",
     "dropdown_size", "encrypted", "hide_tip", "horizontal_scroll", "input_boxes", "input_size",
     "label_input_columns", "location_city", "location_country", "location_defaultcoordinates",
     "location_mapheight", "location_mapwidth", "location_mapzoom", "location_nodefaultfromip",
     "location_postal", "location_state", "max_filesize", "max_num_of_files", "min_num_of_files",
     "modulename",
     "multiflexible_checkbox", "other_position", "other_position_code", "page_break", "prefix_help",
     "printable", "printable_help", "public_statistics", "question_theme_name", "rank_title",
     "repeat_headings", "samechoiceheight", "samelistheight", "save_as_default", "scale_export",
     "show_comment", "show_grand_total", "show_title", "show_totals", "showpopups", "slider_accuracy",
     "slider_custom_handle", "slider_default", "slider_default_set", "slider_handle", "slider_layout",
     "slider_middlestart", "slider_orientation", "slider_rating", "slider_reset", "slider_reversed",
     "slider_separator", "slider_showminmax", "statistics_graphtype", "statistics_showgraph",
     "statistics_showmap", "text_input_columns", "text_input_width", "theme_name", "time_limit_message_style",
     "time_limit_timer_style", "time_limit_warning_2_style", "time_limit_warning_style", "use_dropdown",
     "value_range_allows_missing"
    }
)  # fmt: skip
REASONS: dict[str, Callable[[], str]] = {
    "random_order": lambda: _("the order is the same for everybody here"),
    "answer_order": lambda: _("the order is that of the file here"),
    "subquestion_order": lambda: _("the order is that of the file here"),
    "alphasort": lambda: _("the order is that of the file here"),
    "random_group": lambda: _("the order of questions is the same for everybody here"),
    "parent_order": lambda: _("the order is that of the file here"),
    "array_filter_style": lambda: _("what is filtered away is not shown at all"),
    "time_limit": lambda: _("nobody has to hurry here: there is no time limit"),
    "other_replace_text": lambda: _("the field for other answers is called “Other” here"),
    "other_comment_mandatory": lambda: _("who chooses “Other” has to write something here in any case"),
    "other_numbers_only": lambda: _("the field for other answers takes any text here"),
    "em_validation_q": lambda: _("the check is not made here; say in the help what you expect"),
    "em_validation_sq": lambda: _("the check is not made here; say in the help what you expect"),
    "em_validation_q_tip": lambda: _("its check is not made here"),
    "em_validation_sq_tip": lambda: _("its check is not made here"),
    "exclude_all_others_auto": lambda: _("nothing is ticked by itself here"),
    "assessment_value": lambda: _("answers give no points here"),
    "location_mapservice": lambda: _("there is no map here; the place is written in words"),
    "script": lambda: _("scripts do not run here"),
    "commented_checkbox": lambda: _("a comment can be written once a choice is ticked here"),
    "commented_checkbox_auto": lambda: _("nothing is ticked by itself here"),
    "reference": lambda: _("there is no place for it here"),
    "thousands_separator": lambda: _("numbers may be typed with or without separators here"),
    "reverse_labels": lambda: _("labels stand where they always do here"),
}


def reason(name: str) -> str:
    """Why a setting is not taken."""
    if name.startswith("time_limit"):
        name = "time_limit"
    if name.startswith("random"):
        return REASONS["random_order"]()
    return REASONS[name]() if name in REASONS else _("there is no such setting here")


def is_unset(name: str, value: str) -> bool:
    """Whether a value says nothing: it is what everybody gets there."""
    value = value.strip()
    return value in ("", "0", "N", "-1", "I", "inherit", "undefined") or value in UNSET.get(name, set())
