package ktrace.diff;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ktrace.analysis.Cause;
import ktrace.event.ObjectKind;
import ktrace.system.family.Families;

/** Reads the JSON lines of a summary: of its documents the final one, which has sums and percentiles, and no single durations. */
public final class SummaryRun {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String SUMMARY = "ktraceVersion";

    private final Map<Row, Figures> rows = new HashMap<>();

    private SummaryRun() {
    }

    /**
     * The run that the last final document tells of.
     *
     * @param name where it comes from
     * @throws IOException when it cannot be read
     * @throws NoSummaryException when it has no final document
     */
    public static Run read(String name, InputStream in) throws IOException {
        Map<?, ?> last = null;
        int documents = 0;
        try (JsonParser parser = JSON.createParser(in)) {
            for (; parser.nextToken() != null; documents++) {
                Map<?, ?> document = value(parser) instanceof Map<?, ?> map ? map : Map.of();
                if (!document.containsKey(SUMMARY) || !document.containsKey("processes")) {
                    throw new NoSummaryException("it is JSON, but no summary as --json of ktrace and of ktrace report writes");
                }
                last = "final".equals(document.get("type")) ? document : last;
            }
        } catch (JsonProcessingException e) {
            throw new NoSummaryException(documents == 0 ? "it is neither a recorded trace nor a JSON summary"
                    : "its JSON is damaged or cut off behind document " + documents);
        }
        if (last == null) {
            throw new NoSummaryException(documents == 0 ? "it is empty"
                    : "it has interval documents alone; the final one is written when a trace ends");
        }
        return new SummaryRun().run(name, last);
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> properties = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    properties.put(name, value(parser));
                }
                yield properties;
            }
            case START_ARRAY -> {
                List<Object> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(parser));
                }
                yield elements;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? Long.MAX_VALUE : parser.getLongValue();
            default -> null;
        };
    }

    private Run run(String name, Map<?, ?> document) {
        for (Map<?, ?> process : objects(document, "processes")) {
            String comm = text(process, "comm");
            for (Map<?, ?> call : objects(process, "syscalls")) {
                add(new Row.Call(comm, text(call, "name")), number(call, "calls"), call);
            }
            for (Map<?, ?> wait : objects(process, "waits")) {
                ObjectKind kind = Families.ALL.kind(text(wait, "kind"));
                if (number(wait, "count") > 0 && (kind.ipc() || kind.reason() == ObjectKind.Reason.DISK)) {
                    String waker = wait.get("waker") instanceof Map<?, ?> w ? text(w, "comm") : "";
                    add(new Row.Wait(comm, kind, text(wait, "syscall"), Measuring.lasting(kind, text(wait, "object")), waker),
                            number(wait, "count"), wait);
                }
            }
        }
        Map<?, ?> verdict = document.get("verdict") instanceof Map<?, ?> v ? v : Map.of();
        objects(verdict, "why").forEach(this::explained);
        return new Run(name, number(document, "durationNs"), number(document, "events"), number(document, "lost"), false, rows);
    }

    private void explained(Map<?, ?> why) {
        for (Map<?, ?> share : objects(why, "shares")) {
            Cause cause = Arrays.stream(Cause.values()).filter(c -> c.label().equals(share.get("cause"))).findFirst().orElse(Cause.UNKNOWN);
            if (cause.delays() || cause == Cause.OUTSIDE) {
                boolean own = number(share, "pid") == number(why, "pid") && number(share, "tid") == 0;
                rows.merge(new Row.Reason(text(share, "comm"), cause, own), Figures.of(0, number(share, "ns"), 0, 0, 0), Figures::plus);
            }
        }
    }

    private void add(Row row, long count, Map<?, ?> o) {
        rows.merge(row, Figures.of(count, number(o, "totalNs"), number(o, "p50Ns"), number(o, "p99Ns"), number(o, "maxNs")), Figures::plus);
    }

    private static List<Map<?, ?>> objects(Map<?, ?> in, String name) {
        List<Map<?, ?>> objects = new ArrayList<>();
        if (in.get(name) instanceof List<?> list) {
            for (Object element : list) {
                if (element instanceof Map<?, ?> object) {
                    objects.add(object);
                }
            }
        }
        return objects;
    }

    private static String text(Map<?, ?> in, String name) {
        return in.get(name) instanceof String text ? text : "";
    }

    private static long number(Map<?, ?> in, String name) {
        return in.get(name) instanceof Long number ? number : 0;
    }
}
