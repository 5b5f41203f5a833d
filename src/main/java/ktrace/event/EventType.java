package ktrace.event;

/**
 * What a {@link TraceEvent} reports, and which of its fields that fills. The kernel's tracepoints keep their names; the last
 * group is put into the stream by ktrace itself, so that whatever it learned outside the tracepoints travels in their order.
 *
 * <pre>
 * type                tid            other fields
 * START                              the trace begins at timeNs; comes first; number = 1 when its source sees no scheduler, so that
 *                                    no SCHED_SWITCH and no SCHED_WAKING will come, else 0
 * SYS_ENTER           caller         number, arg0..arg5; payload = from a collector that reads the caller's memory, and is
 *                                    asked to: String text of the call, printable, as far as it is known at entry, or
 *                                    {@code ArgumentTexts} with the bytes that its arguments point to; else null
 * SYS_EXIT            caller         number, result; payload = the rest of that text, or null
 * SCHED_SWITCH        prev           otherTid = next, number = prev_state, comm0/comm1 = comm of next,
 *                                    arg0/arg1 = comm of prev, arg2 = prev_prio, arg3 = next_prio, arg4 = since when next runs
 *                                    where that was not told as it happened, else 0; payload =
 *                                    {@link Waker.InCall} of prev, which is watched for states and waits in it, or null
 * SCHED_WAKING        the waker      otherTid = the woken, contextFlags = hard or soft interrupt, comm0/comm1 = comm of the
 *                                    woken, arg0 = target CPU, arg1 = prio; payload = {@link Waker.InCall}, or null
 * SCHED_WAKEUP_NEW    the parent     otherTid = the new thread; the rest as SCHED_WAKING
 * SCHED_MIGRATE_TASK  who moves it   otherTid = the moved, comm0/comm1 = its comm, arg0 = from CPU, arg1 = to CPU, arg2 = prio
 * TASK_NEWTASK        the parent     otherTid = the child, number = clone flags, comm0/comm1 = comm of the child
 * TASK_RENAME         the renamed    comm0/comm1 = the new comm, arg0/arg1 = the old
 * SCHED_PROCESS_EXEC  after exec     otherTid = tid before exec, payload = String file name
 * SCHED_PROCESS_EXIT  the exiting    comm0/comm1 = its comm, arg0 = prio, arg1 = {@link TraceEvent#LAST_OF_PROCESS},
 *                                    {@link TraceEvent#OTHERS_LIVE}, or 0 when the kernel does not say (before 6.16),
 *                                    payload = its wait status (Integer) or null
 * INET_SOCK_SET_STATE  in whose      number = the new state, result = the old, as the kernel numbers those of TCP; arg0 = the kernel's
 *                     context        address of the socket, arg1 = local port &lt;&lt; 16 | remote port, arg2/arg3 = local and
 *                                    arg4/arg5 = remote address, in network order, IPv4 mapped into IPv6; contextFlags
 * SIGNAL_DELIVER      who gets it    number = signal, payload = String text of what is told with it, printable; only from a
 *                                    collector that is asked for texts, and never recorded; number = 0: the text says by what
 *                                    it was stopped
 * RING_CREATE         the caller     arg0 = the ring of io_uring, number = its descriptor, arg1 = IORING_SETUP_ flags
 * RING_SUBMIT         who takes it   arg0 = ring, arg1 = request, number = IORING_OP_ of a request that begins
 * RING_FILE           who works      arg0 = ring, arg1 = request, number = descriptor that it is on; that thread works on it now;
 *                                    stamped as SCHED_SWITCH is, of a thread that waits for it
 * RING_READY          who readies    arg0 = ring, arg1 = request, which can go on: who waits for it is woken next; contextFlags
 * RING_COMPLETE       who completes  arg0 = ring, arg1 = request or 0, result, number = IORING_CQE_F_ flags: something is posted
 * RING_WAIT           the waiter     arg0 = ring: its call waits from here on for what is posted there
 * LOCK_CONTENDED      who wants it   arg0 = a lock inside the kernel, number = LCB_F_ flags: others have it, and the thread will sleep
 * WORK_QUEUED         who queues it  arg0 = a work, for which the kernel has threads of its own: what comes to a terminal; contextFlags
 * WORK_STARTED        such a thread  arg0 = the work, which it does from now on
 * PAGE_FAULTED        who touched it arg0 = the address: its page was not in memory, and the thread has waited for it
 * EVENTS_LOST                        number = how many, 0 where that is not known; every state known on this CPU is in doubt
 * THREAD_STATE        its tid        payload = {@link ThreadSnapshot}; from a collector that has found it in a call: arg0, arg1
 * FD_STATE            its tgid       payload = {@link FdSnapshot}
 * PROCESS_STATE       its tgid       payload = {@link ProcessSnapshot}
 * FACT                               payload = {@link Fact}, of which it tells whom and what it is about
 * INTERVAL                           the window of one summary ends at timeNs; payload = {@link WindowFacts}
 * END                                the trace ends at timeNs, nothing follows; payload = {@link WindowFacts}
 * </pre>
 */
public enum EventType {
    START,
    SYS_ENTER,
    SYS_EXIT,
    SCHED_SWITCH,
    SCHED_WAKING,
    SCHED_WAKEUP_NEW,
    SCHED_MIGRATE_TASK,
    TASK_NEWTASK,
    TASK_RENAME,
    SCHED_PROCESS_EXEC,
    SCHED_PROCESS_EXIT,
    INET_SOCK_SET_STATE,
    SIGNAL_DELIVER,
    RING_CREATE,
    RING_SUBMIT,
    RING_FILE,
    RING_READY,
    RING_COMPLETE,
    RING_WAIT,
    LOCK_CONTENDED,
    WORK_QUEUED,
    WORK_STARTED,
    PAGE_FAULTED,
    EVENTS_LOST,
    PROCESS_STATE,
    THREAD_STATE,
    FD_STATE,
    FACT,
    INTERVAL,
    END
}
