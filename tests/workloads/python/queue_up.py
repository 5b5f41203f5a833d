"""A front end whose requests stand in the queue of a server that accepts one connection after the other, and sleeps over each.

    queue_up.py [--at-once N] [--ms MILLISECONDS] [--seconds S]

The front end keeps N connections under way (default 4), each for one request, and waits for all of them in one poll; for each the
server sleeps so long (default 20) after it has accepted it. It prints
    {"workload":"queue_up","front":PID,"server":PID}
as it begins, and how many were answered as it ends, after so many seconds (default 10) or when stdin is closed:
    {"workload":"queue_up","answered":N}
"""
import argparse
import json
import os
import selectors
import signal
import socket
import sys
import time


def serve(listening, seconds):
    while True:
        connection, _ = listening.accept()
        time.sleep(seconds)
        connection.recv(16)
        connection.send(b"answer")
        connection.close()


def ask(address, loop):
    connection = socket.socket()
    connection.connect(address)
    connection.send(b"request")
    loop.register(connection, selectors.EVENT_READ)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--at-once", type=int, default=4)
    options.add_argument("--ms", type=float, default=20)
    options.add_argument("--seconds", type=float, default=10)
    options = options.parse_args()
    listening = socket.create_server(("127.0.0.1", 0))
    server = os.fork()
    if server == 0:
        serve(listening, options.ms / 1000)
    address = listening.getsockname()
    listening.close()
    print(json.dumps({"workload": "queue_up", "front": os.getpid(), "server": server}), flush=True)
    loop = selectors.DefaultSelector()
    loop.register(sys.stdin, selectors.EVENT_READ)
    until = time.monotonic() + options.seconds
    for _ in range(options.at_once):
        ask(address, loop)
    answered = 0
    ended = False
    while not ended and time.monotonic() < until:
        for key, _ in loop.select():
            if key.fileobj is sys.stdin:
                ended = True
                continue
            key.fileobj.recv(16)
            loop.unregister(key.fileobj)
            key.fileobj.close()
            answered += 1
            ask(address, loop)
    os.kill(server, signal.SIGKILL)
    os.waitpid(server, 0)
    print(json.dumps({"workload": "queue_up", "answered": answered}))


main()
