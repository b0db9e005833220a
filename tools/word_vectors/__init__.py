"""Makes the table of word vectors, as `docs/word-vectors.md` tells: `python -m tools.word_vectors`."""
