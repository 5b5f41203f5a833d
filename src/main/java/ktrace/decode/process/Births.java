package ktrace.decode.process;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;
import ktrace.decode.signals.SignalText;
import ktrace.linux.Abi;

/** clone(2), clone3(2) and execve(2). */
final class Births {
    private static final Constants FLAGS = Constants.group("clone");
    private static final Constants MORE_FLAGS = Constants.group("clone3");
    private static final long PARENT_SETTID = FLAGS.valueOf("CLONE_PARENT_SETTID");
    private static final long PIDFD = FLAGS.valueOf("CLONE_PIDFD");
    private static final long SETTLS = FLAGS.valueOf("CLONE_SETTLS");
    private static final long CHILD_TID = FLAGS.valueOf("CLONE_CHILD_SETTID") | FLAGS.valueOf("CLONE_CHILD_CLEARTID");
    private static final long SIGNAL = 0xff;
    /** CLONE_ARGS_SIZE_VER0 of include/uapi/linux/sched.h. */
    private static final int CLONE_ARGS_BYTES = 64;
    private static final int POINTERS_AT_ONCE = 64;
    private static final int MAX_VARIABLES = 1 << 16;

    private Births() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "clone" -> Argument.inOut((d, value) -> cloneEntry(d), (d, value) -> cloneExit(d));
            case "clone-args" -> Argument.inOut(Births::clone3Entry, Births::clone3Exit);
            case "argv" -> Argument.in(Births::arguments);
            case "envp" -> Argument.in(Births::environment);
            default -> null;
        };
    }

    /** The registers stand in another order on x86-64 than elsewhere (clone(2)): the last two. */
    private static void cloneEntry(Decoding d) {
        long flags = d.argument(0) & 0xffff_ffffL;
        d.out().append("child_stack=");
        d.address(d.argument(1));
        d.out().append(", flags=");
        cloneFlags(d.out(), flags & ~SIGNAL, (int) (flags & SIGNAL));
    }

    private static void cloneFlags(StringBuilder out, long flags, int signal) {
        if (flags == 0) {
            out.append(SignalText.name(signal));
            return;
        }
        FLAGS.flags(out, flags);
        if (signal != 0) {
            out.append('|').append(SignalText.name(signal));
        }
    }

    private static void cloneExit(Decoding d) {
        long flags = d.argument(0);
        boolean x86 = d.call().abi() == Abi.X86_64;
        if ((flags & (PARENT_SETTID | PIDFD)) != 0) {
            d.out().append(", parent_tid=");
            tid(d, d.argument(2), (flags & PARENT_SETTID) == 0);
        }
        if ((flags & SETTLS) != 0) {
            d.out().append(", tls=");
            d.address(d.argument(x86 ? 4 : 3));
        }
        if ((flags & CHILD_TID) != 0) {
            d.out().append(", child_tidptr=");
            d.address(d.argument(x86 ? 3 : 4));
        }
    }

    private static void tid(Decoding d, long address, boolean isFd) {
        Bytes bytes = d.failed() ? null : d.fetch(address, Integer.BYTES);
        if (bytes == null) {
            d.address(address);
            return;
        }
        d.out().append('[');
        if (isFd) {
            d.fd(bytes.i32(0));
        } else {
            d.out().append(bytes.i32(0));
        }
        d.out().append(']');
    }

    /** include/uapi/linux/sched.h, struct clone_args: flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls. */
    private static void clone3Entry(Decoding d, long address) {
        Bytes bytes = d.argument(1) < CLONE_ARGS_BYTES ? null : d.fetch(address, CLONE_ARGS_BYTES);
        if (bytes == null) {
            d.address(address);
            return;
        }
        long flags = bytes.i64(0);
        StringBuilder out = d.out().append("{flags=");
        FLAGS.flags(out, flags & 0xffff_ffffL);
        MORE_FLAGS.moreFlags(out, flags & ~0xffff_ffffL);
        field(d, ", pidfd=", bytes.i64(8), (flags & PIDFD) != 0);
        field(d, ", child_tid=", bytes.i64(16), (flags & CHILD_TID) != 0);
        field(d, ", parent_tid=", bytes.i64(24), (flags & PARENT_SETTID) != 0);
        out.append(", exit_signal=").append(SignalText.name((int) bytes.i64(32)));
        field(d, ", stack=", bytes.i64(40), true);
        out.append(", stack_size=");
        d.hex(bytes.i64(48));
        field(d, ", tls=", bytes.i64(56), (flags & SETTLS) != 0);
        out.append('}');
    }

    private static void field(Decoding d, String name, long address, boolean given) {
        if (given) {
            d.out().append(name);
            d.address(address);
        }
    }

    private static void clone3Exit(Decoding d, long address) {
        Bytes bytes = d.failed() || d.argument(1) < CLONE_ARGS_BYTES ? null : d.fetch(address, CLONE_ARGS_BYTES);
        long flags = bytes == null ? 0 : bytes.i64(0);
        if ((flags & (PARENT_SETTID | PIDFD)) == 0) {
            return;
        }
        d.out().append(" => {");
        if ((flags & PIDFD) != 0) {
            d.out().append("pidfd=");
            tid(d, bytes.i64(8), true);
        }
        if ((flags & PARENT_SETTID) != 0) {
            d.out().append((flags & PIDFD) != 0 ? ", parent_tid=" : "parent_tid=");
            tid(d, bytes.i64(24), false);
        }
        d.out().append('}');
    }

    private static void arguments(Decoding d, long address) {
        int word = d.call().wordBytes();
        Bytes first = d.fetch(address, word);
        if (first == null) {
            d.address(address);
            return;
        }
        StringBuilder out = d.out().append('[');
        Bytes pointer = first;
        for (int i = 0; pointer.word(0) != 0; i++) {
            out.append(i > 0 ? ", " : "");
            if (i >= d.options().stringBytes()) {
                out.append("...");
                break;
            }
            d.string(pointer.word(0));
            pointer = d.fetch(address + (i + 1L) * word, word);
            if (pointer == null) {
                out.append(", ???");
                break;
            }
        }
        out.append(']');
    }

    private static void environment(Decoding d, long address) {
        d.address(address);
        if (d.fetch(address, d.call().wordBytes()) == null) {
            return;
        }
        int count = 0;
        while (count < MAX_VARIABLES) {
            int word = d.call().wordBytes();
            Bytes pointers = d.fetchWithinPage(address + (long) count * word, POINTERS_AT_ONCE * word);
            int found = pointers == null ? -1 : zero(pointers);
            if (pointers == null || found >= 0) {
                count += Math.max(found, 0);
                d.out().append(" /* ").append(count).append(count == 1 ? " var" : " vars")
                        .append(pointers == null ? ", unterminated" : "").append(" */");
                return;
            }
            count += pointers.length() / d.call().wordBytes();
        }
        d.out().append(" /* more than ").append(MAX_VARIABLES).append(" vars */");
    }

    /** Which of the pointers is the first that is null; -1 when none is. */
    private static int zero(Bytes pointers) {
        for (int at = 0; at + pointers.wordBytes() <= pointers.length(); at += pointers.wordBytes()) {
            if (pointers.word(at) == 0) {
                return at / pointers.wordBytes();
            }
        }
        return -1;
    }
}
