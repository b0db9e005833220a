"""Run a command and say what it used: `theme_spent.py COMMAND ...`, started by `theme_costs.py`.

A process of its own, with nothing loaded: the kernel counts as a child's peak what its parent held when it
was started. What the command prints is passed on; the last line is JSON.
"""

import json
import os
import sys

child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(child, 0)
spent = {
    "code": os.waitstatus_to_exitcode(status),
    "cpu_seconds": used.ru_utime + used.ru_stime,
    "peak_mib": used.ru_maxrss / 1024,
}
print(json.dumps(spent))
