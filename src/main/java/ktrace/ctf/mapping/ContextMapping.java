package ktrace.ctf.mapping;

import ktrace.ctf.layout.Layout;
import ktrace.ctf.layout.PacketCursor;
import ktrace.event.TraceEvent;

/** Of an event that may come from an interrupt, where the trace tells that. */
abstract class ContextMapping extends EventMapping {
    private final int flags = wanted.number("common_flags");
    private boolean hasFlags;

    @Override
    public void bind(Layout fields) {
        hasFlags = fields.has("common_flags");
    }

    void fillContext(PacketCursor cursor, TraceEvent slot) {
        if (hasFlags) {
            slot.contextFlags = integer(cursor, flags) & 0xff;
        }
    }
}
