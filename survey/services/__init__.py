"""Verbs and queries, one file per noun. A service never sees the request."""
