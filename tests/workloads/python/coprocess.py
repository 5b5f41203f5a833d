"""A program and its coprocess, which it asks through one pipe and which answers through another.

    coprocess.py [--requests N] [--ms MILLISECONDS] [--pause MILLISECONDS]

The coprocess sleeps before each answer; after each fourth the program has nothing to ask for a while.
Prints {"workload":"coprocess","pid":...,"coprocess":PID,"waitedNs":...,"sleptNs":...,"pausedNs":...}: the time that the program spent
in reading answers, that the coprocess slept, and that nobody was asked for anything.
"""
import argparse
import json
import os
import subprocess
import sys
import time

ANSWER = """
import sys, time
for line in sys.stdin:
    start = time.monotonic_ns()
    time.sleep(float(line))
    print(time.monotonic_ns() - start, flush=True)
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--ms", type=float, default=20)
    parser.add_argument("--pause", type=float, default=100)
    args = parser.parse_args()
    waited_ns, slept_ns, paused_ns = 0, 0, 0
    with subprocess.Popen([sys.executable, "-c", ANSWER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as coprocess:
        for i in range(args.requests):
            coprocess.stdin.write(b"%g\n" % (args.ms / 1e3))
            start_ns = time.monotonic_ns()
            slept_ns += int(coprocess.stdout.readline())
            waited_ns += time.monotonic_ns() - start_ns
            if i % 4 == 3:
                start_ns = time.monotonic_ns()
                time.sleep(args.pause / 1e3)
                paused_ns += time.monotonic_ns() - start_ns
    print(json.dumps({"workload": "coprocess", "pid": os.getpid(), "coprocess": coprocess.pid, "waitedNs": waited_ns,
                      "sleptNs": slept_ns, "pausedNs": paused_ns}))


if __name__ == "__main__":
    main()
