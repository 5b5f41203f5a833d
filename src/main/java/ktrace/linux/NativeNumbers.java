package ktrace.linux;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The numbers that calls of programs of another ABI are reported under: those of the native call that does the same, so that all that
 * follows knows what they do; what the native ABI has no call for gets a number beyond those of all calls.
 */
public final class NativeNumbers {
    /** i386 calls that do what a native one of quite another name does, with what matters in the same registers. */
    private static final Map<String, String> OTHER_NAMES = Map.ofEntries(Map.entry("mmap2", "mmap"), Map.entry("_llseek", "lseek"),
            Map.entry("_newselect", "select"), Map.entry("waitpid", "wait4"), Map.entry("ugetrlimit", "getrlimit"),
            Map.entry("sigreturn", "rt_sigreturn"), Map.entry("sigaction", "rt_sigaction"), Map.entry("sigprocmask", "rt_sigprocmask"),
            Map.entry("sigpending", "rt_sigpending"), Map.entry("sigsuspend", "rt_sigsuspend"), Map.entry("send", "sendto"),
            Map.entry("recv", "recvfrom"), Map.entry("umount", "umount2"), Map.entry("fstatat64", "newfstatat"));

    private final Abi current = Abi.current();
    private final int[] fromI386;
    private final Map<String, Integer> byName = new HashMap<>();

    public NativeNumbers() {
        SyscallTable i386 = SyscallTable.of(Abi.I386);
        fromI386 = new int[i386.limit()];
        for (int number = 0; number < fromI386.length; number++) {
            int native_ = find(i386.name(number));
            fromI386[number] = native_ < 0 ? SyscallTable.LIMIT + number : native_;
            byName.put(i386.name(number), fromI386[number]);
        }
        for (String name : new String[] {"send", "recv", "accept", "semop", "semtimedop"}) {
            byName.put(name, find(name));
        }
    }

    /** The native call of that name, or of the name without what tells how wide its numbers are; -1 when there is none. */
    private static int find(String name) {
        return Stream.of(name, name.replaceFirst("_time64$", ""), name.replaceFirst("_?64$", ""), name.replaceFirst("32$", ""),
                OTHER_NAMES.getOrDefault(name, name)).map(SyscallTable.current()::find).filter(OptionalInt::isPresent)
                .mapToInt(OptionalInt::getAsInt).findFirst().orElse(-1);
    }

    /** @param abi null for one that is not known */
    public int of(Abi abi, long number) {
        if (abi == current) {
            return (int) number;
        }
        return abi == Abi.I386 && number >= 0 && number < fromI386.length ? fromI386[(int) number]
                : SyscallTable.LIMIT + (int) (number & 0xffff);
    }

    /** Of a call of that name that another carries, as socketcall(2) does. */
    public int ofCarried(String name) {
        return byName.get(name);
    }
}
