package ktrace.export.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Chromium without a window, led over its debugging protocol; one page. */
final class Browser implements AutoCloseable {
    private static final List<Path> PROGRAMS = List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"),
            Path.of("/usr/bin/google-chrome"));
    private static final long PATIENCE_S = 60;
    private static final long CLOSING_S = 10;
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)");

    private final ObjectMapper mapper = new ObjectMapper();
    private final Process process;
    private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> loaded = new LinkedBlockingQueue<>();
    private final WebSocket socket;
    private String session;
    private int calls;

    /** @param profile a directory of its own */
    Browser(Path profile) throws IOException, InterruptedException {
        process = new ProcessBuilder(program().toString(), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--hide-scrollbars", "--disable-background-networking", "--disable-dev-shm-usage", "--remote-debugging-port=0",
                "--user-data-dir=" + profile, "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        String address = address();
        socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(URI.create(address), new Listener()).join();
        String target = call("Target.createTarget", Map.of("url", "about:blank")).path("targetId").asText();
        session = call("Target.attachToTarget", Map.of("targetId", target, "flatten", true)).path("sessionId").asText();
        for (String domain : List.of("Page", "Runtime", "Log")) {
            call(domain + ".enable", Map.of());
        }
    }

    static boolean isThere() {
        return PROGRAMS.stream().anyMatch(Files::isExecutable);
    }

    private static Path program() {
        return PROGRAMS.stream().filter(Files::isExecutable).findFirst().orElseThrow();
    }

    private String address() throws IOException {
        BufferedReader said = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        StringBuilder all = new StringBuilder();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            all.append(line).append('\n');
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                Thread.ofPlatform().daemon().start(() -> said.lines().forEach(rest -> { }));
                return listening.group(1);
            }
        }
        throw new IOException("chromium did not start: " + all);
    }

    /** Opens a page, and waits until it is there. */
    void open(Path page) throws IOException, InterruptedException {
        open(page.toUri().toString());
    }

    void open(String address) throws IOException, InterruptedException {
        loaded.clear();
        call("Page.navigate", Map.of("url", address));
        if (loaded.poll(PATIENCE_S, TimeUnit.SECONDS) == null) {
            throw new IOException("not loaded: " + address);
        }
        settle();
    }

    /** Lets two frames be drawn. */
    void settle() throws IOException, InterruptedException {
        run("await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    }

    /** What the page's console, its policy and its scripts have complained of. */
    List<String> complaints() {
        return new ArrayList<>(complaints);
    }

    /** The value of an expression in the page. */
    JsonNode value(String expression) throws IOException, InterruptedException {
        return evaluate("(" + expression + ")");
    }

    void run(String statements) throws IOException, InterruptedException {
        evaluate("(async () => {" + statements + "})()");
    }

    private JsonNode evaluate(String expression) throws IOException, InterruptedException {
        JsonNode answer = call("Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
        }
        return answer.path("result").path("value");
    }

    void press(String key) throws IOException, InterruptedException {
        boolean isText = key.length() == 1;
        call("Input.dispatchKeyEvent", isText ? Map.of("type", "keyDown", "key", key, "text", key)
                : Map.of("type", "keyDown", "key", key));
        call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
        settle();
    }

    void size(int width, int height) throws IOException, InterruptedException {
        call("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        settle();
    }

    void prefer(String scheme) throws IOException, InterruptedException {
        call("Emulation.setEmulatedMedia", Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        settle();
    }

    void picture(Path file) throws IOException, InterruptedException {
        Files.write(file, Base64.getDecoder().decode(call("Page.captureScreenshot", Map.of()).path("data").asText()));
    }

    private JsonNode call(String method, Map<String, ?> parameters) throws IOException, InterruptedException {
        int id = ++calls;
        ObjectNode message = mapper.createObjectNode().put("id", id).put("method", method);
        message.set("params", mapper.valueToTree(parameters));
        if (session != null) {
            message.put("sessionId", session);
        }
        socket.sendText(message.toString(), true).join();
        for (JsonNode answer = take(method); ; answer = take(method)) {
            if (answer.path("id").asInt() == id) {
                if (answer.has("error")) {
                    throw new IOException(method + ": " + answer.get("error"));
                }
                return answer.path("result");
            }
        }
    }

    private JsonNode take(String method) throws IOException, InterruptedException {
        JsonNode answer = answers.poll(PATIENCE_S, TimeUnit.SECONDS);
        if (answer == null) {
            throw new IOException("no answer to " + method);
        }
        return answer;
    }

    private void heard(String text) {
        try {
            JsonNode message = mapper.readTree(text);
            JsonNode parameters = message.path("params");
            switch (message.path("method").asText()) {
                case "Runtime.exceptionThrown", "Log.entryAdded" -> complaints.add(parameters.toString());
                case "Runtime.consoleAPICalled" -> complaints.add(parameters.path("args").toString());
                case "Page.javascriptDialogOpening" -> complaints.add("a dialog: " + parameters);
                case "Page.loadEventFired" -> loaded.add("");
                default -> answers.add(message);
            }
        } catch (IOException e) {
            complaints.add(text);
        }
    }

    @Override
    public void close() {
        // Asked to, it takes its files along.
        socket.sendText("{\"id\":0,\"method\":\"Browser.close\"}", true);
        process.onExit().completeOnTimeout(process, CLOSING_S, TimeUnit.SECONDS).join();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder parts = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            parts.append(part);
            if (last) {
                heard(parts.toString());
                parts.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
