/*
 * On i386 the calls that others carry: sockets by socketcall, queues by ipc, though the kernel has them by themselves as well.
 * Elsewhere there are none. Prints {"workload":"carried","failed":N}.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

int main(void)
{
    int failed = 0;
#if defined(__i386__)
    struct sockaddr_un nobody = { .sun_family = AF_UNIX };
    strcpy(nobody.sun_path, "/tmp/nobody-listens-here");
    unsigned long socket[3] = { AF_UNIX, SOCK_STREAM, 0 };
    long fd = syscall(SYS_socketcall, 1, socket);
    unsigned long connect[3] = { (unsigned long) fd, (unsigned long) &nobody, sizeof nobody };
    failed += fd < 0;
    failed += syscall(SYS_socketcall, 3, connect) == 0;
    struct { long type; char text[8]; } message = { 1, "hello" };
    long queue = syscall(SYS_ipc, 13, IPC_PRIVATE, 0600 | IPC_CREAT, 0, 0, 0);
    failed += queue < 0;
    failed += syscall(SYS_ipc, 11, queue, 5, 0, &message, 0) != 0;
    failed += syscall(SYS_ipc, 14, queue, IPC_RMID, 0, 0, 0) != 0;
#endif
    printf("{\"workload\":\"carried\",\"failed\":%d}\n", failed);
    return failed;
}
