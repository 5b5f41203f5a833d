package ktrace.kernel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whole system calls, signals and ends, each as one text, by thread and in order; as strace wrote them, or ktrace. */
final class CallTranscript {
    private static final Pattern STRACE_LINE = Pattern.compile("(\\d+) +(.*)");
    private static final Pattern KTRACE_LINE = Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d{6} (\\d+) .*?  (.*?)( <[\\d.?]+>)?");
    private static final Pattern RESUMED = Pattern.compile("<\\.\\.\\. \\w+ resumed>(.*)");
    /** What stands for the name of a call where it is none. */
    static final String SIGNAL = "signal delivered";
    static final String ENDING = "end of a thread";
    private static final String UNFINISHED = " <unfinished ...>";

    private final Map<String, List<Call>> threads = new LinkedHashMap<>();

    /** A call by a thread: {@code openat(AT_FDCWD</>, "/etc", O_RDONLY) = 3</etc>}; or what it got or how it ended. */
    static final class Call {
        private String text;

        Call(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }

        String name() {
            if (text.startsWith("---")) {
                return SIGNAL;
            }
            if (text.startsWith("+++")) {
                return ENDING;
            }
            int end = text.indexOf('(');
            return end < 0 ? text : text.substring(0, end);
        }
    }

    /** What {@code strace -f -o} wrote: a call that another thread's line came into the middle of is put together again. */
    static CallTranscript ofStrace(Collection<String> lines) {
        CallTranscript transcript = new CallTranscript();
        Map<String, Call> open = new HashMap<>();
        for (String line : lines) {
            Matcher parts = STRACE_LINE.matcher(line);
            if (!parts.matches()) {
                continue;
            }
            String tid = parts.group(1);
            String text = parts.group(2);
            Matcher resumed = RESUMED.matcher(text);
            if (resumed.matches()) {
                Call begun = open.remove(tid);
                if (begun != null) {
                    begun.text = evenly(joined(begun.text, resumed.group(1)));
                }
            } else if (text.endsWith("<unfinished ...>")) {
                Call begun = new Call(text.substring(0, text.length() - "<unfinished ...>".length()).stripTrailing());
                open.put(tid, begun);
                transcript.add(tid, begun);
            } else {
                transcript.add(tid, new Call(evenly(text)));
            }
        }
        // Of these the end is not known: they were in it when they were killed.
        open.forEach((tid, call) -> call.text += UNFINISHED);
        return transcript;
    }

    /** What {@code ktrace log} wrote. */
    static CallTranscript ofKtrace(Collection<String> lines) {
        CallTranscript transcript = new CallTranscript();
        for (String line : lines) {
            Matcher parts = KTRACE_LINE.matcher(line);
            if (parts.matches()) {
                transcript.add(parts.group(1), new Call(parts.group(2)));
            }
        }
        return transcript;
    }

    private static String joined(String begun, String rest) {
        return begun.endsWith(",") ? begun + " " + rest.stripLeading() : begun + rest;
    }

    /** strace puts results in a column. */
    private static String evenly(String text) {
        return text.replaceFirst("\\) +=( |$)", ") =$1").replace(UNFINISHED, "");
    }

    private void add(String tid, Call call) {
        threads.computeIfAbsent(tid, key -> new ArrayList<>()).add(call);
    }

    /** In the order in which they were first seen. */
    List<String> tids() {
        return List.copyOf(threads.keySet());
    }

    Stream<Call> all() {
        return threads.values().stream().flatMap(List::stream);
    }

    List<Call> calls(String tid) {
        return threads.getOrDefault(tid, List.of());
    }
}
