package ktrace.facts.live;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ktrace.facts.ObjectSource.Affinity;
import ktrace.linux.OnlineCpus;

/**
 * Which CPUs a thread is bound to, how long the others idled, and how much of each the hypervisor took: proc_pid_status(5),
 * proc_stat(5).
 */
final class CpuBonds {
    private static final String ALLOWED = "Cpus_allowed_list:";
    /** A second has 100 ticks of USER_HZ on all machines that ktrace knows. */
    private static final long TICK_NS = 10_000_000;
    /** {@code cpu0 user nice system idle iowait}. */
    private static final int IDLE = 4;
    private static final int IOWAIT = 5;
    /** {@code irq softirq steal}, since Linux 2.6.11. */
    private static final int STEAL = 8;

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

    /** By CPU, without those of which none was; nothing of null. */
    static SortedMap<Integer, Long> stolenNs(byte[] cpuTimes) {
        SortedMap<Integer, Long> stolen = new TreeMap<>();
        for (String line : cpuTimes == null ? new String[0] : new String(cpuTimes, StandardCharsets.ISO_8859_1).split("\n")) {
            String[] words = line.split(" ");
            if (words.length > STEAL && words[0].matches("cpu\\d{1,9}") && words[STEAL].matches("\\d{1,18}")
                    && Long.parseLong(words[STEAL]) > 0) {
                stolen.put(Integer.parseInt(words[0].substring(3)), Long.parseLong(words[STEAL]) * TICK_NS);
            }
        }
        return stolen;
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
