package ktrace.export.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of the page is the same for all traces: the template with its style and its script in it. The policy in the head allows
 * these two by their hashes, and nothing else: no other script, nothing from anywhere.
 *
 * @param head what stands before the data
 * @param tail what stands behind it
 */
record PageFrame(String head, String tail) {
    private static final String DATA = "{{data}}";
    private static final Pattern IMPORT = Pattern.compile("import \\{[^}]*} from '\\./([a-z]+\\.js)';\\n");
    private static final Pattern EXPORT = Pattern.compile("(?m)^export ");

    static PageFrame load() {
        String style = resource("page.css");
        String script = script("main.js", new LinkedHashSet<>());
        String page = resource("page.html")
                .replace("{{style-hash}}", hash(style))
                .replace("{{script-hash}}", hash(script))
                .replace("{{style}}", style)
                .replace("{{script}}", script);
        int data = page.indexOf(DATA);
        return new PageFrame(page.substring(0, data), page.substring(data + DATA.length()).stripLeading());
    }

    /** A module behind all that it imports, as one script: their names must differ. */
    private static String script(String module, Set<String> there) {
        there.add(module);
        String source = resource(module);
        StringBuilder script = new StringBuilder();
        Matcher imports = IMPORT.matcher(source);
        while (imports.find()) {
            if (!there.contains(imports.group(1))) {
                script.append(script(imports.group(1), there));
            }
        }
        return script.append(EXPORT.matcher(imports.replaceAll("")).replaceAll("")).toString();
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = PageFrame.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
