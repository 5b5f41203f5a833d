package ktrace.perf;

import java.io.ByteArrayOutputStream;
import java.util.List;
import ktrace.linux.SyscallTable;

/** What one CPU does over and over: the records of one round, which ends where it begins. Its processes are numbered from 0. */
public enum ReplayLoad {
    /**
     * Two hand a byte to and fro, and make two calls that do not wait in between.
     *
     * <pre>
     * 0  getppid getppid write(4)…waking 1…  read(3) ─┐        ┌─ …            20 events a round:
     * 1                        … read(5) ◄────────────┘ same …─┘               8 sys_enter, 8 sys_exit, 2 waking, 2 switch
     * </pre>
     */
    MIX(2, new Pipe(0, 4, 1, 5), new Pipe(1, 6, 0, 3)) {
        @Override
        void round(Round round) {
            round.returns(0).plain(0, 2).write(0, 4, 1).read(0, 3, 1).returns(1).plain(1, 2).write(1, 6, 0).read(1, 5, 0);
        }
    },
    /** The same without other calls. */
    PINGPONG(2, new Pipe(0, 4, 1, 5), new Pipe(1, 6, 0, 3)) {
        @Override
        void round(Round round) {
            round.returns(0).write(0, 4, 1).read(0, 3, 1).returns(1).write(1, 6, 0).read(1, 5, 0);
        }
    },
    /** Eight that compute take turns: nothing but switches. */
    SWITCHES(8) {
        @Override
        void round(Round round) {
            for (int i = 0; i < 8; i++) {
                round.preempted(i, (i + 1) % 8);
            }
        }
    },
    /** A client (0) asks a server (1), which asks a database (2), which has to share its CPU with somebody else (3). */
    SERVER(4, new Pipe(0, 4, 1, 3), new Pipe(1, 4, 0, 3), new Pipe(1, 6, 2, 3), new Pipe(2, 4, 1, 5)) {
        @Override
        void round(Round round) {
            round.returns(0).plain(0, 2).write(0, 4, 1).read(0, 3, 1)
                    .returns(1).plain(1, 4).write(1, 6, 2).read(1, 5, 2)
                    .returns(2).plain(2, 3).preempted(2, 3).plain(3, 2).preempted(3, 2).plain(2, 3).write(2, 4, 1).read(2, 3, 1)
                    .returns(1).plain(1, 2).write(1, 4, 0).read(1, 3, 0);
        }
    };

    /** One that {@code writer} has open for writing and {@code reader} for reading. */
    record Pipe(int writer, int writeFd, int reader, int readFd) {
    }

    final int processes;
    final List<Pipe> pipes;

    ReplayLoad(int processes, Pipe... pipes) {
        this.processes = processes;
        this.pipes = List.of(pipes);
    }

    abstract void round(Round round);

    /** @param first the number of process 0 */
    byte[] records(int first) {
        Round round = new Round(first);
        round(round);
        return round.out.toByteArray();
    }

    /** The descriptor that {@code process} reads from as a round begins; -1 when it is in no call. */
    int readsFrom(int process) {
        return pipes.stream().filter(pipe -> pipe.reader == process).mapToInt(Pipe::readFd).findFirst().orElse(-1);
    }

    /** Writes the records of a round one after the other. */
    static final class Round {
        private static final SyscallTable TABLE = SyscallTable.current();
        private static final long BUFFER = 0x7fff_0000L;
        /** TASK_INTERRUPTIBLE of include/linux/sched.h; 0 is TASK_RUNNING. */
        private static final int SLEEPS = 1;

        private final int first;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        private Round(int first) {
            this.first = first;
        }

        /** {@code process} returns from the read that it had waited in. */
        Round returns(int process) {
            return exit(process, TABLE.number("read"));
        }

        /** Calls that work on nothing. */
        Round plain(int process, int calls) {
            int getppid = TABLE.number("getppid");
            for (int i = 0; i < calls; i++) {
                out.writeBytes(RecordBytes.sysEnter(first + process, 0, getppid));
                exit(process, getppid);
            }
            return this;
        }

        Round write(int process, int fd, int wakes) {
            int tid = first + process;
            out.writeBytes(RecordBytes.sysEnter(tid, 0, TABLE.number("write"), fd, BUFFER, 1));
            out.writeBytes(RecordBytes.sample(Tracepoint.SCHED_WAKING).by(tid, tid).set("pid", first + wakes)
                    .setText("comm", "p" + (first + wakes)).bytes());
            return exit(process, TABLE.number("write"));
        }

        /** There is nothing to read yet, so {@code next} comes onto the CPU. */
        Round read(int process, int fd, int next) {
            out.writeBytes(RecordBytes.sysEnter(first + process, 0, TABLE.number("read"), fd, BUFFER, 1));
            return switches(process, SLEEPS, next);
        }

        Round preempted(int process, int next) {
            return switches(process, 0, next);
        }

        private Round switches(int process, int state, int next) {
            int tid = first + process;
            out.writeBytes(RecordBytes.sample(Tracepoint.SCHED_SWITCH).by(tid, tid).set("prev_pid", tid).setText("prev_comm", "p" + tid)
                    .set("prev_state", state).set("next_pid", first + next).setText("next_comm", "p" + (first + next)).bytes());
            return this;
        }

        private Round exit(int process, int number) {
            int tid = first + process;
            out.writeBytes(RecordBytes.sample(Tracepoint.SYS_EXIT).by(tid, tid).set("id", number).set("ret", 1).bytes());
            return this;
        }
    }
}
