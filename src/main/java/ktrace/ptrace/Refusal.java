package ktrace.ptrace;

import ktrace.linux.Errno;
import ktrace.linux.Processes;
import ktrace.linux.uapi.Uapi;

/** Says why the kernel does not let a process be traced: ptrace(2), "Ptrace access mode checking". */
final class Refusal {
    private Refusal() {
    }

    static PtraceException of(int tgid, int errno, ProcFacts facts) {
        String cannot = "cannot trace process " + tgid + ": ";
        if (errno == Uapi.ESRCH()) {
            return new PtraceException(cannot + "it ended while ktrace attached to it");
        }
        if (errno == Uapi.EIO()) {
            return new PtraceException(cannot + "this kernel has no PTRACE_SEIZE or does not know its options");
        }
        if (errno != Uapi.EPERM()) {
            return new PtraceException(cannot + "ptrace: " + Errno.describe(errno));
        }
        int tracer = facts.status(tgid, "TracerPid");
        if (tracer > 0) {
            // The kernel names the thread that traces.
            tracer = facts.status(tracer, "Tgid");
            String name = facts.statusText(tracer, "Name");
            return new PtraceException(cannot + "process " + tracer + (name == null ? "" : " (" + name + ")")
                    + " traces it already, and a process has one tracer only; end that one, or use -c perf");
        }
        int owner = facts.status(tgid, "Uid");
        int self = Processes.geteuid();
        if (self != 0 && owner >= 0 && owner != self) {
            return new PtraceException(cannot + "it belongs to user " + owner + ", ktrace runs as user " + self
                    + "; run ktrace as that user or as root");
        }
        String scope = facts.setting("kernel/yama/ptrace_scope");
        if (scope != null && !scope.equals("0")) {
            return new PtraceException(cannot + "kernel.yama.ptrace_scope is " + scope + yama(scope));
        }
        if (self == 0) {
            return new PtraceException(cannot + "permission denied although ktrace runs as root; CAP_SYS_PTRACE is missing here, or a"
                    + " security module forbids it");
        }
        return new PtraceException(cannot + "permission denied; a set-user-ID or otherwise protected program (prctl PR_SET_DUMPABLE)"
                + " can be traced by root or with CAP_SYS_PTRACE only");
    }

    private static String yama(String scope) {
        return switch (scope) {
            case "1" -> ": only its own children may be traced; start it with ktrace -- COMMAND, or run ktrace as root,"
                    + " or let root run sysctl kernel.yama.ptrace_scope=0";
            case "2" -> ": only who has CAP_SYS_PTRACE may trace; run ktrace as root, or let root run"
                    + " sysctl kernel.yama.ptrace_scope=1";
            default -> ": nobody may trace until the next boot";
        };
    }
}
