package ktrace.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ktrace.Golden;
import ktrace.analysis.Because;
import ktrace.analysis.Cause;
import ktrace.analysis.CheaperCollector;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.SelfUsage;
import ktrace.analysis.StateTimes;
import ktrace.analysis.Summary;
import ktrace.analysis.ThreadWaits;
import ktrace.analysis.Verdict;
import ktrace.analysis.WaitSummary;
import ktrace.analysis.graph.Graph;
import ktrace.event.Evidence;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.Waker;
import ktrace.story.Samples;
import org.junit.jupiter.api.Test;

class JsonSummaryTest {

    @Test
    void timesOfDayStandBesideTheOthers() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new JsonSummary(out, "1", false, 1_700_000_000_000_000_000L).write(Samples.pipeline(Summary.Scope.FINAL, Samples.S));
        JsonNode document = new ObjectMapper().readTree(out.toByteArray());
        for (JsonNode timed : document.path("processes")) {
            long timeNs = 1_700_000_000_000_000_000L + timed.path("startNs").asLong();
            assertEquals(Instant.ofEpochSecond(0, timeNs).toString(), timed.path("startTime").asText());
            assertEquals(timed.path("exitNs").isNull(), timed.path("exitTime").isMissingNode());
            assertFalse(timed.path("title").asText().isEmpty());
        }
        assertTrue(document.path("startTime").asText().startsWith("2023-11-1"));
    }

    @Test
    void aDocumentIsOneLineWithTheFieldsOfTheContractInOrder() throws IOException {
        String text = json(Samples.pipeline(Summary.Scope.FINAL, 2 * Samples.S));
        assertEquals(text.length() - 1, text.indexOf('\n'));
        // One field a line, to be read; what is written is one line.
        Golden.assertMatches("summary.json", new ObjectMapper().readTree(text).toPrettyString() + "\n");
        assertEquals(new ObjectMapper().readTree(text).toString() + "\n", text);
    }

    @Test
    void everyLineParsesBackToWhatWasWritten() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonSummary writer = new JsonSummary(out, "1.2.3", false);
        writer.write(Samples.pipeline(Summary.Scope.INTERVAL, Samples.S));
        writer.write(Samples.empty());
        String[] lines = out.toString(StandardCharsets.UTF_8).split("\n");
        assertEquals(2, lines.length);
        JsonNode interval = new ObjectMapper().readTree(lines[0]);
        assertEquals("interval", interval.get("type").textValue());
        assertEquals("1.2.3", interval.get("ktraceVersion").textValue());
        assertEquals(2, interval.get("counters").get("unknownFd").intValue());
        JsonNode bash = interval.get("processes").get(0);
        assertTrue(bash.get("exitNs").isNull());
        JsonNode ongoing = bash.get("waits").get(0);
        assertTrue(ongoing.get("ongoing").booleanValue());
        assertTrue(ongoing.get("waker").isNull());
        JsonNode read = interval.get("processes").get(2).get("waits").get(0);
        assertFalse(read.has("ongoing"));
        assertEquals("cat", read.get("waker").get("comm").textValue());
        assertEquals("object", read.get("evidence").textValue());
        JsonNode last = new ObjectMapper().readTree(lines[1]);
        assertEquals("final", last.get("type").textValue());
        assertEquals(0, last.get("processes").size());
        assertEquals(0, last.get("counters").size());
    }

    @Test
    void namesKeepTheirTextAndLoseTheirPowerOverTerminals() throws IOException {
        String text = json(Samples.hostile());
        text.codePoints().filter(c -> c != '\n').forEach(c -> {
            assertFalse(Character.isISOControl(c), () -> Integer.toHexString(c));
            assertFalse(Character.getType(c) == Character.FORMAT, () -> Integer.toHexString(c));
        });
        JsonNode processes = new ObjectMapper().readTree(text).get("processes");
        assertEquals("\u001b[2J\u001b]0;x\u0007", processes.get(0).get("comm").textValue());
        assertEquals("rm\n-rf \u202e/ \u009b31m", processes.get(0).get("cmdline").textValue());
        assertEquals("工作者プロセス", processes.get(1).get("comm").textValue());
        assertTrue(text.contains("工作者プロセス"), "printable text stays readable");
    }

    @Test
    void halfASurrogatePairBecomesTheReplacementCharacter() throws IOException {
        JsonNode processes = new ObjectMapper().readTree(json(Samples.hostile())).get("processes");
        assertEquals("工作者 -x \ufffd \\n", processes.get(1).get("cmdline").textValue());
        assertEquals("/data/文件/👍🏽", processes.get(1).get("waits").get(0).get("object").textValue());
        assertEquals("a\ufffdb\ufffd", JsonText.wellFormed("a\udc00b\ud800"));
    }

    private static JsonNode waits(boolean threads) throws IOException {
        Peer java = new Peer(10, "java");
        Waker holder = new Waker(null, 13, "hog-holder", java);
        Waker unnamed = new Waker(null, 14, "", java);
        WaitSummary byOne = new WaitSummary(ObjectKind.FUTEX, "futex 0x1", "futex", holder, List.of(java), Evidence.OBJECT, 3, 90, 20,
                40, 40, false, List.of(new ThreadWaits(12, "worker-2", holder, 2, 60, 20, 40, 40, false),
                        new ThreadWaits(11, "worker-1", holder, 1, 30, 30, 30, 30, false)));
        WaitSummary bySeveral = new WaitSummary(ObjectKind.FUTEX, "futex 0x2", "futex", Waker.of(java), List.of(), Evidence.WAKER, 5,
                70, 20, 40, 40, true, List.of(new ThreadWaits(11, "worker-1", unnamed, 1, 30, 30, 30, 30, true),
                        new ThreadWaits(0, "(other threads)", Waker.of(java), 4, 40, 10, 10, 10, false)));
        Summary summary = new Summary(Summary.Scope.FINAL, "perf", 0, 100, 0, 0, 0, Map.of(), SelfUsage.NONE, List.of(
                new ProcessSummary(10, 1, "java", "", 0, null, List.of(), StateTimes.NONE, List.of(), List.of(byOne, bySeveral))));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new JsonSummary(out, "0.0.0", threads).write(summary);
        JsonNode document = new ObjectMapper().readTree(out.toByteArray());
        assertEquals(threads, document.path("threads").asBoolean());
        return document.get("processes").get(0).get("waits");
    }

    @Test
    void theWakerOfSummedWaitsIsAThreadWhereOneEndedThemAll() throws IOException {
        JsonNode waits = waits(false);
        assertEquals(2, waits.size());
        assertEquals("{\"pid\":10,\"comm\":\"java\",\"tid\":13,\"threadComm\":\"hog-holder\"}", waits.get(0).get("waker").toString());
        assertEquals("{\"pid\":10,\"comm\":\"java\",\"tid\":null,\"threadComm\":null}", waits.get(1).get("waker").toString());
        assertEquals(List.of(3, 90), List.of(waits.get(0).get("count").intValue(), waits.get(0).get("totalNs").intValue()));
        assertFalse(waits.get(0).has("tid"));
    }

    @Test
    void waitsAreToldByThreadWhereThatIsWanted() throws IOException {
        JsonNode waits = waits(true);
        assertEquals(4, waits.size());
        assertEquals("{\"tid\":12,\"comm\":\"worker-2\",\"kind\":\"futex\",\"object\":\"futex 0x1\",\"syscall\":\"futex\",\"waker\":"
                + "{\"pid\":10,\"comm\":\"java\",\"tid\":13,\"threadComm\":\"hog-holder\"},"
                + "\"peers\":[{\"pid\":10,\"comm\":\"java\"}],\"evidence\":\"object\",\"count\":2,\"totalNs\":60,\"p50Ns\":20,"
                + "\"p99Ns\":40,\"maxNs\":40}", waits.get(0).toString());
        assertEquals("{\"pid\":10,\"comm\":\"java\",\"tid\":14,\"threadComm\":\"\"}", waits.get(2).get("waker").toString());
        assertTrue(waits.get(2).get("ongoing").booleanValue());
        assertEquals(0, waits.get(3).get("tid").intValue());
        assertEquals("(other threads)", waits.get(3).get("comm").textValue());
        assertFalse(waits.get(3).has("ongoing"));
    }

    /** Of the process that waits nobody else tells the name. */
    @Test
    void whatWaitsAreExplainedByIsToldWhereTheyAre() throws IOException {
        List<Because> because = List.of(new Because(11, "db", 12, "worker", Cause.COMPUTES, 60),
                new Because(10, "", 10, "", Cause.GOES_ON, 20), new Because(0, "", 0, "", Cause.OUTSIDE, 10));
        WaitSummary wait = new WaitSummary(ObjectKind.UNIX, "unix:[1]", "read", Waker.of(new Peer(11, "db")), List.of(), Evidence.OBJECT,
                3, 90, 20, 40, 40, false, List.of(new ThreadWaits(10, "java", null, 3, 90, 20, 40, 40, false, because)), because);
        String told = "[{\"pid\":11,\"comm\":\"db\",\"tid\":12,\"threadComm\":\"worker\",\"cause\":\"computes\",\"ns\":60},"
                + "{\"pid\":10,\"comm\":\"java\",\"tid\":10,\"threadComm\":null,\"cause\":\"goesOn\",\"ns\":20},"
                + "{\"pid\":null,\"comm\":null,\"tid\":null,\"threadComm\":null,\"cause\":\"outside\",\"ns\":10}]";
        for (boolean threads : List.of(false, true)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            new JsonSummary(out, "0.0.0", threads).write(new Summary(Summary.Scope.INTERVAL, "perf", 0, 100, 0, 0, 0, Map.of(),
                    SelfUsage.NONE, List.of(new ProcessSummary(10, 1, "java", "", 0, null, List.of(), StateTimes.NONE, List.of(),
                            List.of(wait)))));
            assertEquals(told, new ObjectMapper().readTree(out.toByteArray()).at("/processes/0/waits/0/because").toString());
        }
    }

    /** Only where there is one. */
    @Test
    void aCheaperCollectorIsTold() throws IOException {
        for (CheaperCollector cheaper : new CheaperCollector[] {null, new CheaperCollector("perf+bpf", 20, 70, 300_000, 5)}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            new JsonSummary(out, "0.0.0", false, 1_000_000_000).write(new Summary(Summary.Scope.INTERVAL, "bpf", 0, 100, 0, 0, 0, Map.of(),
                    SelfUsage.NONE, List.of(), Verdict.NONE, Graph.NONE, cheaper));
            JsonNode document = new ObjectMapper().readTree(out.toByteArray());
            assertEquals(cheaper == null ? "" : "{\"name\":\"perf+bpf\",\"sinceNs\":20,\"sinceTime\":\"1970-01-01T00:00:01.000000020Z\","
                    + "\"forNs\":70,\"othersPerSecond\":300000,\"targetsPerSecond\":5}", document.path("cheaperCollector").toString());
        }
    }

    @Test
    void everyDocumentIsFlushed() throws IOException {
        List<String> calls = new ArrayList<>();
        OutputStream out = new ByteArrayOutputStream() {
            @Override
            public void flush() {
                calls.add(toString(StandardCharsets.UTF_8));
            }

            @Override
            public void close() {
                calls.add("closed");
            }
        };
        new JsonSummary(out, "1", false).write(Samples.empty());
        assertTrue(calls.getLast().endsWith("]}\n"), calls.toString());
        assertFalse(calls.contains("closed"));
    }

    @Test
    void aStreamThatTakesNoMoreIsTold() {
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        IOException e = assertThrows(IOException.class, () -> new JsonSummary(out, "1", false).write(Samples.empty()));
        assertEquals("Broken pipe", e.getMessage());
    }

    private static String json(Summary summary) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new JsonSummary(out, "0.0.0", false).write(summary);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theVerdictIsInTheLastDocumentAlone() throws IOException {
        Summary judged = Samples.judged(Samples.bottleneck(Cause.COMPUTES, Verdict.Confidence.SURE));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new JsonSummary(out, "0.0.0", false).write(judged);
        new JsonSummary(out, "0.0.0", false).write(Samples.pipeline(Summary.Scope.INTERVAL, Samples.S));
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals("{\"bottleneck\":{\"pid\":812,\"comm\":\"so\\u001Brt\",\"tid\":820,\"processes\":1,\"threadComm\":\"sort-worker\","
                + "\"cause\":\"computes\",\"causes\":[{\"cause\":\"computes\",\"ns\":4000000000}],\"runner\":{\"pid\":77,\"comm\":\"yes\"},\"object\":\"pipe:[8123]\",\"ns\":4000000000,\"share\":0.7654,\"confidence\":\"sure\","
                + "\"sentence\":\"bottleneck: so\\\\x1brt(812), thread sort-worker(820), computes; others waited 4 s for it, 77 % of all"
                + " waiting\"},\"stuck\":[],\"computing\":[{\"pid\":812,\"comm\":\"so\\u001Brt\",\"tid\":820,\"threadComm\":\"sort-worker\","
                + "\"ns\":541000000,\"lengthNs\":600000000,\"from\":{\"syscall\":\"read\",\"object\":\"tcp 10.0.0.1:8080→10.0.0.2:55600\"},"
                + "\"to\":{\"syscall\":\"write\",\"object\":\"tcp 10.0.0.1:8080→10.0.0.2:55600\"},\"waiters\":3,"
                + "\"awaitedNs\":1600000000,\"times\":12,\"totalNs\":2000000000,\"totalAwaitedNs\":3000000000,"
                + "\"sentence\":\"so\\\\x1brt(812), thread sort-worker(820), computed 541 ms between read and write of"
                + " tcp 10.0.0.1:8080→10.0.0.2:55600, the worst of 12 times; 3 waited meanwhile\"}],\"why\":[{\"pid\":811,\"comm\":\"cat\",\"startNs\":5000000000,\"totalNs\":10000000000,\"shares\":["
                + "{\"pid\":812,\"comm\":\"sort\",\"tid\":820,\"cause\":\"computes\",\"ns\":6000000000},"
                + "{\"pid\":811,\"comm\":\"cat\",\"tid\":null,\"cause\":\"disk\",\"ns\":3000000000},"
                + "{\"pid\":null,\"comm\":null,\"tid\":null,\"cause\":\"outside\",\"ns\":1000000000}]}]}",
                new ObjectMapper().readTree(lines.getFirst()).get("verdict").toString());
        assertFalse(new ObjectMapper().readTree(lines.getLast()).has("verdict"));
    }

    @Test
    void theEdgesAreInTheLastDocumentAlone() throws IOException {
        Summary judged = Samples.judged(Samples.bottleneck(Cause.COMPUTES, Verdict.Confidence.SURE));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new JsonSummary(out, "0.0.0", false).write(judged);
        new JsonSummary(out, "0.0.0", false).write(Samples.pipeline(Summary.Scope.INTERVAL, Samples.S));
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        JsonNode last = new ObjectMapper().readTree(lines.getFirst());
        assertEquals(5, last.get("edges").size());
        assertEquals("{\"from\":812,\"fromStartNs\":5000000000,\"fromComm\":\"so\\u001Brt\",\"to\":811,\"toStartNs\":5000000000,"
                + "\"toComm\":\"cat\",\"kind\":\"pipe\",\"count\":1204,\"totalNs\":6000000000,\"p99Ns\":9100000,"
                + "\"bytes\":4194304,\"evidence\":\"object\",\"sureNs\":6000000000,\"idleNs\":0,\"cycle\":1}", last.get("edges").get(0).toString());
        assertEquals("{\"from\":811,\"fromStartNs\":5000000000,\"fromComm\":\"cat\",\"to\":77,\"toStartNs\":null,"
                + "\"toComm\":\"dbus-daemon\",\"kind\":\"unix\",\"count\":3,\"totalNs\":1000000,\"p99Ns\":400000,"
                + "\"bytes\":0,\"evidence\":\"object\",\"sureNs\":1000000,\"idleNs\":0,\"cycle\":null}", last.get("edges").get(4).toString());
        assertEquals("{\"edges\":2,\"count\":14,\"totalNs\":500000}", last.get("edgesLeftOut").toString());
        assertFalse(new ObjectMapper().readTree(lines.getLast()).has("edges"));
    }
}
