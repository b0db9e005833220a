"""Every number of a summary, as each of its files says it, read back with readers of their own."""
