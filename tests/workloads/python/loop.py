"""An event loop with a client that asks for much and three that ask for little, each a process, over unix sockets or TCP on 127.0.0.1.

    loop.py unix|tcp [--quick N] [--ms MILLISECONDS]

For the first client the loop computes for so long (default 300 ms) between the read and the write of its answer. The others ask
100 ms after it has been read, and are answered when it has been written. The loop is the parent. It prints
    {"workload":"loop","pid":...,"computedNs":NS,"object":...,"clients":N,"clientsWaitedNs":...}
where computedNs is how long it was on a CPU between that read and that write: all that time less what it stood in line (the
kernel's /proc/thread-self/schedstat), since its CPU time lacks what interrupts and a hypervisor took of it. clientsWaitedNs is what
all clients have waited meanwhile, by when their requests were sent.
"""
import argparse
import json
import os
import selectors
import socket
import time


def pair(transport):
    if transport == "unix":
        return socket.socketpair()
    with socket.create_server(("127.0.0.1", 0)) as server:
        near = socket.create_connection(server.getsockname())
        far, _ = server.accept()
    return near, far


def client(connection, request, delay_s, go, told):
    os.read(go, 1)
    time.sleep(delay_s)
    sent_ns = time.monotonic_ns()
    connection.send(request)
    connection.recv(16)
    os.write(told, b"%d\n" % sent_ns)
    os._exit(0)


def in_line_ns():
    with open("/proc/thread-self/schedstat") as accounts:
        return int(accounts.read().split()[1])


def compute(ms):
    begin = time.thread_time_ns()
    x = 0
    while time.thread_time_ns() - begin < ms * 1_000_000:
        for i in range(10_000):
            x += i * i
    return x


def main():
    options = argparse.ArgumentParser()
    options.add_argument("transport", choices=["unix", "tcp"])
    options.add_argument("--quick", type=int, default=3)
    options.add_argument("--ms", type=int, default=300)
    options = options.parse_args()
    go, start = os.pipe()
    told, tell = os.pipe()
    loop = selectors.DefaultSelector()
    children = []
    slow = None
    for number in range(options.quick + 1):
        near, far = pair(options.transport)
        pid = os.fork()
        if pid == 0:
            near.close()
            client(far, b"much" if number == 0 else b"little", 0 if number == 0 else 0.1, go, tell)
        far.close()
        children.append(pid)
        slow = slow or near
        loop.register(near, selectors.EVENT_READ)
    os.write(start, b"x" * len(children))
    answered = 0
    begin_ns = end_ns = computed_ns = 0
    while answered < len(children):
        for key, _ in loop.select():
            request = key.fileobj.recv(16)
            if request == b"much":
                begin_ns, in_line_before_ns = time.monotonic_ns(), in_line_ns()
                compute(options.ms)
                in_line_after_ns, end_ns = in_line_ns(), time.monotonic_ns()
                computed_ns = end_ns - begin_ns - (in_line_after_ns - in_line_before_ns)
            if request:
                key.fileobj.send(b"answer")
                answered += 1
            loop.unregister(key.fileobj)
    for pid in children:
        os.waitpid(pid, 0)
    os.close(tell)
    sent = [int(line) for line in os.fdopen(told)]
    print(json.dumps({
        "workload": "loop", "pid": os.getpid(), "computedNs": computed_ns, "object": os.readlink(f"/proc/self/fd/{slow.fileno()}"),
        "clients": len(children), "clientsWaitedNs": sum(end_ns - max(ns, begin_ns) for ns in sent)}))


main()
