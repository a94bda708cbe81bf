#!/usr/bin/env python3
"""A wrapper of rustc that records its seconds and peak memory for the crate of a package."""

import json
import os
import sys
import time

began = time.monotonic()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
taken = {
    "wall": time.monotonic() - began,
    "cpu": usage.ru_utime + usage.ru_stime,
    "peak": usage.ru_maxrss * 1024,
}
if "--crate-name" in sys.argv:
    name = sys.argv[sys.argv.index("--crate-name") + 1]
    with open(f"{os.environ['LARGE_TAKEN']}/{name}.json", "w") as file:
        json.dump(taken, file)
sys.exit(os.waitstatus_to_exitcode(status))
