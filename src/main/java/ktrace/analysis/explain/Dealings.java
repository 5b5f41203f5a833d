package ktrace.analysis.explain;

import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import ktrace.analysis.Computing;
import ktrace.event.KernelObject;
import ktrace.event.ThreadId;
import ktrace.event.TraceEvent;
import ktrace.linux.SyscallTable;

/**
 * By which calls threads deal with others, and what they computed between these while somebody waited. Of more threads than
 * {@value #LIMIT} the half is left out that was waited for least; which those are depends on the events alone. One thread; allocates
 * for a thread that deals with others, and what {@link Computations} does.
 */
final class Dealings {
    static final int LIMIT = 1024;
    private static final int MOST_TOLD = 16;

    /** Calls about one thing, which is known; {@link #LISTENING} need none. */
    private static final List<String> TRANSFERS = List.of("read", "write", "readv", "writev", "sendto", "recvfrom", "sendmsg", "recvmsg",
            "sendmmsg", "recvmmsg", "send", "recv", "sendfile", "splice", "msgsnd", "msgrcv", "mq_timedsend", "mq_timedreceive",
            "mq_timedsend_time64", "mq_timedreceive_time64");
    private static final List<String> LISTENING = List.of("poll", "ppoll", "ppoll_time64", "select", "_newselect", "pselect6",
            "pselect6_time64", "epoll_wait", "epoll_pwait", "epoll_pwait2", "accept", "accept4", "io_uring_enter", "io_getevents");

    private final BitSet transfers = new BitSet();
    private final BitSet listening = new BitSet();
    private final IntFunction<String> names;
    private final Map<ThreadId, Computations> awaited = new LinkedHashMap<>();

    Dealings(SyscallTable syscalls) {
        names = syscalls::name;
        TRANSFERS.forEach(name -> syscalls.find(name).ifPresent(transfers::set));
        LISTENING.forEach(name -> syscalls.find(name).ifPresent(listening::set));
    }

    /** Whether an event of type SYS_ENTER is to be told to {@link #enters}. */
    boolean isOne(TraceEvent enter) {
        int call = enter.call & Integer.MAX_VALUE;
        return listening.get(call) || enter.object != null && transfers.get(call) && enter.object.kind().ipc();
    }

    void enters(Past past, TraceEvent enter) {
        if (past.computations == null) {
            past.computations = new Computations();
        }
        past.computations.enters(enter.call, enter.object, enter.timeNs);
    }

    void returned(Past past, int call, long lengthNs, long result) {
        if (past.computations != null) {
            past.computations.returned(call, lengthNs, result > 0 || listening.get(call & Integer.MAX_VALUE));
        }
    }

    /**
     * From {@code a} to {@code b} somebody waited whom {@code past}'s thread kept waiting.
     *
     * @param wait the number of that wait
     */
    void awaited(Past past, int wait, long a, long b) {
        Computations computed = past.computations;
        if (computed != null && !computed.isEmpty() && computed.awaited(wait, a, b) && !computed.isListed) {
            if (awaited.size() == LIMIT) {
                leaveOut();
            }
            computed.isListed = true;
            awaited.put(past.thread, computed);
        }
    }

    private void leaveOut() {
        awaited.entrySet().stream().sorted(Comparator.comparingLong(entry -> entry.getValue().awaitedNs())).limit(LIMIT / 2).toList()
                .forEach(entry -> {
                    entry.getValue().isListed = false;
                    awaited.remove(entry.getKey());
                });
    }

    /** Those whom others waited for longest, first. */
    List<Computing> computing() {
        return awaited.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<ThreadId, Computations> entry) -> entry.getValue().awaitedNs()).reversed())
                .limit(MOST_TOLD).map(entry -> computing(entry.getKey(), entry.getValue())).toList();
    }

    private Computing computing(ThreadId thread, Computations computed) {
        Computation one = computed.greatest();
        return new Computing(thread, "", "", computed.times(), computed.ranNs(), computed.awaitedNs(), new Computing.Greatest(
                call(one.fromCall, one.from), call(one.toCall, one.to), one.ranNs, one.toNs - one.fromNs,
                one.waits, one.awaitedNs));
    }

    private Computing.Call call(int number, KernelObject object) {
        boolean isOfOne = object != null && transfers.get(number & Integer.MAX_VALUE);
        return new Computing.Call(names.apply(number), isOfOne ? object.name() : "");
    }
}
