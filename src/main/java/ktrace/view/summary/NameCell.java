package ktrace.view.summary;

import ktrace.story.Alphabet;
import ktrace.story.Names;
import ktrace.story.ProcessRow;
import ktrace.text.TextWidth;
import ktrace.view.screen.Cell;
import ktrace.view.screen.Line;
import ktrace.view.screen.Style;

/** Who a row of a table is about: it may cut the name but not the number. */
final class NameCell {
    private NameCell() {
    }

    /** @param titles there is room for what a server calls each of its processes */
    static Cell of(ProcessRow process, Alphabet alphabet, boolean titles) {
        return process.isJoined() ? Cell.of(Names.of(process, alphabet, Names.MAX_COLUMNS), Style.STRONG)
                : of(titles ? Names.called(process.summary()) : process.summary().comm(), process.summary().pid(), alphabet);
    }

    static Cell of(String comm, int number, Alphabet alphabet) {
        int width = TextWidth.of(Names.of(comm, number, alphabet, Names.MAX_COLUMNS));
        return new Cell(width, columns ->
                Line.of(Names.of(comm, number, alphabet, Math.min(columns, Names.MAX_COLUMNS)), Style.STRONG));
    }
}
