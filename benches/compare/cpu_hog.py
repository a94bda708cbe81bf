"""Takes three quarters of the core that it is pinned to, before any other process gets any of it.

So the load generator has a core of its own, and the server much less than that: what is measured is the server. With
half a core for the server the generator is what limits the fastest. Ends with its parent.
"""

import os
import time

TAKES, LEAVES = 0.003, 0.001  # seconds


def main():
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
    parent = os.getppid()
    while os.getppid() == parent:
        until = time.perf_counter() + TAKES
        while time.perf_counter() < until:
            pass
        time.sleep(LEAVES)


if __name__ == "__main__":
    main()
