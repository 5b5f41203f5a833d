package ktrace.ctf.write;

import java.util.List;
import ktrace.ctf.KernelEvent;
import ktrace.event.Comm;
import ktrace.event.Fact;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.MappingSnapshot;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceEvent;

/** Writes what the kernel said when it was asked. Allocates. */
final class FactWriter {
    private final CtfWriter writer;

    FactWriter(CtfWriter writer) {
        this.writer = writer;
    }

    void write(TraceEvent event) {
        if (!(event.payload instanceof Fact fact)) {
            return;
        }
        switch (fact) {
            case Fact.OfDescriptor(int tgid, int fd, FdSnapshot found) -> {
                if (found == null) {
                    PacketWriter out = writer.begin(KernelEvent.FACT_NO_FD, event, 8);
                    out.i32(tgid);
                    out.i32(fd);
                } else {
                    descriptor(KernelEvent.FACT_FD, found, event);
                }
            }
            case Fact.Held(FdSnapshot found) -> descriptor(KernelEvent.FACT_HELD, found, event);
            case Fact.TableTold(int tgid) -> writer.begin(KernelEvent.FACT_TABLE, event, 4).i32(tgid);
            case Fact.OfThread(int tid, ProcessSnapshot found) -> {
                byte[] comm = StateWriter.utf8(found.comm());
                byte[] cmdline = StateWriter.utf8(found.cmdline());
                PacketWriter out = writer.begin(KernelEvent.FACT_PROCESS, event, 19L + comm.length + cmdline.length);
                out.i32(tid);
                StateWriter.process(out, found, comm, cmdline);
            }
            case Fact.OfAddress(int tgid, long address, MappingSnapshot found) -> {
                byte[] path = StateWriter.utf8(found.path());
                PacketWriter out = writer.begin(KernelEvent.FACT_MAPPING, event, 50L + path.length);
                out.i32(tgid);
                out.i64(address);
                out.i64(found.startAddress());
                out.i64(found.endAddress());
                out.u8(found.shared() ? 1 : 0);
                out.i32(found.device());
                out.i64(found.inode());
                out.i64(found.offsetBytes());
                out.text(path);
            }
            case Fact.OfOpening(int tid, long pathAddress, KernelObject found) -> {
                PacketWriter out = object(KernelEvent.FACT_OPENING, tid, found, Long.BYTES, event);
                out.i64(pathAddress);
            }
            case Fact.OfPath(int tid, int dirFd, String path, KernelObject found) -> {
                byte[] text = StateWriter.utf8(path);
                PacketWriter out = object(KernelEvent.FACT_PATH, tid, found, Integer.BYTES + 1 + text.length, event);
                out.i32(dirFd);
                out.text(text);
            }
            case Fact.AtPath(int tid, long pathAddress, String path) -> {
                byte[] text = StateWriter.utf8(path);
                PacketWriter out = writer.begin(KernelEvent.FACT_AT_PATH, event, 13L + text.length);
                out.i32(tid);
                out.i64(pathAddress);
                out.text(text);
            }
            case Fact.OfSleep(ThreadSnapshot found, String function, long sinceNs) -> {
                byte[] where = StateWriter.utf8(function);
                PacketWriter out = writer.begin(KernelEvent.FACT_SLEEP, event, 39L + 8L * found.args().length + where.length);
                out.i32(found.tid());
                out.i32(found.tgid());
                CtfWriter.comm(out, Comm.pack(found.comm(), 0), Comm.pack(found.comm(), 8));
                out.text(where);
                out.i64(sinceNs);
                StateWriter.call(out, found);
            }
            case Fact.Polled(int tid, long sinceNs, boolean isAll, List<Integer> fds) -> {
                PacketWriter out = writer.begin(KernelEvent.FACT_POLLED, event, 17L + 4L * fds.size());
                out.i32(tid);
                out.i64(sinceNs);
                out.u8(isAll ? 1 : 0);
                out.i32(fds.size());
                fds.forEach(out::i32);
            }
            case Fact.Submitted(int tgid, long context, long listAddress, int operation, int fd) -> {
                PacketWriter out = writer.begin(KernelEvent.FACT_SUBMITTED, event, 28);
                out.i32(tgid);
                out.i64(context);
                out.i64(listAddress);
                out.i32(operation);
                out.i32(fd);
            }
            case Fact.OfQuota(int tgid, String group, long throttledNs) -> {
                byte[] name = StateWriter.utf8(group);
                PacketWriter out = writer.begin(KernelEvent.FACT_QUOTA, event, 13L + name.length);
                out.i32(tgid);
                out.text(name);
                out.i64(throttledNs);
            }
            case Fact.OfAffinity(int tid, String cpus, long idleElsewhereNs) -> {
                byte[] list = StateWriter.utf8(cpus);
                PacketWriter out = writer.begin(KernelEvent.FACT_AFFINITY, event, 13L + list.length);
                out.i32(tid);
                out.text(list);
                out.i64(idleElsewhereNs);
            }
            case Fact.OfWatch(int tgid, boolean isWatched) -> {
                PacketWriter out = writer.begin(KernelEvent.FACT_WATCH, event, 5);
                out.i32(tgid);
                out.u8(isWatched ? 1 : 0);
            }
            case Fact.OfCollector(String cheaper, long othersPerSecond, long targetsPerSecond) -> {
                byte[] name = StateWriter.utf8(cheaper);
                PacketWriter out = writer.begin(KernelEvent.FACT_COLLECTOR, event, 17L + name.length);
                out.text(name);
                out.i64(othersPerSecond);
                out.i64(targetsPerSecond);
            }
            case Fact.OfSteal(int cpu, long stolenNs) -> {
                PacketWriter out = writer.begin(KernelEvent.FACT_STEAL, event, 12);
                out.i32(cpu);
                out.i64(stolenNs);
            }
            case Fact.HeldBy held -> {
                byte[] comm = StateWriter.utf8(held.comm());
                byte[] threadComm = StateWriter.utf8(held.threadComm());
                PacketWriter out = writer.begin(KernelEvent.FACT_HELD_BY, event, 23L + comm.length + threadComm.length);
                out.i32(held.tid());
                out.i64(held.sinceNs());
                out.i32(held.holderTid());
                out.i32(held.holderTgid());
                out.text(comm);
                out.text(threadComm);
                out.u8(held.isSole() ? 1 : 0);
            }
            case Fact.OfSysvIpc(int id, KernelObject found) -> object(KernelEvent.FACT_SYSV_IPC, id, found, 0, event);
        }
    }

    private void descriptor(KernelEvent kind, FdSnapshot fd, TraceEvent event) {
        byte[] name = StateWriter.utf8(fd.object().name());
        byte[] label = StateWriter.utf8(fd.object().kind().label());
        PacketWriter out = writer.begin(kind, event, 34L + name.length + label.length + 4L * fd.watched().size());
        out.i32(fd.tgid());
        out.i32(fd.fd());
        out.i32(fd.flags());
        out.text(name);
        StateWriter.object(out, fd, label);
        PacketWriter told = writer.begin(KernelEvent.LEARNT_FD, event, 18L + name.length);
        StateWriter.descriptor(told, fd, name);
        told.u8(1);
    }

    private PacketWriter object(KernelEvent kind, int number, KernelObject object, int moreBytes, TraceEvent event) {
        byte[] label = StateWriter.utf8(object.kind().label());
        byte[] name = StateWriter.utf8(object.name());
        PacketWriter out = writer.begin(kind, event, 14L + label.length + name.length + moreBytes);
        out.i32(number);
        out.text(label);
        out.i64(object.key());
        out.text(name);
        return out;
    }
}
