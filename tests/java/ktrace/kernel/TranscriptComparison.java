package ktrace.kernel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Two runs of one program, call by call. Threads are paired by who made them, calls by their order: a call that only one run made
 * has no partner and says nothing about how calls are shown. What is another with each run is made alike on both sides first.
 */
final class TranscriptComparison {
    /** Addresses, objects' inodes, times, and names that are random. Nothing that a decoder could get wrong. */
    private static final List<UnaryOperator<String>> NORMAL = List.of(
            replacing("0x[0-9a-f]{6,}", "ADDRESS"),
            replacing("(pipe|socket):\\[\\d+]", "$1:[INODE]"),
            replacing("^time\\((.*)\\) = \\d+ \\(.*\\)$", "time($1) = TIME"),
            replacing("\\btv_(sec|nsec|usec)=-?\\d+", "tv_$1=TIME"),
            replacing(" /\\* \\d{4}-\\d\\d-\\d\\dT[^*]* \\*/", " /* TIME */"),
            replacing("\\b(ru_\\w+|tms_\\w+|st_[amc]time\\w*|si_[us]time)=(\\{[^}]*}|-?\\d+)( /\\* [\\d.]+ s \\*/)?", "$1=MEASURED"),
            replacing("(/tmp/(?:cc|redis-)|tmp_(?:obj|pack|idx)_)\\w{6}", "$1RANDOM"),
            replacing("^getrandom\\(\"[^\"]*\"\\.{0,3}", "getrandom(RANDOM"));

    private final Map<String, Tally> tallies = new TreeMap<>();
    private final List<String> differences = new ArrayList<>();
    private final Set<CallTranscript.Call> agreed = Collections.newSetFromMap(new IdentityHashMap<>());
    private int withoutPartner;

    /** How often calls of one name had a partner, and how often both were the same. */
    static final class Tally {
        private int compared;
        private int agreed;

        int compared() {
            return compared;
        }

        int agreed() {
            return agreed;
        }
    }

    private record Pair(String ours, String theirs) { }

    private TranscriptComparison() { }

    static TranscriptComparison of(CallTranscript theirs, CallTranscript ours) {
        TranscriptComparison comparison = new TranscriptComparison();
        Set<String> theirTids = new HashSet<>(theirs.tids());
        Set<String> ourTids = new HashSet<>(ours.tids());
        Map<String, String> theirNames = new HashMap<>();
        Map<String, String> ourNames = new HashMap<>();
        List<List<CallTranscript.Call[]>> paired = new ArrayList<>();
        Deque<Pair> threads = new ArrayDeque<>();
        threads.add(new Pair(ours.tids().getFirst(), theirs.tids().getFirst()));
        Set<String> reached = new HashSet<>();
        while (!threads.isEmpty()) {
            Pair pair = threads.remove();
            String name = "TID" + theirNames.size();
            if (!reached.add(pair.ours) || theirNames.putIfAbsent(pair.theirs, name) != null) {
                continue;
            }
            ourNames.put(pair.ours, name);
            List<CallTranscript.Call> a = theirs.calls(pair.theirs);
            List<CallTranscript.Call> b = ours.calls(pair.ours);
            List<CallTranscript.Call[]> calls = Alignment.of(a, b, call -> normal(call.text(), theirTids, Map.of()),
                    call -> normal(call.text(), ourTids, Map.of()));
            comparison.withoutPartner += a.size() + b.size() - 2 * calls.size();
            paired.add(calls);
            for (CallTranscript.Call[] both : calls) {
                String theirChild = child(both[0], theirTids);
                String ourChild = child(both[1], ourTids);
                if (theirChild != null && ourChild != null) {
                    threads.add(new Pair(ourChild, theirChild));
                }
            }
        }
        for (String tid : theirs.tids()) {
            comparison.withoutPartner += theirNames.containsKey(tid) ? 0 : theirs.calls(tid).size();
        }
        for (String tid : ours.tids()) {
            comparison.withoutPartner += ourNames.containsKey(tid) ? 0 : ours.calls(tid).size();
        }
        for (List<CallTranscript.Call[]> calls : paired) {
            for (CallTranscript.Call[] both : calls) {
                comparison.compare(both[0], normal(both[0].text(), theirTids, theirNames), both[1],
                        normal(both[1].text(), ourTids, ourNames));
            }
        }
        return comparison;
    }

    private void compare(CallTranscript.Call theirs, String theirText, CallTranscript.Call ours, String ourText) {
        Tally tally = tallies.computeIfAbsent(theirs.name(), name -> new Tally());
        tally.compared++;
        if (theirText.equals(ourText)) {
            tally.agreed++;
            agreed.add(theirs);
        } else {
            differences.add("strace: " + theirs.text() + "\nktrace: " + ours.text());
        }
    }

    /** By name of the call. */
    Map<String, Tally> tallies() {
        return tallies;
    }

    /** Both texts of each pair that is not the same, as they were written. */
    List<String> differences() {
        return differences;
    }

    /** Calls of theirs that ours has too, and shows in the same way. */
    Set<CallTranscript.Call> agreed() {
        return agreed;
    }

    /** Calls that only one of the runs made, or whose partner was not found. */
    int withoutPartner() {
        return withoutPartner;
    }

    private static String child(CallTranscript.Call call, Set<String> tids) {
        return switch (call.name()) {
            case "clone", "clone3", "fork", "vfork" -> {
                String result = call.text().substring(call.text().lastIndexOf(' ') + 1);
                yield tids.contains(result) ? result : null;
            }
            default -> null;
        };
    }

    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])\\d{2,}(?![\\w.])");

    /** Threads by their names, or all the same when there are none yet. */
    private static String normal(String text, Set<String> tids, Map<String, String> names) {
        String result = NUMBER.matcher(text).replaceAll(number ->
                tids.contains(number.group()) ? names.getOrDefault(number.group(), "TID") : number.group());
        for (UnaryOperator<String> step : NORMAL) {
            result = step.apply(result);
        }
        return result;
    }

    private static UnaryOperator<String> replacing(String pattern, String replacement) {
        Pattern compiled = Pattern.compile(pattern);
        return text -> compiled.matcher(text).replaceAll(replacement);
    }
}
