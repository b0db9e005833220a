"""Make sure that what the tests need is on this machine, before they start: `python -m tools.provision`."""

import sys

from tests.support import MissingError, chromium, postgres


def main() -> None:
    try:
        print(f"PostgreSQL: {postgres.server().origin}", flush=True)
        print(f"Chromium: {chromium.program()}", flush=True)
    except MissingError as missing:
        sys.exit(f"The tests cannot run. {missing}")


if __name__ == "__main__":
    main()
