package ktrace.ptrace;

import java.nio.charset.StandardCharsets;
import java.util.List;
import ktrace.linux.files.FileReads;
import ktrace.text.RawText;

/** What /proc tells of traced threads where ptrace does not. Tracer's thread; allocates, for rare events only. */
final class ProcFacts {
    private final FileReads files = new FileReads();
    private final String proc;

    ProcFacts() {
        this("/proc");
    }

    /** Where procfs is mounted. */
    ProcFacts(String proc) {
        this.proc = proc;
    }

    /** Every thread of a process at this moment; empty when it is gone. */
    List<Integer> threads(int tgid) {
        List<Integer> tids = files.numbersIn(proc + "/" + tgid + "/task");
        return tids == null ? List.of() : tids;
    }

    /** Takes over the name that the thread has now; an unreadable one stays as it was. */
    void readComm(Tracee tracee) {
        byte[] bytes = files.read(proc + "/" + tracee.tid + "/comm");
        if (bytes == null) {
            return;
        }
        // The last newline is the kernel's; those before it are the name's.
        int length = Math.min(bytes.length - 1, 15);
        long comm0 = 0;
        long comm1 = 0;
        for (int i = 0; i < length; i++) {
            if (i < 8) {
                comm0 |= (bytes[i] & 0xffL) << 8 * i;
            } else {
                comm1 |= (bytes[i] & 0xffL) << 8 * (i - 8);
            }
        }
        tracee.comm0 = comm0;
        tracee.comm1 = comm1;
    }

    /** The program that a process runs; null when it cannot be told. */
    String executable(int tgid) {
        byte[] link = files.readLink(proc + "/" + tgid + "/exe");
        return link == null ? null : RawText.of(link);
    }

    /** A number in /proc/TID/status, or -1. */
    int status(int tid, String field) {
        String value = statusText(tid, field);
        return value == null ? -1 : Integer.parseInt(value.split("\\s+")[0]);
    }

    /** What stands behind {@code field:} in /proc/TID/status, or null. */
    String statusText(int tid, String field) {
        byte[] bytes = files.read(proc + "/" + tid + "/status");
        if (bytes == null) {
            return null;
        }
        return new String(bytes, StandardCharsets.ISO_8859_1).lines().filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip()).findFirst().orElse(null);
    }

    /** A line of a file in /proc/sys, or null. */
    String setting(String file) {
        byte[] bytes = files.read(proc + "/sys/" + file);
        return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1).strip();
    }
}
