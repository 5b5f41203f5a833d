package ktrace.ctf.mapping;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import ktrace.ctf.layout.Layout;
import ktrace.ctf.layout.PacketCursor;
import ktrace.ctf.layout.TextRegister;
import ktrace.ctf.tsdl.FieldType;
import ktrace.event.EventType;
import ktrace.event.Fact;
import ktrace.event.KernelObject;
import ktrace.event.MappingSnapshot;
import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent;

/** What the kernel said when it was asked, as {@link ktrace.event.EventType#FACT}. */
final class FactMappings {
    private FactMappings() {
    }

    /** One event makes one fact. */
    abstract static class Of extends EventMapping {
        @Override
        public final boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            KtraceMappings.own(EventType.FACT, slot);
            slot.payload = fact(cursor);
            return false;
        }

        abstract Fact fact(PacketCursor cursor);
    }

    static final class Descriptor extends Of {
        private final KtraceMappings.FdFields fields;
        private final boolean isHeld;

        /** @param isHeld it was met in a search, not asked for */
        Descriptor(boolean isHeld, Function<String, ObjectKind> kinds) {
            this.isHeld = isHeld;
            fields = new KtraceMappings.FdFields(this, kinds);
        }

        @Override
        public void bind(ktrace.ctf.layout.Layout layout) {
            fields.bind(layout);
        }

        @Override
        Fact fact(PacketCursor cursor) {
            var found = fields.snapshot(cursor);
            return isHeld ? new Fact.Held(found) : new Fact.OfDescriptor(found.tgid(), found.fd(), found);
        }
    }

    static final class NoDescriptor extends Of {
        private final int pid = wanted.number("pid");
        private final int fd = wanted.number("fd");

        @Override
        Fact fact(PacketCursor cursor) {
            return new Fact.OfDescriptor(integer(cursor, pid), integer(cursor, fd), null);
        }
    }

    static final class Table extends Of {
        private final int pid = wanted.number("pid");

        @Override
        Fact fact(PacketCursor cursor) {
            return new Fact.TableTold(integer(cursor, pid));
        }
    }

    static final class Process extends Of {
        private final int tid = wanted.number("tid");
        private final KtraceMappings.ProcessFields fields = new KtraceMappings.ProcessFields(this);

        @Override
        public void bind(Layout layout) {
            fields.bind(layout);
        }

        @Override
        Fact fact(PacketCursor cursor) {
            return new Fact.OfThread(integer(cursor, tid), fields.snapshot(cursor));
        }
    }

    /** The fields of a mapping. */
    static final class MappingFields {
        private final int start;
        private final int end;
        private final int shared;
        private final int device;
        private final int inode;
        private final int offset;
        private final int path;

        MappingFields(EventMapping of) {
            start = of.wanted.number("start");
            end = of.wanted.number("end");
            shared = of.wanted.number("shared");
            device = of.wanted.number("device");
            inode = of.wanted.number("inode");
            offset = of.wanted.number("offset");
            path = of.wanted.text("path");
        }

        MappingSnapshot snapshot(PacketCursor cursor) {
            long[] values = cursor.registers;
            return new MappingSnapshot(values[start], values[end], values[shared] != 0, (int) values[device], values[inode],
                    values[offset], TextRegister.text(cursor, path));
        }
    }

    static final class Mapping extends Of {
        private final int pid = wanted.number("pid");
        private final int address = wanted.number("address");
        private final MappingFields fields = new MappingFields(this);

        @Override
        Fact fact(PacketCursor cursor) {
            return new Fact.OfAddress(integer(cursor, pid), cursor.registers[address], fields.snapshot(cursor));
        }
    }

    /** The fields of an object that no descriptor leads to. */
    static final class ObjectFields {
        private final int kind;
        private final int key;
        private final int name;
        private final Function<String, ObjectKind> kinds;

        ObjectFields(EventMapping of, Function<String, ObjectKind> kinds) {
            this.kinds = kinds;
            kind = of.wanted.text("kind");
            key = of.wanted.number("key");
            name = of.wanted.text("name");
        }

        KernelObject object(PacketCursor cursor) {
            return new KernelObject(kinds.apply(TextRegister.text(cursor, kind)), TextRegister.text(cursor, name),
                    cursor.registers[key]);
        }
    }

    static final class Opening extends Of {
        private final int tid = wanted.number("number");
        private final int address = wanted.number("address");
        private final ObjectFields fields;

        Opening(Function<String, ObjectKind> kinds) {
            fields = new ObjectFields(this, kinds);
        }

        @Override
        Fact fact(PacketCursor cursor) {
            return new Fact.OfOpening(integer(cursor, tid), cursor.registers[address], fields.object(cursor));
        }
    }

    static final class Path extends Of {
        private final int tid = wanted.number("number");
        private final int directory = wanted.number("directory");
        private final int path = wanted.text("path");
        private final ObjectFields fields;

        Path(Function<String, ObjectKind> kinds) {
            fields = new ObjectFields(this, kinds);
        }

        @Override
        Fact fact(PacketCursor cursor) {
            return new Fact.OfPath(integer(cursor, tid), integer(cursor, directory), TextRegister.text(cursor, path),
                    fields.object(cursor));
        }
    }

    static final class AtPath extends Of {
        private final int tid = wanted.number("tid");
        private final int address = wanted.number("address");
        private final int path = wanted.text("path");

        @Override
        Fact fact(PacketCursor cursor) {
            return new Fact.AtPath(integer(cursor, tid), cursor.registers[address], TextRegister.text(cursor, path));
        }
    }

    static final class Sleep extends Of {
        private final KtraceMappings.ThreadFields fields = new KtraceMappings.ThreadFields(this);
        private final int function = wanted.text("function");
        private final int since = wanted.number("since_ns");

        @Override
        public void bind(ktrace.ctf.layout.Layout layout) {
            fields.bind(layout);
        }

        @Override
        Fact fact(PacketCursor cursor) {
            return new Fact.OfSleep(fields.snapshot(cursor), TextRegister.text(cursor, function), cursor.registers[since]);
        }
    }

    static final class Watch extends Of {
        private final int pid = wanted.number("pid");
        private final int watched = wanted.number("watched");

        @Override
        Fact fact(PacketCursor cursor) {
            return new Fact.OfWatch(integer(cursor, pid), cursor.registers[watched] != 0);
        }
    }

    static final class Quota extends Of {
        private final int tgid = wanted.number("pid");
        private final int group = wanted.text("cgroup");
        private final int throttled = wanted.number("throttled_ns");

        @Override
        Fact fact(PacketCursor cursor) {
            return new Fact.OfQuota(integer(cursor, tgid), TextRegister.text(cursor, group), cursor.registers[throttled]);
        }
    }

    static final class Affinity extends Of {
        private final int tid = wanted.number("tid");
        private final int cpus = wanted.text("cpus");
        private final int idle = wanted.number("idle_elsewhere_ns");

        @Override
        Fact fact(PacketCursor cursor) {
            return new Fact.OfAffinity(integer(cursor, tid), TextRegister.text(cursor, cpus), cursor.registers[idle]);
        }
    }

    static final class Steal extends Of {
        private final int cpu = wanted.number("cpu");
        private final int stolen = wanted.number("stolen_ns");

        @Override
        Fact fact(PacketCursor cursor) {
            return new Fact.OfSteal(integer(cursor, cpu), cursor.registers[stolen]);
        }
    }

    static final class Collector extends Of {
        private final int cheaper = wanted.text("cheaper");
        private final int others = wanted.number("others_per_s");
        private final int targets = wanted.number("targets_per_s");

        @Override
        Fact fact(PacketCursor cursor) {
            return new Fact.OfCollector(TextRegister.text(cursor, cheaper), cursor.registers[others], cursor.registers[targets]);
        }
    }

    static final class HeldBy extends Of {
        private final int tid = wanted.number("tid");
        private final int since = wanted.number("since_ns");
        private final int holderTid = wanted.number("holder_tid");
        private final int holderTgid = wanted.number("holder_pid");
        private final int comm = wanted.text("comm");
        private final int threadComm = wanted.text("thread_comm");
        private final int sole = wanted.number("sole");

        @Override
        Fact fact(PacketCursor cursor) {
            return new Fact.HeldBy(integer(cursor, tid), cursor.registers[since], integer(cursor, holderTid), integer(cursor, holderTgid),
                    TextRegister.text(cursor, comm), TextRegister.text(cursor, threadComm), cursor.registers[sole] != 0);
        }
    }

    static final class Polled extends Of {
        private final int tid = wanted.number("tid");
        private final int since = wanted.number("since_ns");
        private final int isAll = wanted.number("is_all");
        private final int fds = wanted.list("fds");
        /** Null where the trace has none. */
        private FieldType fdsType;

        @Override
        public void bind(Layout layout) {
            fdsType = layout.found().get("fds");
        }

        @Override
        Fact fact(PacketCursor cursor) {
            List<Integer> found = fdsType == null ? List.of()
                    : Arrays.stream(TextRegister.list(cursor, fds, fdsType)).mapToObj(value -> (int) value).toList();
            return new Fact.Polled(integer(cursor, tid), cursor.registers[since], cursor.registers[isAll] != 0, found);
        }
    }

    static final class Submitted extends Of {
        private final int tgid = wanted.number("pid");
        private final int context = wanted.number("context");
        private final int list = wanted.number("list");
        private final int operation = wanted.number("operation");
        private final int fd = wanted.number("fd");

        @Override
        Fact fact(PacketCursor cursor) {
            return new Fact.Submitted(integer(cursor, tgid), cursor.registers[context], cursor.registers[list],
                    integer(cursor, operation), integer(cursor, fd));
        }
    }

    static final class SysvIpc extends Of {
        private final int id = wanted.number("number");
        private final ObjectFields fields;

        SysvIpc(Function<String, ObjectKind> kinds) {
            fields = new ObjectFields(this, kinds);
        }

        @Override
        Fact fact(PacketCursor cursor) {
            return new Fact.OfSysvIpc(integer(cursor, id), fields.object(cursor));
        }
    }
}
