package ktrace.export.page;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * JSON on its way into a script element of a page, whatever names are in it: what could end the element or begin a comment is
 * written as an escape. In JSON these characters stand in strings alone, where an escape means the same.
 */
final class ScriptData extends FilterOutputStream {
    private static final byte[] LESS = "\\u003c".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GREATER = "\\u003e".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AND = "\\u0026".getBytes(StandardCharsets.US_ASCII);

    ScriptData(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) throws IOException {
        switch (b) {
            case '<' -> out.write(LESS);
            case '>' -> out.write(GREATER);
            case '&' -> out.write(AND);
            default -> out.write(b);
        }
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        int plain = from;
        for (int i = from; i < from + length; i++) {
            if (bytes[i] == '<' || bytes[i] == '>' || bytes[i] == '&') {
                out.write(bytes, plain, i - plain);
                write(bytes[i]);
                plain = i + 1;
            }
        }
        out.write(bytes, plain, from + length - plain);
    }

    /** The page goes on behind it. */
    @Override
    public void close() throws IOException {
        flush();
    }
}
