"""A client that waits for an answer, and a server that waits for a request, for whoever attaches to both while they wait.

    owed.py unix|tcp recv|poll

Two servers and two clients, each a process. The first client has asked, and its server sleeps before it answers; the second client has
asked and been answered, and sleeps, and its server waits for what it asks next. Who waits does so in recv(2), or in poll(2) of the
connection alone. It prints
    {"workload":"owed","asking":CLIENT,"asked":ITS SERVER,"answered":CLIENT,"waiting":ITS SERVER}
once all wait, and ends them when stdin is closed.
"""
import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import time


def take(connection, how):
    if how == "poll":
        poller = select.poll()
        poller.register(connection, select.POLLIN)
        poller.poll()
    return connection.recv(16)


def server(listening, how, sleeps):
    connection, _ = listening.accept()
    while take(connection, how):
        if sleeps:
            time.sleep(60)
        connection.send(b"answer")


def client(address, family, how, ready):
    connection = socket.socket(family, socket.SOCK_STREAM)
    connection.connect(address)
    connection.send(b"request")
    os.write(ready, b".")
    take(connection, how)
    os.write(ready, b".")
    time.sleep(60)


def listen(transport, directory, number):
    if transport == "unix":
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listening.bind(os.path.join(directory, "socket%d" % number))
    else:
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        # Below the ports of those who connect, as a server's is.
        for port in range(20_000 + os.getpid() % 10_000, 32_000):
            try:
                listening.bind(("127.0.0.1", port))
                break
            except OSError:
                pass
    listening.listen()
    return listening


def start(function, *arguments):
    pid = os.fork()
    if pid == 0:
        function(*arguments)
        os._exit(0)
    return pid


def in_call(pid, names):
    with open("/proc/%d/syscall" % pid) as file:
        return file.read().split()[0] in names


def main():
    transport, how = sys.argv[1:]
    directory = tempfile.mkdtemp()
    told, ready = os.pipe()
    pids = []
    for number, sleeps in enumerate([True, False]):
        listening = listen(transport, directory, number)
        pids.append(start(server, listening, how, sleeps))
        pids.append(start(client, listening.getsockname(), listening.family, how, ready))
        listening.close()
    for _ in range(3):
        os.read(told, 1)
    shutil.rmtree(directory)
    asked, asking, waiting, answered = pids
    # recvfrom, poll; clock_nanosleep
    while not (in_call(asking, ["45", "7"]) and in_call(waiting, ["45", "7"]) and in_call(asked, ["230"])):
        time.sleep(0.01)
    print(json.dumps({"workload": "owed", "asking": asking, "asked": asked, "answered": answered, "waiting": waiting}), flush=True)
    sys.stdin.read()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


main()
