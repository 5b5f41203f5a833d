package ktrace.story;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ktrace.analysis.Because;
import ktrace.analysis.Cause;

/**
 * What a wait is explained by, in words that follow who ended it: {@code , which computed 71 %, waited for the disk 20 %}; and
 * where that one waited itself {@code , which waited for back(12), which computed 64 %}.
 */
final class BecauseWords {
    /** Smaller parts say nothing. */
    private static final double LEAST = 0.05;

    /** Somebody, and what it did. */
    private record Doing(String name, Cause cause, long ns) {
    }

    private final long totalNs;
    private final List<Doing> wakers = new ArrayList<>();
    private final List<Doing> further = new ArrayList<>();

    BecauseWords(WaitRow row, Alphabet alphabet, int maxName) {
        totalNs = row.what().totalNs();
        if (row.what().waker() == null) {
            return;
        }
        Map<Cause, Long> byWakers = new EnumMap<>(Cause.class);
        Map<String, Map<Cause, Long>> byOthers = new LinkedHashMap<>();
        for (Because part : row.what().because()) {
            if (part.pid() == 0 || !isTold(part.cause())) {
                continue;
            }
            boolean isWaker = row.wakers().contains(row.isOfThreads() && row.what().waker().tid() != 0 ? part.tid() : part.pid());
            Map<Cause, Long> causes = isWaker ? byWakers
                    : byOthers.computeIfAbsent(name(row, part, alphabet, maxName), name -> new EnumMap<>(Cause.class));
            causes.merge(part.cause(), part.ns(), Long::sum);
        }
        add(wakers, "", byWakers);
        byOthers.forEach((name, causes) -> add(further, name, causes));
        wakers.sort(Comparator.comparingLong(Doing::ns).reversed());
        further.sort(Comparator.comparingLong(Doing::ns).reversed());
    }

    private static boolean isTold(Cause cause) {
        return cause != Cause.UNKNOWN && cause != Cause.FURTHER_BACK && cause != Cause.GOES_ON;
    }

    private void add(List<Doing> doings, String name, Map<Cause, Long> causes) {
        causes.forEach((cause, ns) -> {
            if (ns >= LEAST * totalNs) {
                doings.add(new Doing(name, cause, ns));
            }
        });
    }

    private static String name(WaitRow row, Because part, Alphabet alphabet, int maxName) {
        return part.pid() == row.process().summary().pid() && !part.threadComm().isEmpty()
                ? Names.of(part.threadComm(), part.tid(), alphabet, maxName)
                : Names.of(part.comm().isEmpty() ? row.process().summary().comm() : part.comm(), part.pid(), alphabet, maxName);
    }

    int size() {
        return wakers.size() + further.size();
    }

    /** The {@code most} greatest parts. */
    String told(int most) {
        List<Doing> told = new ArrayList<>(wakers);
        told.addAll(further);
        told.sort(Comparator.comparingLong(Doing::ns).reversed());
        List<Doing> greatest = told.subList(0, Math.min(most, told.size()));
        StringBuilder words = new StringBuilder();
        wakers.stream().filter(greatest::contains)
                .forEach(doing -> words.append(words.isEmpty() ? ", which " : ", ").append(did(doing)));
        String last = "";
        for (Doing doing : further) {
            if (greatest.contains(doing)) {
                if (!doing.name.equals(last)) {
                    words.append(words.isEmpty() ? ", which" : ",").append(" waited for ").append(doing.name).append(", which");
                } else {
                    words.append(',');
                }
                words.append(' ').append(did(doing));
                last = doing.name;
            }
        }
        return words.toString();
    }

    /** The greatest part, where there is not much room: {@code : back(12) computed 64 %}. */
    String brief() {
        boolean isWakers = further.isEmpty() || !wakers.isEmpty() && wakers.getFirst().ns >= further.getFirst().ns;
        Doing greatest = size() == 0 ? null : isWakers ? wakers.getFirst() : further.getFirst();
        return greatest == null ? "" : (isWakers ? ": " : ": " + greatest.name + " ") + did(greatest);
    }

    private String did(Doing doing) {
        return did(doing.cause) + " " + Units.percent(doing.ns, totalNs);
    }

    private static String did(Cause cause) {
        return switch (cause) {
            case COMPUTES -> "computed";
            case QUEUE -> "had no CPU";
            case THROTTLED -> "was held back by its quota";
            case DISK -> "waited for the disk";
            case SLEEPS -> "slept";
            case STOPPED -> "was held still";
            case IDLE -> "asked for nothing";
            case OUTSIDE -> "is not observed";
            case GOES_ON, FURTHER_BACK, UNKNOWN -> "did what is not known";
        };
    }
}
