"""One run of us or of BERTopic, and the CPU seconds of its parts: started by `theme_costs.py`.

`python benchmarks/theme_once.py ours|bertopic IN.jsonl` prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path


def ours(path: Path) -> dict[str, float]:
    """Find themes with the number chosen."""
    from analysis import Comment, Options, discover

    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    comments = [Comment(row["id"], row["text"], audience=row["group"]) for row in rows]
    imported = time.process_time()
    result = discover(comments, Options())
    return {"before": imported, "call": time.process_time() - imported, "themes": len(result.themes)}


def bertopic(path: Path) -> dict[str, float]:
    """Encode with MiniLM and fit, all as it comes. Loading code and model counts as `before`."""
    from bertopic import BERTopic

    from benchmarks.theme_peers import minilm

    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    model = minilm()
    loaded = time.process_time()
    vectors = model.encode(texts, show_progress_bar=False)
    encoded = time.process_time()
    topics, _ = BERTopic().fit_transform(texts, vectors)
    ended = time.process_time()
    return {
        "before": loaded,
        "call": ended - loaded,
        "encode": encoded - loaded,
        "fit": ended - encoded,
        "themes": len(set(topics) - {-1}),
        "unplaced": topics.count(-1) / len(topics),
    }


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    print(json.dumps({"ours": ours, "bertopic": bertopic}[sys.argv[1]](Path(sys.argv[2]))))
