package ktrace.decode.process;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;
import ktrace.decode.Filled;
import ktrace.decode.Result;

/** rlimit, scheduling, capabilities, and what uname(2) and sysinfo(2) tell. */
final class Limits {
    private static final Constants CAP = Constants.group("cap");
    private static final Constants CAP_VERSION = Constants.group("cap_version");
    private static final Constants SCHED = Constants.group("sched");
    private static final int UTS_FIELD_BYTES = 65;
    private static final long CAPABILITY_VERSION_1 = 0x19980330;

    private Limits() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "rlimit64" -> Argument.in((d, value) -> limits(d, value, true));
            case "rlimit64-out" -> Argument.out((d, value) -> limits(d, value, true));
            case "rlimit" -> Argument.in((d, value) -> limits(d, value, false));
            case "rlimit-out" -> Argument.out((d, value) -> limits(d, value, false));
            case "cpus" -> Argument.in((d, value) -> cpus(d, value, d.argument(1)));
            case "cpus-out" -> Argument.out((d, value) -> cpus(d, value, d.call().result()));
            case "sched-param" -> Argument.in((d, value) -> Filled.number(d, value, 4, true));
            case "sched-policy" -> Argument.in((d, value) -> policy(d, value & 0xffff_ffffL));
            case "sched-attr" -> Argument.in(Limits::scheduling);
            case "sched-attr-out" -> Argument.out(Limits::scheduling);
            case "cap-header" -> Argument.in(Limits::capabilityHeader);
            case "cap-data" -> Argument.in(Limits::capabilities);
            case "cap-data-out" -> Argument.out(Limits::capabilities);
            case "utsname" -> Argument.out(Limits::names);
            case "sysinfo" -> Argument.out(Limits::system);
            default -> null;
        };
    }

    static Result result(String name) {
        return name.equals("sched-policy") ? d -> {
            d.out().append(d.call().result()).append(" (");
            policy(d, d.call().result());
            d.out().append(')');
        } : null;
    }

    private static void policy(Decoding d, long policy) {
        boolean resets = (policy & 0x40000000) != 0;
        SCHED.one(d.out(), policy & ~0x40000000L);
        d.out().append(resets ? "|SCHED_RESET_ON_FORK" : "");
    }

    private static void limits(Decoding d, long address, boolean wide) {
        int size = wide ? 8 : d.call().wordBytes();
        Bytes bytes = d.fetch(address, 2 * size);
        if (bytes == null) {
            d.address(address);
            return;
        }
        String infinity = size == 8 ? "RLIM64_INFINITY" : "RLIM_INFINITY";
        d.out().append("{rlim_cur=");
        limit(d.out(), size == 8 ? bytes.i64(0) : bytes.i32(0), infinity);
        d.out().append(", rlim_max=");
        limit(d.out(), size == 8 ? bytes.i64(8) : bytes.i32(4), infinity);
        d.out().append('}');
    }

    /** {@code 8192*1024}: what is a multiple of 1024 is easier to read as one. */
    private static void limit(StringBuilder out, long value, String infinity) {
        if (value == -1) {
            out.append(infinity);
        } else if (Long.compareUnsigned(value, 1024) > 0 && (value & 1023) == 0) {
            out.append(Long.toUnsignedString(value >>> 10)).append("*1024");
        } else {
            out.append(Long.toUnsignedString(value));
        }
    }

    private static void cpus(Decoding d, long address, long sizeBytes) {
        int size = (int) Math.min(Math.max(sizeBytes, 0), 1024);
        Bytes bytes = d.fetch(address, size);
        if (bytes == null) {
            d.address(address);
            return;
        }
        StringBuilder out = d.out().append('[');
        int shown = 0;
        for (int cpu = 0; cpu < size * 8; cpu++) {
            if ((bytes.u8(cpu / 8) >> (cpu % 8) & 1) != 0) {
                if (shown++ >= d.options().stringBytes()) {
                    out.append(" ...");
                    break;
                }
                out.append(shown > 1 ? " " : "").append(cpu);
            }
        }
        out.append(']');
    }

    /** struct sched_attr of include/uapi/linux/sched/types.h, as far as its size says that it is filled. */
    private static void scheduling(Decoding d, long address) {
        Bytes bytes = d.fetch(address, 48);
        if (bytes == null) {
            d.address(address);
            return;
        }
        long size = bytes.u32(0);
        StringBuilder out = d.out().append("{size=").append(size).append(", sched_policy=");
        policy(d, bytes.u32(4));
        Constants.group("sched_flags").flags(out.append(", sched_flags="), bytes.i64(8));
        out.append(", sched_nice=").append(bytes.i32(16)).append(", sched_priority=").append(bytes.u32(20))
                .append(", sched_runtime=").append(bytes.i64(24)).append(", sched_deadline=").append(bytes.i64(32))
                .append(", sched_period=").append(bytes.i64(40));
        Bytes bounds = size >= 56 ? d.fetch(address + 48, 8) : null;
        if (bounds != null) {
            out.append(", sched_util_min=").append(bounds.u32(0)).append(", sched_util_max=").append(bounds.u32(4));
        }
        out.append('}');
    }

    private static void capabilityHeader(Decoding d, long address) {
        Bytes bytes = d.fetch(address, 8);
        if (bytes == null) {
            d.address(address);
            return;
        }
        d.out().append("{version=");
        CAP_VERSION.one(d.out(), bytes.u32(0));
        d.out().append(", pid=").append(bytes.i32(4)).append('}');
    }

    private static void capabilities(Decoding d, long address) {
        Bytes header = d.fetch(d.argument(0), 8);
        boolean isOne = header == null || header.u32(0) == CAPABILITY_VERSION_1;
        Bytes bytes = d.fetch(address, isOne ? 12 : 24);
        if (bytes == null) {
            d.address(address);
            return;
        }
        String[] names = {"{effective=", ", permitted=", ", inheritable="};
        for (int i = 0; i < names.length; i++) {
            d.out().append(names[i]);
            capabilitySet(d.out(), bytes.u32(4 * i) | (isOne ? 0 : bytes.u32(12 + 4 * i) << 32));
        }
        d.out().append('}');
    }

    private static void capabilitySet(StringBuilder out, long set) {
        if (set == 0) {
            out.append('0');
            return;
        }
        int start = out.length();
        long rest = set;
        for (int cap = 0; cap < 64; cap++) {
            String name = CAP.find(cap);
            if (name != null && (set >>> cap & 1) != 0) {
                out.append(out.length() > start ? "|1<<" : "1<<").append(name);
                rest &= ~(1L << cap);
            }
        }
        if (rest != 0) {
            out.append(out.length() > start ? "|0x" : "0x").append(Long.toHexString(rest));
        }
    }

    private static void names(Decoding d, long address) {
        if (d.fetch(address, 2 * UTS_FIELD_BYTES) == null) {
            d.address(address);
            return;
        }
        d.out().append("{sysname=");
        d.path(address);
        d.out().append(", nodename=");
        d.path(address + UTS_FIELD_BYTES);
        d.out().append(", ...}");
    }

    /** include/uapi/linux/sysinfo.h: twelve words of which one is the number of processes, and a last number. */
    private static void system(Decoding d, long address) {
        int word = d.call().wordBytes();
        Bytes bytes = d.fetch(address, 14 * word);
        if (bytes == null) {
            d.address(address);
            return;
        }
        StringBuilder out = d.out().append("{uptime=").append(bytes.signedWord(0)).append(", loads=[").append(bytes.word(word))
                .append(", ").append(bytes.word(2 * word)).append(", ").append(bytes.word(3 * word)).append(']');
        String[] sizes = {"totalram", "freeram", "sharedram", "bufferram", "totalswap", "freeswap"};
        for (int i = 0; i < sizes.length; i++) {
            out.append(", ").append(sizes[i]).append('=').append(Long.toUnsignedString(bytes.word((4 + i) * word)));
        }
        out.append(", procs=").append(bytes.u16(10 * word)).append(", totalhigh=").append(bytes.word(11 * word))
                .append(", freehigh=").append(bytes.word(12 * word)).append(", mem_unit=").append(bytes.u32(13 * word)).append('}');
    }
}
