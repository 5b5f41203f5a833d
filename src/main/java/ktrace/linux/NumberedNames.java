package ktrace.linux;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A generated table (jextract.sh): lines of a number, a name and, in some, a text, each number once. */
record NumberedNames(List<Line> lines) {

    record Line(int number, String name, String text) {
    }

    NumberedNames {
        lines = List.copyOf(lines);
    }

    static NumberedNames load(String fileName) {
        InputStream stream = NumberedNames.class.getResourceAsStream(fileName);
        if (stream == null) {
            throw new IllegalStateException("ktrace was built without its table " + fileName + ": run jextract.sh");
        }
        try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII))) {
            List<Line> lines = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] parts = line.split(" ", 3);
                lines.add(new Line(Integer.parseInt(parts[0]), parts[1], parts.length == 3 ? parts[2] : ""));
            }
            return new NumberedNames(lines);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read ktrace's table " + fileName, e);
        }
    }

    /** One more than the largest number. */
    int limit() {
        return lines.stream().mapToInt(Line::number).max().orElse(-1) + 1;
    }
}
