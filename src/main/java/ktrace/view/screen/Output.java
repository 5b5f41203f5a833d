package ktrace.view.screen;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import ktrace.linux.terminal.ReaderGoneException;

/** Lines of text to a stream until it takes no more. One thread at a time writes; any thread asks. */
public final class Output {
    /** Something that writes. */
    @FunctionalInterface
    public interface Writing {
        void write() throws IOException;
    }

    private final OutputStream out;
    private final boolean colours;
    private final Quit quit;
    private volatile boolean ended;
    private volatile IOException failure;

    public Output(OutputStream out, boolean colours, Quit quit) {
        this.out = out;
        this.colours = colours;
        this.quit = quit;
    }

    /** In one write, so that what others write to the same terminal does not come in between. */
    public void lines(List<Line> lines) {
        StringBuilder text = new StringBuilder();
        for (Line line : lines) {
            text.append(colours ? line.ansi() : line.plain()).append('\n');
        }
        attempt(() -> {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
        });
    }

    /**
     * Writes, unless an earlier write has failed; asks for the end when this one does. That the reader of a pipe has gone is an
     * end, and no failure.
     */
    public void attempt(Writing writing) {
        if (ended) {
            return;
        }
        try {
            writing.write();
        } catch (IOException e) {
            ended = true;
            failure = e instanceof ReaderGoneException ? null : e;
            quit.request();
        }
    }

    public IOException failure() {
        return failure;
    }
}
