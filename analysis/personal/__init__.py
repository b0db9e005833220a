"""The finders of personal data, one kind of datum a module; `analysis.redact` puts them together."""
