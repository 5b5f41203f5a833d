package ktrace.ctf.read;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import ktrace.ctf.DiscoveryEvent;
import ktrace.ctf.layout.PacketCursor;
import ktrace.ctf.layout.TextRegister;
import ktrace.ctf.mapping.CpuState;
import ktrace.ctf.mapping.EventMapping;
import ktrace.ctf.mapping.KtraceMappings;
import ktrace.ctf.tsdl.TraceMetadata;
import ktrace.event.EventStream;
import ktrace.event.KernelObject;
import ktrace.event.MappingSnapshot;
import ktrace.event.TraceEvent;
import ktrace.facts.Discovery.Question;
import ktrace.facts.Discovery;

/**
 * Gives the questions and answers of the file {@code discoveries} again, one by one as they are asked for. Ends where the file
 * does, or where it is damaged: the rest could not be told apart.
 */
final class DiscoveryReader implements Iterator<Discovery>, AutoCloseable {
    /** What begins an answer of several events. */
    private record Asked(Question question, int number, long detail, int count) {
    }

    private final CtfStream stream;
    private final TraceEvent slot = new TraceEvent();
    private Discovery next;
    private boolean ended;

    /** @param stream whose events are mapped by {@link #mapping} */
    DiscoveryReader(CtfStream stream) {
        this.stream = stream;
    }

    /** What an event of this stream means. */
    static EventMapping mapping(TraceMetadata.EventClass event) {
        for (DiscoveryEvent known : DiscoveryEvent.values()) {
            if (known.label().equals(event.name())) {
                return switch (known) {
                    case FD -> new QuestionMapping(Question.FD);
                    case FDS -> new QuestionMapping(Question.FDS);
                    case HOLDERS -> new QuestionMapping(Question.HOLDERS);
                    case PROCESS -> new QuestionMapping(Question.PROCESS);
                    case MAPPING -> new QuestionMapping(Question.MAPPING);
                    case OPENING -> new QuestionMapping(Question.OPENING);
                    case SYSV_IPC -> new QuestionMapping(Question.SYSV_IPC);
                    case FD_ENTRY -> new KtraceMappings.Fd();
                    case PROCESS_ENTRY -> new KtraceMappings.Process();
                    case MAPPING_ENTRY -> new MappingMapping();
                    case OBJECT_ENTRY -> new ObjectMapping();
                };
            }
        }
        return null;
    }

    @Override
    public boolean hasNext() {
        if (next == null && !ended) {
            next = read();
            ended = next == null;
        }
        return next != null;
    }

    @Override
    public Discovery next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more was asked when the trace was recorded");
        }
        Discovery discovery = next;
        next = null;
        return discovery;
    }

    private Discovery read() {
        if (!(payload() instanceof Asked asked)) {
            return null;
        }
        boolean many = asked.question == Question.FDS || asked.question == Question.HOLDERS;
        List<Object> answers = new ArrayList<>();
        for (int i = 0; i < asked.count; i++) {
            Object answer = payload();
            if (answer == null || answer instanceof Asked) {
                return null;
            }
            answers.add(answer);
        }
        Object answer = asked.count < 0 ? null : many ? List.copyOf(answers) : answers.isEmpty() ? null : answers.getFirst();
        return new Discovery(asked.question, asked.number, asked.detail, answer);
    }

    private Object payload() {
        stream.refresh();
        if (stream.nextTimeNs() == EventStream.NOTHING) {
            return null;
        }
        stream.take(slot);
        return slot.payload;
    }

    @Override
    public void close() {
        stream.close();
    }

    private static final class QuestionMapping extends EventMapping {
        private final int number = wanted.number("number");
        private final int detail = wanted.number("detail");
        private final int count = wanted.number("count");
        private final Question question;

        QuestionMapping(Question question) {
            this.question = question;
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent event) {
            event.payload = new Asked(question, integer(cursor, number), cursor.registers[detail], integer(cursor, count));
            return false;
        }
    }

    private static final class MappingMapping extends EventMapping {
        private final int start = wanted.number("start");
        private final int end = wanted.number("end");
        private final int shared = wanted.number("shared");
        private final int device = wanted.number("device");
        private final int inode = wanted.number("inode");
        private final int offset = wanted.number("offset");
        private final int path = wanted.text("path");

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent event) {
            long[] values = cursor.registers;
            event.payload = new MappingSnapshot(values[start], values[end], values[shared] != 0, (int) values[device],
                    values[inode], values[offset], TextRegister.text(cursor, path));
            return false;
        }
    }

    private static final class ObjectMapping extends EventMapping {
        private final int kind = wanted.text("kind");
        private final int key = wanted.number("key");
        private final int name = wanted.text("name");

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent event) {
            event.payload = new KernelObject(KtraceMappings.kind(TextRegister.text(cursor, kind)), TextRegister.text(cursor, name),
                    cursor.registers[key]);
            return false;
        }
    }
}
