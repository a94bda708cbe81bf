"""Takes half of the core that it is pinned to, in turns of a millisecond, before anyone else gets any of it.

So the load generator has a core of its own, and the server less than that: what is measured is the server. Ends with
its parent.
"""

import os
import time

TURN = 0.001  # seconds


def main():
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
    parent = os.getppid()
    while os.getppid() == parent:
        until = time.perf_counter() + TURN
        while time.perf_counter() < until:
            pass
        time.sleep(TURN)


if __name__ == "__main__":
    main()
