"""Finding the audiences and prompts that a file names, and making those that the study lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from survey.errors import Refusal
from survey.models import Audience, Prompt, Study

MOST_NAMES = 200
"""A column with more different values than this is no column of audiences or prompts."""

Named = Audience | Prompt


@dataclass(frozen=True)
class Names:
    """Audiences or prompts by what they are called; `made` lists the new ones."""

    known: dict[str, Named]
    made: tuple[str, ...]

    def id(self, name: str | None) -> int | None:
        """The id that goes with a name, once the session was flushed."""
        return self.known[_key(name)].id if name is not None else None


def audiences(study: Study, names: Iterable[str | None]) -> Names:
    """Find or make the study's audiences of those names."""
    present = [(audience.name, audience) for audience in study.audiences]

    def make(name: str, position: int) -> Audience:
        study.audiences.append(made := Audience(name=name, position=position))
        return made

    return _find_or_make("audience", present, names, make)


def prompts(study: Study, texts: Iterable[str | None]) -> Names:
    """Find or make the study's prompts of those words."""
    present = [(prompt.text, prompt) for prompt in study.prompts]

    def make(text: str, position: int) -> Prompt:
        study.prompts.append(made := Prompt(text=text, kind="other", position=position))
        return made

    return _find_or_make("prompt", present, texts, make)


def _find_or_make(
    noun: str,
    present: Sequence[tuple[str, Named]],
    names: Iterable[str | None],
    make: Callable[[str, int], Named],
) -> Names:
    known = {_key(name): named for name, named in present}
    new: dict[str, str] = {}
    for name in names:
        if name is not None and _key(name) not in known:
            new.setdefault(_key(name), name)
    if len(new) > MOST_NAMES:
        raise Refusal(
            f"The column chosen for the {noun} has {len(new):,} different values; at most {MOST_NAMES} "
            "are taken. Choose another column, or none."
        )
    for position, (key, name) in enumerate(new.items(), start=len(present)):
        known[key] = make(name, position)
    return Names(known, tuple(new.values()))


def _key(name: str) -> str:
    """Spellings that differ in case or blanks only are the same name."""
    return " ".join(name.split()).casefold()
