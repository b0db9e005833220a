"""Words that people of the office wrote, and that are those of a comment which nobody cleared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

Run = tuple[str, ...]
# Words as people write them; a sign of Chinese or Japanese counts as one, for no blanks stand between them.
WORD = re.compile("[\u2e80-\u9fff]|[^\\W\u2e80-\u9fff]+")
ALIKE = 8
"""So many words in a row that are those of a comment are no chance."""


def runs(text: str) -> Iterator[Run]:
    """Each `ALIKE` words in a row of a text."""
    words = WORD.findall(text.casefold())
    return zip(*(words[start:] for start in range(ALIKE)), strict=False)


def copied(written: Iterable[str], comments: Iterable[str], cleared: Iterable[str]) -> Iterator[Run]:
    """The runs of what was `written` that stand in a comment, and in no quote that was `cleared`."""
    wanted = {run for text in written for run in runs(text)}
    wanted -= {run for quote in cleared for run in runs(quote)}
    # Most often there is nothing so long, and no comment has to be read.
    for comment in comments if wanted else ():
        yield from (run for run in runs(comment) if run in wanted)
