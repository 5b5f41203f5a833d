package ktrace.view;

import java.io.IOException;
import ktrace.analysis.Summary;

/** Writes a summary as a document. */
@FunctionalInterface
public interface DocumentWriter {
    /** @throws IOException when the document could not be written */
    void write(Summary summary) throws IOException;
}
