package ktrace.export.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ktrace.intervals.ThreadState;

/** A page read as a browser reads it, without one. */
public record PageText(String html) {
    /** One stretch or bucket of a thread. */
    record Cell(long fromNs, long toNs, Map<ThreadState, Long> ns, int awaited) {
    }

    public JsonNode data(String id) throws IOException {
        Matcher script = Pattern.compile("<script type=\"application/json\" id=\"" + id + "\">(.*?)</script>", Pattern.DOTALL)
                .matcher(html);
        if (!script.find()) {
            throw new AssertionError("no data " + id);
        }
        return new ObjectMapper().readTree(script.group(1));
    }

    /** The time of each thread in each state, by number of process and thread. */
    public Map<String, Map<ThreadState, Long>> sums() throws IOException {
        Map<String, Map<ThreadState, Long>> sums = new TreeMap<>();
        for (JsonNode row : data("stretches").get("rows")) {
            Map<ThreadState, Long> ofThread = sums.computeIfAbsent(row.get("pid").asInt() + "/" + row.get("tid").asInt(),
                    thread -> new EnumMap<>(ThreadState.class));
            cells(row).forEach(cell -> cell.ns.forEach((state, ns) -> ofThread.merge(state, ns, Long::sum)));
        }
        return sums;
    }

    /** What {@link #sums} must be by the summary in the page. */
    public Map<String, Map<ThreadState, Long>> figures() throws IOException {
        Map<String, Map<ThreadState, Long>> figures = new TreeMap<>();
        for (JsonNode process : data("summary").get("processes")) {
            for (JsonNode thread : process.get("threads")) {
                JsonNode states = thread.get("states");
                JsonNode by = states.get("blockedBy");
                Map<ThreadState, Long> ofThread = new EnumMap<>(ThreadState.class);
                long throttledNs = states.path("throttledNs").asLong();
                put(ofThread, ThreadState.RUNNING, states.get("runningNs").asLong());
                put(ofThread, ThreadState.RUNNABLE, states.get("runnableNs").asLong() - throttledNs);
                put(ofThread, ThreadState.THROTTLED, throttledNs);
                put(ofThread, ThreadState.UNKNOWN, states.get("unknownNs").asLong());
                put(ofThread, ThreadState.IPC, by.path("ipc").asLong());
                put(ofThread, ThreadState.DISK, by.path("disk").asLong());
                put(ofThread, ThreadState.SLEEP, by.path("sleep").asLong());
                put(ofThread, ThreadState.PAGEFAULT, by.path("pagefault").asLong());
                put(ofThread, ThreadState.STOPPED, by.path("stopped").asLong());
                put(ofThread, ThreadState.OTHER, by.path("other").asLong());
                figures.merge(process.get("pid").asInt() + "/" + thread.get("tid").asInt(), ofThread, (a, b) -> {
                    b.forEach((state, ns) -> a.merge(state, ns, Long::sum));
                    return a;
                });
            }
        }
        return figures;
    }

    private static void put(Map<ThreadState, Long> sums, ThreadState state, long ns) {
        if (ns != 0) {
            sums.put(state, ns);
        }
    }

    static List<Cell> cells(JsonNode row) {
        byte[] bytes = Base64.getDecoder().decode(row.get("cells").asText());
        int[] at = {0};
        long nowNs = row.get("fromNs").asLong();
        List<Cell> cells = new ArrayList<>();
        while (at[0] < bytes.length) {
            int tag = (int) number(bytes, at);
            long lengthNs = number(bytes, at);
            int state = tag & 15;
            if (state == 14) {
                nowNs += lengthNs;
                continue;
            }
            Map<ThreadState, Long> ns = new EnumMap<>(ThreadState.class);
            if (state == 15) {
                int set = (int) number(bytes, at);
                long restNs = lengthNs;
                for (ThreadState each : ThreadState.values()) {
                    if ((set & 1 << each.ordinal()) != 0) {
                        long part = 1 << each.ordinal() == Integer.highestOneBit(set) ? restNs : number(bytes, at);
                        ns.put(each, part);
                        restNs -= part;
                    }
                }
            } else {
                ns.put(ThreadState.values()[state], lengthNs);
            }
            cells.add(new Cell(nowNs, nowNs + lengthNs, ns, (tag & 16) == 0 ? 0 : (int) number(bytes, at)));
            nowNs += lengthNs;
        }
        return cells;
    }

    private static long number(byte[] bytes, int[] at) {
        long value = 0;
        for (int shift = 0;; shift += 7) {
            byte next = bytes[at[0]++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
