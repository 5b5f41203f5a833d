"""A multiprocessing pool whose workers sleep: the parent waits for results, the workers for tasks.

    pool.py [--workers N] [--tasks N] [--ms MILLISECONDS] [--idle]

The tasks are handed out one by one with apply(), which waits for its result: the parent's waiting is tasks x ms.
Prints {"workload":"pool","pid":...,"workers":[pid,...],"tasks":N,"waitedNs":...,"sleptNs":...}: the time the parent
spent in apply(), and the time that the workers slept.

With --idle the tasks are done before it prints {"ready":true,"pid":...}, and as many threads as there are workers have each done one
as well. From then on nobody is asked for anything until a line arrives on stdin.
"""
import argparse
import concurrent.futures
import json
import multiprocessing
import os
import sys
import time


def task(duration_s):
    start_ns = time.monotonic_ns()
    time.sleep(duration_s)
    return os.getpid(), time.monotonic_ns() - start_ns


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--tasks", type=int, default=50)
    parser.add_argument("--ms", type=float, default=10)
    parser.add_argument("--idle", action="store_true")
    args = parser.parse_args()
    workers, waited_ns, slept_ns = set(), 0, 0
    with multiprocessing.get_context("fork").Pool(args.workers) as pool:
        for _ in range(args.tasks):
            start_ns = time.monotonic_ns()
            pid, slept = pool.apply(task, (args.ms / 1e3,))
            waited_ns += time.monotonic_ns() - start_ns
            slept_ns += slept
            workers.add(pid)
        if args.idle:
            with concurrent.futures.ThreadPoolExecutor(args.workers) as threads:
                list(threads.map(task, [args.ms / 1e3] * args.workers))
                print(json.dumps({"ready": True, "pid": os.getpid()}), flush=True)
                sys.stdin.readline()
    print(json.dumps({"workload": "pool", "pid": os.getpid(), "workers": sorted(workers), "tasks": args.tasks,
                      "waitedNs": waited_ns, "sleptNs": slept_ns}))


if __name__ == "__main__":
    main()
