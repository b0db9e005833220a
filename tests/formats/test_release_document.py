"""The frozen public document: what is cut away, that it reads back, how it reads in other languages."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.formats.release import FORMAT, PublicRelease, ReleaseError, ReleaseWords, ThemeWords
from survey.formats.release_differences import Difference, differences
from survey.formats.release_parts import HOW, SOMEBODY, Parts, cut, defaults, nameless
from survey.formats.release_reading import Reader, Said
from survey.formats.summary import Summary, SummaryFacts, SummaryTheme
from tests.services.releasing import APPROVER, MAKER, MARKUP, SECRET_COMMENTS, a_summary

SUMMARY = a_summary()
WORDS = (ReleaseWords("en", "What we heard", "Thank you."), ReleaseWords("es", "Lo que oímos"))
THEMES = (ThemeWords("2", "es", "Servicios en el teléfono", about="Trámites"),)
NAMES = st.text(st.characters(codec="utf-8"), max_size=40)
DOCUMENTS = st.builds(
    PublicRelease,
    number=st.integers(1, 99),
    summary=st.builds(
        Summary,
        study_title=NAMES,
        study_slug=st.just("it-plan"),
        demo=st.booleans(),
        made_at=st.just("2026-03-01T12:00:00+00:00"),
        made_by=st.just(""),
        run=st.none(),
        seed=st.none(),
        board_revision=st.integers(0, 9),
        facts=st.just(SummaryFacts(3, 1, 1, 0.5, None, 7)),
        themes=st.tuples(
            st.builds(
                SummaryTheme,
                NAMES,
                NAMES,
                st.just("accepted"),
                st.none(),
                st.none(),
                *[st.integers(0, 9)] * 4,
            )
        ),
    ),
    words=st.lists(st.builds(ReleaseWords, NAMES, NAMES, NAMES), max_size=3).map(tuple),
    themes=st.lists(st.builds(ThemeWords, NAMES, NAMES, NAMES), max_size=3).map(tuple),
    data=st.lists(NAMES, max_size=3).map(tuple),
    interim=st.booleans(),
    released_at=NAMES,
)


def release(parts: Parts | None = None, **more: object) -> PublicRelease:
    chosen = defaults(SUMMARY) if parts is None else parts
    made = PublicRelease(1, cut(SUMMARY, chosen), WORDS, THEMES, chosen.data)
    return replace(made, **more)  # type: ignore[arg-type]


@given(DOCUMENTS)
def test_a_document_reads_back_as_it_was_written(document: PublicRelease) -> None:
    written = document.to_json()
    back = PublicRelease.from_json(written)
    assert back == document
    assert back.to_json() == written


@pytest.mark.parametrize(
    "bad",
    [b"", b"[]", b"{}", b"null", b'"x"', b"\xff", b'{"format":"other","release":{}}']
    + [
        json.dumps({"format": FORMAT, "release": inside}).encode()
        for inside in ({}, [], None, {"number": 1}, {"summary": 7})
    ],
)
def test_what_is_no_release_is_refused(bad: bytes) -> None:
    with pytest.raises(ReleaseError):
        PublicRelease.from_json(bad)


def test_the_defaults_are_accepted_themes_and_all_else() -> None:
    parts = defaults(SUMMARY)
    assert parts.themes == ("1", "2")
    assert parts.quotes == ("1", "2")
    assert parts.questions == ("services/ease", "services/age")
    assert parts.method == (HOW, "Decisions")
    assert "theme:3" not in parts.data
    assert {
        "theme:1",
        "question:services/age",
        "cross:services/ease@unit",
        "heard:audience",
        "wave:ease",
    } <= {*parts.data}
    assert Parts.from_dict(json.loads(json.dumps(parts.to_dict()))) == parts


def test_no_comment_no_keyword_and_nobody_of_the_office_goes_along() -> None:
    written = release().to_json().decode()
    for secret in (*SECRET_COMMENTS, "neighbour", "bicycle", MAKER, APPROVER, "For the office only"):
        assert secret not in written, secret
    assert f"2026-02-10, {SOMEBODY} put" in written
    assert "Mary Planner" in written, "a name that is not known to be one of the staff"
    assert (
        "Mary Planner"
        not in PublicRelease(1, cut(SUMMARY, defaults(SUMMARY), {"Mary Planner"}), WORDS).to_json().decode()
    )


def test_what_was_not_chosen_is_not_there() -> None:
    nothing = cut(SUMMARY, Parts())
    assert (nothing.themes, nothing.questions, nothing.crosses, nothing.heard, nothing.waves) == (
        (),
        (),
        (),
        (),
        (),
    )
    assert (nothing.sessions, nothing.method, nothing.appendix, nothing.comments) == ((), (), (), ())
    without = cut(SUMMARY, replace(defaults(SUMMARY), quotes=("2",)))
    assert [len(theme.quotes) for theme in without.themes] == [0, 1]
    assert without.facts.themes == 2


def test_a_cross_table_goes_with_its_question() -> None:
    parts = replace(defaults(SUMMARY), questions=("services/age",)).within(SUMMARY)
    assert parts.crosses == ()
    assert not [key for key in parts.data if key.startswith("cross:")]
    assert not [key for key in parts.data if "ease" in key and not key.startswith("wave")]


@given(
    st.builds(
        Parts,
        *[st.lists(st.sampled_from(["1", "2", "9", "services/ease", "audience", "x"])).map(tuple)] * 7,
        data=st.lists(
            st.sampled_from(["theme:1", "theme:9", "question:services/ease", "wave:ease", "no"])
        ).map(tuple),
    )
)
def test_only_what_is_there_can_be_chosen(parts: Parts) -> None:
    within = parts.within(SUMMARY)
    assert {*within.data} <= {*within.choosable()}
    assert {*within.quotes} <= {*within.themes} <= {"1", "2", "3"}
    assert within.within(SUMMARY) == within
    assert [theme.id for theme in cut(SUMMARY, parts).themes] == list(within.themes)


def test_hash_of_the_content_does_not_depend_on_the_time() -> None:
    one, other = release(), release(released_at="2026-04-02T09:00:00-04:00")
    assert one.sha256() != other.sha256()
    assert one.content_sha256() == other.content_sha256()


@given(st.text(max_size=200))
def test_names_are_replaced_whatever_stands_around_them(text: str) -> None:
    told = nameless(f"{text} {MAKER} {text}", {MAKER, "Ana Díaz"})
    assert MAKER not in told
    assert SOMEBODY in told


def test_names_within_words_stay() -> None:
    assert nameless("Ana met Anabel (ana@home.example).", {"Ana"}) == f"{SOMEBODY} met Anabel ({SOMEBODY})."


def test_each_text_is_in_the_language_where_there_is_one_else_in_its_own() -> None:
    spanish = Reader(release(), "es")
    one, two = release().summary.themes
    assert spanish.title == Said("Lo que oímos", "es")
    assert spanish.introduction == Said("Thank you.", "en")
    assert spanish.theme(two, "name") == Said("Servicios en el teléfono", "es")
    assert spanish.theme(two, "planned") == Said("All branches by 2027.", "en")
    assert spanish.theme(one, "name") == Said(MARKUP, "en")
    asked = spanish.asked(SUMMARY.questions[0])
    assert (asked.language, asked.label, [c.name for c in asked.choices]) == (
        "es",
        "¿Qué tan fácil es?",
        ["Fácil", "Difícil"],
    )
    crossed = spanish.cross(SUMMARY.crosses[0])
    assert (crossed.down, crossed.across, [name for name, _ in crossed.rows]) == (
        "¿Qué tan fácil es?",
        "Unit",
        ["Fácil", "Difícil"],
    )
    assert Reader(release(), "ar").asked(SUMMARY.questions[0]) == SUMMARY.questions[0]
    assert Reader(release(), "ar").title == Said("What we heard", "en")


def test_a_question_that_is_half_translated_stays_in_its_own_language() -> None:
    question = SUMMARY.questions[0]
    half = replace(question, choices=(question.choices[0], replace(question.choices[1], names=())))
    assert Reader(release(), "es").asked(half) == half


def test_differences_name_what_is_new_gone_and_changed() -> None:
    before = release(replace(defaults(SUMMARY), themes=("1", "2", "3")))
    later = replace(SUMMARY, themes=tuple(replace(t, size=(t.size or 0) + 1) for t in SUMMARY.themes))
    after = PublicRelease(
        2, cut(later, replace(defaults(later), waves=())), (ReleaseWords("en", "What we heard now"),)
    )
    found = differences(before, after)
    assert Difference("gone", "theme", "Undecided matter", before="20") in found
    assert Difference("changed", "theme", MARKUP, "20", "21") in found
    assert Difference("gone", "wave", "People who find it easy", before="96.4%") in found
    assert Difference("changed", "words", "What we heard now", "What we heard", "What we heard now") in found
    assert differences(before, before) == []
    assert {one.change for one in differences(None, after)} == {"new"}


def test_words_without_a_title_are_called_by_their_language() -> None:
    untitled = release(
        words=(WORDS[0], ReleaseWords("es", introduction="Gracias.")),
        themes=(ThemeWords("2", "es", "", about="Trámites"),),
    )
    found = differences(release(words=WORDS[:1], themes=()), untitled)
    assert found == [
        Difference("new", "words", "Español", after="Gracias."),
        Difference("new", "translation", "Español", after="Trámites"),
    ]
    titled = release(words=WORDS, themes=untitled.themes)
    assert Difference("changed", "words", "Lo que oímos", "", "Lo que oímos") in differences(untitled, titled)
