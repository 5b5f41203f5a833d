package ktrace.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import ktrace.event.Peer;
import ktrace.event.WindowFacts;
import ktrace.intervals.Interval;
import ktrace.linux.Errno;

/**
 * Rows of comma-separated values: RFC 4180, UTF-8, a head line, lines that end with CR LF. What is not known is empty. Allocates
 * little for a row.
 */
final class CsvRows implements RowFormat {
    private static final String HEAD = "record,start_ns,end_ns,duration_ns,pid,tid,comm,syscall,call,result,errno,kind,object,"
            + "waker_pid,waker_tid,waker_comm,evidence,peers,end,waker_thread_comm";

    private final Writer out;
    private final IntFunction<String> syscalls;
    private final CsvRow row = new CsvRow();

    CsvRows(OutputStream out, IntFunction<String> syscalls) {
        this.out = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        this.syscalls = syscalls;
    }

    @Override
    public void begin(long timeNs) throws IOException {
        out.write(HEAD);
        out.write("\r\n");
    }

    @Override
    public void call(TracedCall call, CharSequence text) throws IOException {
        times("call", call.startNs, call.endNs);
        row.number(call.thread.process().tgid()).number(call.thread.tid()).text(call.comm());
        row.text(syscalls.apply(call.number)).text(text);
        if (call.hasResult) {
            row.number(call.result).text(Errno.isError(call.result) ? Errno.name((int) -call.result) : "");
        } else {
            row.empty(2);
        }
        if (call.object != null) {
            row.text(call.object.kind().label()).text(call.object.name());
        } else {
            row.empty(2);
        }
        row.empty(5).text(call.end.label()).empty(1).writeTo(out);
    }

    @Override
    public void wait(Interval wait, String comm) throws IOException {
        boolean ended = wait.end() != Interval.End.ONGOING;
        times("wait", wait.fromNs(), ended ? wait.toNs() : TracedCall.UNKNOWN_NS);
        row.number(wait.thread().process().tgid()).number(wait.thread().tid()).text(comm);
        row.text(wait.syscall() == Interval.NO_SYSCALL ? "" : syscalls.apply(wait.syscall())).empty(3);
        row.text(wait.kind().label()).text(wait.object() == null ? "" : wait.object().name());
        if (wait.waker() != null) {
            row.number(wait.waker().pid()).numberOrEmpty(wait.waker().tid(), 0).text(wait.waker().comm());
        } else {
            row.empty(3);
        }
        row.text(wait.evidence().label()).text(peers(wait)).text(wait.end().label())
                .text(wait.waker() == null ? "" : wait.waker().threadComm()).writeTo(out);
    }

    private static String peers(Interval wait) {
        StringBuilder peers = new StringBuilder();
        for (Peer peer : wait.peers()) {
            peers.append(peers.isEmpty() ? "" : " ").append(peer.comm()).append('(').append(peer.pid()).append(')');
        }
        return peers.toString();
    }

    /** The count is the result; the object says where. */
    @Override
    public void lost(long timeNs, int cpu, long events) throws IOException {
        times("lost", timeNs, timeNs);
        row.empty(5).number(events).empty(2).text(cpu < 0 ? "" : "cpu " + cpu).empty(7).writeTo(out);
    }

    @Override
    public void end(long timeNs, WindowFacts facts) {
        // Only rows of the head line's columns.
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    private void times(String record, long startNs, long endNs) {
        row.clear().text(record).numberOrEmpty(startNs, TracedCall.UNKNOWN_NS).numberOrEmpty(endNs, TracedCall.UNKNOWN_NS);
        if (startNs == TracedCall.UNKNOWN_NS || endNs == TracedCall.UNKNOWN_NS) {
            row.empty(1);
        } else {
            row.number(endNs - startNs);
        }
    }
}
