package ktrace.ctf.mapping;

import java.util.function.Function;
import ktrace.ctf.layout.Layout;
import ktrace.ctf.layout.PacketCursor;
import ktrace.ctf.tsdl.TraceMetadata.EventClass;
import ktrace.event.Fact;
import ktrace.event.ObjectKind;

/**
 * What ktrace 0.1 asked and was told, in a stream of its own, the file {@code discoveries}: a question with the number of its
 * answers, then each answer. Every one has the time of the event that had it asked, and counts before that event.
 *
 * <p>One for each trace; used by the thread that reads it.
 */
final class DiscoveryMappings {
    private static final int NO_ANSWER = -1;

    private enum Question {
        FD, FDS, HOLDERS, PROCESS, MAPPING, OPENING, SYSV_IPC
    }

    private final Function<String, ObjectKind> kinds;
    /** The question whose answers follow. */
    private Question asked = Question.FDS;
    private int number;
    private long detail;

    DiscoveryMappings(Function<String, ObjectKind> kinds) {
        this.kinds = kinds;
    }

    /** Null when it is no event of that stream. */
    EventMapping mapping(EventClass event) {
        return switch (event.name()) {
            case "ktrace_fd" -> new Asked(Question.FD);
            case "ktrace_fds" -> new Asked(Question.FDS);
            case "ktrace_holders" -> new Asked(Question.HOLDERS);
            case "ktrace_process" -> new Asked(Question.PROCESS);
            case "ktrace_mapping" -> new Asked(Question.MAPPING);
            case "ktrace_opening" -> new Asked(Question.OPENING);
            case "ktrace_sysv_ipc" -> new Asked(Question.SYSV_IPC);
            case "ktrace_fd_entry" -> new Descriptor();
            case "ktrace_process_entry" -> new Process();
            case "ktrace_mapping_entry" -> new Mapping();
            case "ktrace_object_entry" -> new Object();
            default -> null;
        };
    }

    /** A question tells something itself where there was nothing at the descriptor, and where a table was told. */
    private final class Asked extends FactMappings.Of {
        private final int ofNumber = wanted.number("number");
        private final int ofDetail = wanted.number("detail");
        private final int count = wanted.number("count");
        private final Question question;

        Asked(Question question) {
            this.question = question;
        }

        @Override
        public boolean isEvent(PacketCursor cursor) {
            asked = question;
            number = integer(cursor, ofNumber);
            detail = cursor.registers[ofDetail];
            int answers = integer(cursor, count);
            return question == Question.FD ? answers == NO_ANSWER : question == Question.FDS && answers > 0;
        }

        @Override
        Fact fact(PacketCursor cursor) {
            return question == Question.FD ? new Fact.OfDescriptor(number, (int) detail, null) : new Fact.TableTold(number);
        }
    }

    private final class Descriptor extends FactMappings.Of {
        private final KtraceMappings.FdFields fields = new KtraceMappings.FdFields(this, kinds);

        @Override
        public void bind(Layout layout) {
            fields.bind(layout);
        }

        @Override
        Fact fact(PacketCursor cursor) {
            var found = fields.snapshot(cursor);
            return asked == Question.FD ? new Fact.OfDescriptor(found.tgid(), found.fd(), found) : new Fact.Held(found);
        }
    }

    private final class Process extends FactMappings.Of {
        private final KtraceMappings.ProcessFields fields = new KtraceMappings.ProcessFields(this);

        @Override
        public void bind(Layout layout) {
            fields.bind(layout);
        }

        @Override
        Fact fact(PacketCursor cursor) {
            return new Fact.OfThread(number, fields.snapshot(cursor));
        }
    }

    private final class Mapping extends FactMappings.Of {
        private final FactMappings.MappingFields fields = new FactMappings.MappingFields(this);

        @Override
        Fact fact(PacketCursor cursor) {
            return new Fact.OfAddress(number, detail, fields.snapshot(cursor));
        }
    }

    private final class Object extends FactMappings.Of {
        private final FactMappings.ObjectFields fields = new FactMappings.ObjectFields(this, kinds);

        @Override
        Fact fact(PacketCursor cursor) {
            // Of who opens only the process was told, and it is its first thread most often.
            return asked == Question.OPENING ? new Fact.OfOpening(number, detail, fields.object(cursor))
                    : new Fact.OfSysvIpc(number, fields.object(cursor));
        }
    }
}
