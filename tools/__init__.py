"""What `make` runs: not part of the distribution."""


def announce(line: str) -> None:
    """Tell the person at the terminal what is going on, at once."""
    print(line, flush=True)
