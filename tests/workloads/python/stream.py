"""A data producer and a consumer, two processes, joined by a pipe or by a TCP connection on 127.0.0.1.

    stream.py pipe|tcp disk|consumer [--items N] [--ms MILLISECONDS] [--dir DIR]

disk:      the producer is slow, for it writes each item to a file and fsyncs it as often as it takes to fill the time of
           an item (default 5 ms); the consumer waits for the producer.
consumer:  the consumer is slow, for it sleeps over each item; the producer waits for the consumer.

Each side times its own read or write of the stream, and the producer its fsyncs. The parent is the producer; it prints
    {"workload":"stream","transport":...,"slow":...,"items":N,"waiter":"consumer" or "producer",
     "producer":{"pid":...,"waitedNs":...,"diskNs":...,"object":...},"consumer":{"pid":...,"waitedNs":...,"object":...}}
"""
import argparse
import json
import os
import socket
import tempfile
import time

ITEM_BYTES = 64 * 1024


class Side:
    """One end of the stream, which knows how long it has waited for the other."""

    def __init__(self, fd):
        self.fd = fd
        self.waited_ns = 0

    def read_item(self):
        left = ITEM_BYTES
        while left:
            start_ns = time.monotonic_ns()
            data = os.read(self.fd, left)
            self.waited_ns += time.monotonic_ns() - start_ns
            if not data:
                return False
            left -= len(data)
        return True

    def write_item(self, item):
        view = memoryview(item)
        while view:
            start_ns = time.monotonic_ns()
            written = os.write(self.fd, view)
            self.waited_ns += time.monotonic_ns() - start_ns
            view = view[written:]

    def account(self):
        return {"pid": os.getpid(), "waitedNs": self.waited_ns, "object": os.readlink(f"/proc/self/fd/{self.fd}")}


def tcp_pair():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
        writing = socket.socket()
        writing.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16 * 1024)
        writing.connect(server.getsockname())
        reading, _ = server.accept()
    return reading.detach(), writing.detach()


def produce(side, items, duration_ns, directory):
    item = os.urandom(ITEM_BYTES)
    disk_ns = 0
    with tempfile.TemporaryFile(dir=directory) as file:
        for _ in range(items):
            until_ns = time.monotonic_ns() + duration_ns
            while duration_ns and time.monotonic_ns() < until_ns:
                os.pwrite(file.fileno(), item, 0)
                start_ns = time.monotonic_ns()
                os.fsync(file.fileno())
                disk_ns += time.monotonic_ns() - start_ns
            side.write_item(item)
    return disk_ns


def consume(side, items, duration_s):
    for _ in range(items):
        if not side.read_item():
            raise EOFError("the producer ended early")
        if duration_s:
            time.sleep(duration_s)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("transport", choices=["pipe", "tcp"])
    parser.add_argument("slow", choices=["disk", "consumer"])
    parser.add_argument("--items", type=int, default=100)
    parser.add_argument("--ms", type=float, default=5)
    parser.add_argument("--dir", default="/var/tmp")
    args = parser.parse_args()

    reading, writing = os.pipe() if args.transport == "pipe" else tcp_pair()
    report_reading, report_writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(writing)
        os.close(report_reading)
        side = Side(reading)
        consume(side, args.items, args.ms / 1e3 if args.slow == "consumer" else 0)
        os.write(report_writing, json.dumps(side.account()).encode())
        os._exit(0)
    os.close(reading)
    os.close(report_writing)
    side = Side(writing)
    disk_ns = produce(side, args.items, int(args.ms * 1e6) if args.slow == "disk" else 0, args.dir)
    producer = side.account() | {"diskNs": disk_ns}
    os.close(writing)
    with os.fdopen(report_reading) as report:
        consumer = json.loads(report.read())
    os.waitpid(child, 0)
    print(json.dumps({
        "workload": "stream", "transport": args.transport, "slow": args.slow, "items": args.items,
        "waiter": "consumer" if args.slow == "disk" else "producer", "producer": producer, "consumer": consumer,
    }))


if __name__ == "__main__":
    main()
