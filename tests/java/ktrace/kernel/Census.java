package ktrace.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a running ktrace keeps. Its heap is collected for it.
 *
 * @param residentBytes of the process, before the collection
 * @param liveBytes of the heap; 0 when ktrace had ended
 * @param instances of ktrace's own classes, by their names
 */
record Census(long residentBytes, long liveBytes, Map<String, Long> instances) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");

    static Census of(long pid) {
        long residentBytes = residentBytes(pid);
        long liveBytes = 0;
        Map<String, Long> instances = new HashMap<>();
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        // Of what is measured it takes as little as it can. In the session that ktrace shares it would come after all of ktrace.
        try (RunningProgram asked = RunningProgram.start(List.of("setsid", jcmd, "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC",
                Long.toString(pid), "GC.class_histogram"))) {
            asked.exitStatus(PATIENCE);
            for (String line : asked.stdout().lines().toList()) {
                Matcher matcher = LINE.matcher(line);
                if (matcher.matches()) {
                    liveBytes += Long.parseLong(matcher.group(2));
                    if (matcher.group(3).startsWith("ktrace.")) {
                        instances.merge(matcher.group(3), Long.parseLong(matcher.group(1)), Long::sum);
                    }
                }
            }
        }
        return new Census(residentBytes, liveBytes, instances);
    }

    /** 0 when it is gone. */
    static long residentBytes(long pid) {
        try {
            Path statm = Path.of("/proc/" + pid + "/statm");
            return Files.exists(statm) ? Long.parseLong(Files.readString(statm).split(" ")[1]) * 4096 : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many more there are, of the classes whose names begin so; 0 when there are fewer. */
    long moreThan(Census earlier, String prefix) {
        return Math.max(0, count(prefix) - earlier.count(prefix));
    }

    private long count(String prefix) {
        return instances.entrySet().stream().filter(entry -> entry.getKey().startsWith(prefix)).mapToLong(Map.Entry::getValue).sum();
    }

    /** The classes of which there are more than before by more than that many. */
    Map<String, Long> grownSince(Census earlier, long allowed) {
        Map<String, Long> grown = new TreeMap<>();
        instances.forEach((name, count) -> {
            long more = count - earlier.instances().getOrDefault(name, 0L);
            if (more > allowed) {
                grown.put(name, more);
            }
        });
        return grown;
    }
}
