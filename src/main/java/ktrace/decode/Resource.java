package ktrace.decode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The lines of a table that is part of ktrace, without comments ({@code #}) and empty ones. */
public final class Resource {
    private Resource() {
    }

    public static List<String> lines(String fileName) {
        InputStream stream = Resource.class.getResourceAsStream(fileName);
        if (stream == null) {
            throw new IllegalStateException("ktrace was built without its table " + fileName);
        }
        try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII))) {
            return reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read ktrace's table " + fileName, e);
        }
    }
}
