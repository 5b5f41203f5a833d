package ktrace.ctf;

import ktrace.facts.Discovery.Question;

/**
 * The events of the stream of discoveries. A question and the number of its answers come first; each answer follows as an event of
 * its own. A count of -1 says that there was no answer.
 */
public enum DiscoveryEvent {
    FD("ktrace_fd", Parts.QUESTION),
    FDS("ktrace_fds", Parts.QUESTION),
    HOLDERS("ktrace_holders", Parts.QUESTION),
    PROCESS("ktrace_process", Parts.QUESTION),
    MAPPING("ktrace_mapping", Parts.QUESTION),
    OPENING("ktrace_opening", Parts.QUESTION),
    SYSV_IPC("ktrace_sysv_ipc", Parts.QUESTION),
    FD_ENTRY("ktrace_fd_entry", Tsdl.i32("pid") + Tsdl.i32("fd") + Tsdl.x32("flags") + Tsdl.string("filename")
            + KernelEvent.Parts.FD),
    PROCESS_ENTRY("ktrace_process_entry", KernelEvent.Parts.PROCESS),
    MAPPING_ENTRY("ktrace_mapping_entry", Tsdl.x64("start") + Tsdl.x64("end") + Tsdl.u8("shared") + Tsdl.i32("device")
            + Tsdl.i64("inode") + Tsdl.i64("offset") + Tsdl.string("path")),
    OBJECT_ENTRY("ktrace_object_entry", Tsdl.string("kind") + Tsdl.i64("key") + Tsdl.string("name"));

    /** The stream's id in the metadata. */
    public static final int STREAM = 1;

    private final String label;
    private final String fields;

    DiscoveryEvent(String label, String fields) {
        this.label = label;
        this.fields = fields;
    }

    /** The event of a question. */
    public static DiscoveryEvent of(Question question) {
        return switch (question) {
            case FD -> FD;
            case FDS -> FDS;
            case HOLDERS -> HOLDERS;
            case PROCESS -> PROCESS;
            case MAPPING -> MAPPING;
            case OPENING -> OPENING;
            case SYSV_IPC -> SYSV_IPC;
        };
    }

    /** The name in the trace. */
    public String label() {
        return label;
    }

    /** All of them in TSDL; their compact ids are their ordinals. */
    public static String declarations() {
        StringBuilder text = new StringBuilder();
        for (DiscoveryEvent event : values()) {
            text.append(Tsdl.event(event.label, event.ordinal(), STREAM, event.fields));
        }
        return text.toString();
    }

    private static final class Parts {
        static final String QUESTION = Tsdl.i32("number") + Tsdl.i64("detail") + Tsdl.i32("count");
    }
}
