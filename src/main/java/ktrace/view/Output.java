package ktrace.view;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lines of text to a stream until it takes no more. One thread at a time writes; any thread asks. */
final class Output {
    /** What a write says in Java when the reader of the pipe has gone: EPIPE. */
    private static final String BROKEN_PIPE = "Broken pipe";

    /** Something that writes. */
    @FunctionalInterface
    interface Writing {
        void write() throws IOException;
    }

    private final OutputStream out;
    private final boolean colours;
    private final Quit quit;
    private volatile boolean ended;
    private volatile IOException failure;

    Output(OutputStream out, boolean colours, Quit quit) {
        this.out = out;
        this.colours = colours;
        this.quit = quit;
    }

    /** In one write, so that what others write to the same terminal does not come in between. */
    void lines(List<Line> lines) {
        StringBuilder text = new StringBuilder();
        for (Line line : lines) {
            text.append(colours ? line.ansi() : line.plain()).append('\n');
        }
        attempt(() -> {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
        });
    }

    /** Writes, unless an earlier write has failed; asks for the end when this one does. */
    void attempt(Writing writing) {
        if (ended) {
            return;
        }
        try {
            writing.write();
        } catch (IOException e) {
            ended = true;
            failure = BROKEN_PIPE.equals(e.getMessage()) ? null : e;
            quit.request();
        }
    }

    IOException failure() {
        return failure;
    }
}
