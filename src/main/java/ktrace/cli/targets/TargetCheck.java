package ktrace.cli.targets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ktrace.cli.options.Notice;
import ktrace.cli.options.UserError;
import ktrace.linux.Processes;
import ktrace.linux.files.FileErrors;

/** Says of each process that cannot be traced why, before anything is opened. */
public final class TargetCheck {
    /** proc_ns.h: PROC_PID_INIT_INO, the first pid namespace. */
    private static final String FIRST_PID_NAMESPACE = "pid:[4026531836]";

    private TargetCheck() {
    }

    /** Those that can be traced. Who has ended is told of and left out, unless that is everybody. */
    static List<Integer> living(List<Integer> pids) {
        List<Integer> living = new ArrayList<>();
        List<UserError> ended = new ArrayList<>();
        for (int pid : pids) {
            UserError end = endOf(pid);
            if (end == null) {
                living.add(pid);
            } else {
                ended.add(end);
            }
        }
        if (living.isEmpty()) {
            throw ended.getFirst();
        }
        ended.forEach(end -> Notice.tell(end.getMessage() + "; going on with the others"));
        return living;
    }

    /** Why there is nothing to trace; null where there is. */
    private static UserError endOf(int pid) {
        if (pid == Processes.getpid()) {
            throw UserError.failed("process " + pid + " is ktrace itself: it never traces itself");
        }
        Map<String, String> status = status(pid);
        if (status.isEmpty()) {
            return UserError.failed("no process " + pid + "; find one with pgrep NAME");
        }
        int tgid = Integer.parseInt(status.getOrDefault("Tgid", "0"));
        if (tgid != pid) {
            throw UserError.failed(pid + " is a thread of process " + tgid + ": use -p " + tgid);
        }
        boolean othersRun = Integer.parseInt(status.getOrDefault("Threads", "1")) > 1;
        if (status.getOrDefault("State", "").startsWith("Z") && !othersRun) {
            return UserError.failed("process " + pid + " has ended and waits for its parent " + status.get("PPid")
                    + " to notice (zombie): there is nothing to trace");
        }
        if ("1".equals(status.get("Kthread")) || !othersRun && isKernelThread(pid)) {
            throw UserError.failed("process " + pid + " (" + status.getOrDefault("Name", "") + ") is a kernel thread:"
                    + " it makes no system calls; -a shows whom it wakes");
        }
        return null;
    }

    /** Empty when there is no such process. */
    private static Map<String, String> status(int pid) {
        Map<String, String> fields = new HashMap<>();
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"),
                    java.nio.charset.StandardCharsets.ISO_8859_1)) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
                }
            }
        } catch (IOException e) {
            return Map.of();
        }
        return fields;
    }

    /** Before 6.8 status has no Kthread line; kernel threads have no address space: nothing in maps, and no executable. */
    private static boolean isKernelThread(int pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/maps"), java.nio.charset.StandardCharsets.ISO_8859_1).isEmpty()
                    && !Files.exists(Path.of("/proc/" + pid + "/exe"));
        } catch (IOException e) {
            return false;
        }
    }

    /** As the first process of a new pid namespace ktrace has the /proc of the old one, which numbers all processes otherwise. */
    public static void checkProc() {
        try {
            String self = Files.readSymbolicLink(Path.of("/proc/self")).toString();
            if (!self.equals(Integer.toString(Processes.getpid()))) {
                throw UserError.failed("/proc is of another pid namespace than ktrace, which is process " + Processes.getpid()
                        + " here and " + self + " there; mount proc at /proc (unshare --mount-proc does)");
            }
        } catch (IOException e) {
            throw UserError.failed("cannot read /proc/self: " + FileErrors.reason(e) + "; mount proc at /proc");
        }
    }

    /**
     * Tracepoints number processes as the first pid namespace does, /proc as ktrace's own: in a container with a pid namespace of
     * its own the two would be mixed up.
     */
    public static void checkPidNamespace() {
        try {
            String namespace = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
            if (!FIRST_PID_NAMESPACE.equals(namespace)) {
                throw UserError.failed("ktrace runs in a pid namespace of its own (" + namespace
                        + "), where process numbers are not"
                        + " those of the kernel's events; run it on the host, or the container with --pid=host");
            }
        } catch (IOException e) {
            throw UserError.failed("cannot read /proc/self/ns/pid: " + e.getMessage() + "; mount proc at /proc");
        }
    }
}
