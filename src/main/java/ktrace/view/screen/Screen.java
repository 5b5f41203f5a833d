package ktrace.view.screen;

import java.io.IOException;
import java.util.List;

/** A terminal that is drawn upon and read keys from. */
public interface Screen {
    int rows();

    int columns();

    /** Shows these lines from the top; what did not change is not written again. One thread. */
    void draw(List<Line> lines) throws IOException;

    /** Forgets what is shown: the next drawing writes everything. Any thread. */
    void forget();

    /** Waits for keys; an empty list means that there will be none any more. One thread. */
    List<Typed> read() throws IOException;

    /** Told when the size has changed or the screen must be drawn anew. */
    void onResize(Runnable action);

    /** Gives the terminal back, stops ktrace as Ctrl-Z stops any program, and takes it again when it goes on. One thread. */
    void suspend() throws IOException;

    /** Gives the terminal back as it was. Any thread, any number of times. */
    void close();
}
