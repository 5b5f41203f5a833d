package ktrace.facts.live;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ktrace.facts.ObjectSource.Affinity;
import ktrace.linux.OnlineCpus;

/** Which CPUs a thread is bound to, and how long the others idled: proc_pid_status(5), proc_stat(5). */
final class CpuBonds {
    private static final String ALLOWED = "Cpus_allowed_list:";
    /** A second has 100 ticks of USER_HZ on all machines that ktrace knows. */
    private static final long TICK_NS = 10_000_000;
    /** {@code cpu0 user nice system idle iowait}. */
    private static final int IDLE = 4;
    private static final int IOWAIT = 5;

    private CpuBonds() {
    }

    /** Null when one of them is. */
    static Affinity of(byte[] status, byte[] cpuTimes) {
        if (status == null || cpuTimes == null) {
            return null;
        }
        try {
            return of(allowed(new String(status, StandardCharsets.ISO_8859_1)), new String(cpuTimes, StandardCharsets.ISO_8859_1));
        } catch (NumberFormatException notSuchAFile) {
            return null;
        }
    }

    private static String allowed(String status) {
        return status.lines().filter(line -> line.startsWith(ALLOWED)).map(line -> line.substring(ALLOWED.length()).strip())
                .findFirst().orElse("");
    }

    private static Affinity of(String allowed, String cpuTimes) {
        Set<Integer> mayRunOn = allowed.isEmpty() ? Set.of()
                : IntStream.of(OnlineCpus.parse(allowed)).boxed().collect(Collectors.toCollection(HashSet::new));
        boolean isBound = false;
        long idleTicks = 0;
        for (String line : cpuTimes.split("\n")) {
            String[] words = line.split(" ");
            boolean isCpu = words.length > IOWAIT && line.startsWith("cpu") && words[0].length() > 3;
            if (isCpu && !allowed.isEmpty() && !mayRunOn.contains(Integer.parseInt(words[0].substring(3)))) {
                isBound = true;
                idleTicks += Long.parseLong(words[IDLE]) + Long.parseLong(words[IOWAIT]);
            }
        }
        return isBound ? new Affinity(allowed, idleTicks * TICK_NS) : Affinity.ALL;
    }
}
