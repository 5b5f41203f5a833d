package ktrace.linux.uapi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What native-headers/includes.txt asks jextract to emit. */
record Includes(List<CType> types, List<String> constants) {

    /** A type as C spells it ({@code struct stat}, {@code siginfo_t}) and the simple name of its Java class. */
    record CType(String spelling, String className) {
        @Override
        public String toString() {
            return spelling;
        }
    }

    static Includes read() throws IOException {
        List<CType> types = new ArrayList<>();
        List<String> constants = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("native-headers", "includes.txt"))) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.strip().split("\\s+");
            switch (words[0]) {
                case "--include-constant" -> constants.add(words[1]);
                case "--include-struct" -> types.add(new CType("struct " + words[1], words[1]));
                case "--include-union" -> types.add(new CType("union " + words[1], words[1]));
                case "--include-typedef" -> types.add(new CType(words[1], words[1]));
                default -> throw new IllegalStateException("includes.txt asks for more than layouts and constants: " + line);
            }
        }
        return new Includes(List.copyOf(types), List.copyOf(constants));
    }
}
