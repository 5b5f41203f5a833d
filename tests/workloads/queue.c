/*
 * System V and POSIX message queues and semaphores.
 *   msgrcv      msgrcv from an empty queue            mq-receive  mq_receive from an empty queue
 *   msgsnd      msgsnd to a full queue                mq-send     mq_send to a full queue
 *   semop       semop of a semaphore at zero          semop-zero  semop that waits for zero
 */
#define _GNU_SOURCE
#include "measure.h"

#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <unistd.h>

#define MESSAGE_BYTES 1024

static int id;
static mqd_t queue;
static char queue_name[64];
static struct { long type; char text[MESSAGE_BYTES]; } message = { .type = 1 };

static void make_msg(void) { id = must(msgget(IPC_PRIVATE, 0600), "msgget"); }
static void remove_msg(void) { msgctl(id, IPC_RMID, NULL); }
static void name_id(void) { object_is("%d", id); }
static void receive(void) { must(msgrcv(id, &message, MESSAGE_BYTES, 0, 0), "msgrcv"); }
static void send_one(void) { must(msgsnd(id, &message, MESSAGE_BYTES, 0), "msgsnd"); }

static void make_full_msg(void)
{
    make_msg();
    while (msgsnd(id, &message, MESSAGE_BYTES, IPC_NOWAIT) == 0)
        ;
}

static void make_sem(void) { id = must(semget(IPC_PRIVATE, 1, 0600), "semget"); }
static void remove_sem(void) { semctl(id, 0, IPC_RMID); }

static void change(short by)
{
    struct sembuf one = { .sem_op = by };
    must(semop(id, &one, 1), "semop");
}

static void add_one(void) { change(1); }
static void take_one(void) { change(-1); }
static void await_zero(void) { change(0); }
static void take_turns(void) { }

static void make_raised_sem(void)
{
    make_sem();
    add_one();
}

static void make_mq_of(long messages)
{
    struct mq_attr attributes = { .mq_maxmsg = messages, .mq_msgsize = MESSAGE_BYTES };
    snprintf(queue_name, sizeof queue_name, "/ktrace-workload-%d", getpid());
    queue = must(mq_open(queue_name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes), "mq_open");
}

static void remove_mq(void) { mq_unlink(queue_name); }

static void make_mq(void) { make_mq_of(10); }
static void name_mq(void) { object_is_fd(queue); }
static void mq_take(void) { must(mq_receive(queue, message.text, MESSAGE_BYTES, NULL), "mq_receive"); }
static void mq_put(void) { must(mq_send(queue, message.text, MESSAGE_BYTES, 0), "mq_send"); }

static void make_full_mq(void)
{
    make_mq_of(1);
    mq_put();
}

static const struct scenario scenarios[] = {
    { .mode = "msgrcv", .kind = "sysvmsg", .syscall = "msgrcv", .evidence = "object", .setup = make_msg,
      .waiter = name_id, .wait = receive, .wake = send_one, .cleanup = remove_msg },
    { .mode = "msgsnd", .kind = "sysvmsg", .syscall = "msgsnd", .evidence = "object", .setup = make_full_msg,
      .waiter = name_id, .wait = send_one, .wake = receive, .cleanup = remove_msg },
    { .mode = "semop", .kind = "sysvsem", .syscall = "semtimedop", .evidence = "object", .setup = make_sem,
      .waiter = name_id, .wait = take_one, .wake = add_one, .cleanup = remove_sem },
    { .mode = "semop-zero", .kind = "sysvsem", .syscall = "semtimedop", .evidence = "object", .setup = make_raised_sem,
      .waiter = name_id, .wait = await_zero, .settle = add_one, .hold = take_turns, .wake = take_one,
      .cleanup = remove_sem },
    { .mode = "mq-receive", .kind = "mqueue", .syscall = "mq_timedreceive", .evidence = "object", .setup = make_mq,
      .waiter = name_mq, .wait = mq_take, .wake = mq_put, .cleanup = remove_mq },
    { .mode = "mq-send", .kind = "mqueue", .syscall = "mq_timedsend", .evidence = "object", .setup = make_full_mq,
      .waiter = name_mq, .wait = mq_put, .wake = mq_take, .cleanup = remove_mq },
};

int main(int argc, char **argv)
{
    return RUN("queue", scenarios);
}
