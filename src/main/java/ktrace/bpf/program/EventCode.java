package ktrace.bpf.program;

import static ktrace.bpf.code.Reg.FRAME;
import static ktrace.bpf.code.Reg.R0;
import static ktrace.bpf.code.Reg.R1;
import static ktrace.bpf.code.Reg.R2;
import static ktrace.bpf.code.Reg.R3;
import static ktrace.bpf.code.Reg.R4;
import static ktrace.bpf.code.Reg.R7;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import ktrace.bpf.code.Alu;
import ktrace.bpf.code.Assembler;
import ktrace.bpf.code.Helper;
import ktrace.bpf.code.If;
import ktrace.bpf.code.Instruction;
import ktrace.bpf.code.Label;
import ktrace.bpf.code.Reg;
import ktrace.bpf.code.Width;
import ktrace.bpf.kernel.Btf;
import ktrace.linux.tracing.BpfAbi;

/**
 * What all programs do: look whether a thread is traced, reserve a record and fill its head, count where there is no room for it.
 * R6 has the arguments of the tracepoint, R8 the {@link CpuState}, R9 the record, from where a method says so to the end; R7 is the
 * program's own.
 */
final class EventCode {
    static final Reg CONTEXT = Reg.R6;
    static final Reg STATE = Reg.R8;
    static final Reg RECORD = Reg.R9;

    /** In the map of tasks: its calls are recorded. */
    static final int TRACED = 1;
    /** In the map of tasks: it is watched for its states, and what calls it makes is none of ktrace's business. */
    static final int WATCHED = 2;

    /** On the stack: the key of a look-up. */
    static final int KEY = -4;
    /** On the stack: what was read from the kernel. */
    private static final int READ = -16;
    /** On the stack: a key of eight bytes. */
    private static final int LONG_KEY = -24;

    final Assembler code = new Assembler();
    private final Kernel kernel;
    private final Maps maps;
    private final Label end = new Label();
    private final Map<RecordKind, Label> noRoom = new EnumMap<>(RecordKind.class);

    EventCode(Kernel kernel, Maps maps) {
        this.kernel = kernel;
        this.maps = maps;
        code.move(CONTEXT, R1);
    }

    /** Where nothing is left to do. */
    Label end() {
        return end;
    }

    void argument(Reg to, int index) {
        code.load(Width.LONG, to, CONTEXT, Long.BYTES * index);
    }

    void currentTask(Reg to) {
        code.call(Helper.GET_CURRENT_TASK_BTF);
        if (to != R0) {
            code.move(to, R0);
        }
    }

    /** R0 = the entry of a task that is traced or watched, or null. */
    void findTask(Reg task) {
        taskEntry(task, 0);
    }

    /** R0 = the entry of a task that is traced from now on; null when there is no memory. */
    void addTask(Reg task) {
        taskEntry(task, BpfAbi.LOCAL_STORAGE_GET_F_CREATE);
    }

    private void taskEntry(Reg task, int flags) {
        code.move(R2, task);
        code.setToMap(R1, maps.tasks().fd());
        code.set(R3, 0);
        code.set(R4, flags);
        code.call(Helper.TASK_STORAGE_GET);
    }

    /** R0 = what is in {@code wanted} for the process of a task, or null. */
    void findWanted(Reg task) {
        load(R1, task, "task_struct", "tgid");
        code.store(Width.WORD, FRAME, KEY, R1);
        lookUp(maps.wanted().fd());
    }

    /** R0 = what is at the key, or null. */
    void lookUp(int mapFd) {
        lookUp(mapFd, KEY);
    }

    private void lookUp(int mapFd, int keyAt) {
        code.setToMap(R1, mapFd);
        code.move(R2, FRAME);
        code.compute(Alu.ADD, R2, keyAt);
        code.call(Helper.MAP_LOOKUP_ELEM);
    }

    /** R0 = not null if R1 is a ring of io_uring that a traced thread has used. */
    void findUringRing() {
        code.store(Width.LONG, FRAME, LONG_KEY, R1);
        lookUp(maps.uringRings().fd(), LONG_KEY);
    }

    /** A traced thread uses the ring of io_uring in R1. */
    void addUringRing() {
        code.store(Width.LONG, FRAME, LONG_KEY, R1);
        code.setToMap(R1, maps.uringRings().fd());
        code.move(R2, FRAME);
        code.compute(Alu.ADD, R2, LONG_KEY);
        code.move(R3, R2);
        code.set(R4, 0);
        code.call(Helper.MAP_UPDATE_ELEM);
    }

    /** So many bytes of the kernel's, which begin {@code offset} behind where R7 points, into the record. */
    void copyMemory(int at, int sizeBytes, int offset) {
        code.move(R1, RECORD);
        code.compute(Alu.ADD, R1, at);
        code.set(R2, sizeBytes);
        code.move(R3, R7);
        code.compute(Alu.ADD, R3, offset);
        code.call(Helper.PROBE_READ_KERNEL);
    }

    /** {@code to} = a field of what {@code base} points to. */
    void load(Reg to, Reg base, String struct, String path) {
        Btf.Field field = kernel.field(struct, path);
        code.load(Width.of(field.sizeBytes()), to, base, field.offsetBytes());
    }

    /** STATE = what is kept for this CPU; the program ends where ktrace has stopped. */
    void findState() {
        findStateOfEnded();
        code.load(Width.LONG, R1, STATE, CpuState.STOPPED);
        code.jump(If.NOT_EQUAL, R1, 0, end);
    }

    /** The same, though ktrace may have stopped. */
    void findStateOfEnded() {
        lookUpCpu(maps.states().fd());
        code.jump(If.EQUAL, R0, 0, end);
        code.move(STATE, R0);
    }

    /** R0 = what is kept for the CPU in a register, or null. */
    void findStateOf(Reg cpu) {
        code.store(Width.WORD, FRAME, KEY, cpu);
        lookUp(maps.states().fd());
    }

    /** R0 = where {@code arguments} says how many a call has, whose number is in R1; or null. */
    void findArguments() {
        code.store(Width.WORD, FRAME, KEY, R1);
        lookUp(maps.arguments().fd());
    }

    /**
     * RECORD = room for a record, whose head is filled; where there is none that is counted, and the program ends. After
     * {@link #findState}.
     */
    void reserve(RecordKind kind) {
        reserve(kind, kind.sizeBytes());
    }

    /** The same of a record that is longer than others of its kind. */
    void reserve(RecordKind kind, int sizeBytes) {
        room(sizeBytes, lost(kind));
        head(kind, RECORD, 0);
        lostUntilNow();
    }

    /** R1 = this CPU's ring, or a jump to {@code none}. What is to be written there is no call that another could follow on. */
    void findRing(Label none) {
        code.store(Width.LONG, STATE, CpuState.FOLLOWED, 0);
        lookUpCpu(maps.rings().fd());
        code.jump(If.EQUAL, R0, 0, none);
        code.move(R1, R0);
    }

    /** R0 = what a map has for this CPU, or null. */
    void lookUpCpu(int mapFd) {
        code.call(Helper.GET_SMP_PROCESSOR_ID);
        code.store(Width.WORD, FRAME, KEY, R0);
        lookUp(mapFd);
    }

    /** RECORD = room for a record, or a jump to {@code none}. */
    void room(RecordKind kind, Label none) {
        room(kind.sizeBytes(), none);
    }

    private void room(int sizeBytes, Label none) {
        findRing(none);
        roomInRing(sizeBytes, none);
    }

    /** The same in the ring in R1. */
    void roomInRing(int sizeBytes, Label none) {
        code.set(R2, sizeBytes);
        code.set(R3, 0);
        code.call(Helper.RINGBUF_RESERVE);
        code.jump(If.EQUAL, R0, 0, none);
        code.move(RECORD, R0);
    }

    /** The head of a record that begins {@code at} bytes behind {@code base}, but what was lost. */
    void head(RecordKind kind, Reg base, int at) {
        code.store(Width.WORD, base, at + RecordKind.KIND, kind.ordinal());
        code.call(Helper.KTIME_GET_NS);
        code.store(Width.LONG, base, at + RecordKind.TIME, R0);
        code.call(Helper.GET_CURRENT_PID_TGID);
        // The thread in the lower half, its group in the upper.
        code.store(Width.LONG, base, at + RecordKind.TID, R0);
    }

    /** How much was lost until now, into the record. */
    void lostUntilNow() {
        code.load(Width.LONG, R1, STATE, CpuState.LOST);
        code.store(Width.WORD, RECORD, RecordKind.LOST, R1);
    }

    /** Shows the record to ktrace, which comes by itself. */
    void submit() {
        code.move(R1, RECORD);
        code.set(R2, BpfAbi.RB_NO_WAKEUP);
        code.call(Helper.RINGBUF_SUBMIT);
    }

    /**
     * Writes what was put together where RECORD points: the head, and behind {@code body} as many bytes as stand in {@code length} on the
     * stack; nothing where these are more than {@code most}. Where there is no room that is counted, and the program goes on.
     */
    void write(RecordKind kind, int body, int length, int most) {
        Label lost = new Label();
        Label done = new Label();
        head(kind, RECORD, 0);
        lostUntilNow();
        findRing(lost);
        code.move(R2, RECORD);
        code.load(Width.LONG, R3, FRAME, length);
        code.jump(If.GREATER, R3, most, done);
        code.compute(Alu.ADD, R3, body);
        code.set(R4, BpfAbi.RB_NO_WAKEUP);
        code.call(Helper.RINGBUF_OUTPUT);
        code.jump(If.EQUAL, R0, 0, done);
        code.place(lost);
        count(kind);
        code.place(done);
    }

    /** Gives the room back. */
    void discard() {
        code.move(R1, RECORD);
        code.set(R2, BpfAbi.RB_NO_WAKEUP);
        code.call(Helper.RINGBUF_DISCARD);
    }

    /**
     * Tells what is pending on this CPU: who runs here where that was not worth a record when it came to run, or that who runs has
     * entered a call. Before every other record, so that the records of a CPU stay in the order of time. After {@link #findState}.
     */
    void announceCurrent() {
        Label announced = new Label();
        Label call = new Label();
        Label written = new Label();
        code.load(Width.LONG, R1, STATE, CpuState.PENDING);
        code.jump(If.EQUAL, R1, 0, announced);
        code.load(Width.LONG, R1, STATE, CpuState.CLAIMED);
        code.jump(If.NOT_EQUAL, R1, 0, announced);
        code.store(Width.LONG, STATE, CpuState.CLAIMED, 1);
        // An interrupt may have told it meanwhile.
        code.load(Width.LONG, R1, STATE, CpuState.PENDING);
        code.jump(If.EQUAL, R1, 0, written);
        code.jump(If.EQUAL, R1, CpuState.CALL, call);
        announce(RecordKind.SCHED_SWITCH, written);
        code.place(call);
        announce(RecordKind.SYS_ENTER, written);
        code.place(written);
        code.store(Width.LONG, STATE, CpuState.PENDING, 0);
        code.store(Width.LONG, STATE, CpuState.CLAIMED, 0);
        code.place(announced);
    }

    private void announce(RecordKind kind, Label written) {
        Label none = new Label();
        room(kind, none);
        for (int at = 0; at < kind.sizeBytes(); at += Long.BYTES) {
            code.load(Width.LONG, R1, STATE, CpuState.PENDING_RECORD + at);
            code.store(Width.LONG, RECORD, at, R1);
        }
        lostUntilNow();
        submit();
        code.jump(written);
        code.place(none);
        count(kind);
        code.jump(written);
    }

    /** A field of a task into four bytes of a record. */
    void copyNumber(Reg base, int at, Reg task, String path) {
        load(R1, task, "task_struct", path);
        code.store(Width.WORD, base, at, R1);
    }

    /** An argument of the tracepoint into four bytes of a record. */
    void copyArgument(Reg base, int at, int index) {
        argument(R1, index);
        code.store(Width.WORD, base, at, R1);
    }

    void copyComm(Reg base, int at, Reg task) {
        int from = kernel.field("task_struct", "comm").offsetBytes();
        for (int part = 0; part < 16; part += Long.BYTES) {
            code.load(Width.LONG, R1, task, from + part);
            code.store(Width.LONG, base, at + part, R1);
        }
    }

    /** A text of the kernel's, to which R3 points, into a record; what is behind its end stays as it is. */
    void copyText(int at, int sizeBytes) {
        code.move(R1, RECORD);
        code.compute(Alu.ADD, R1, at);
        code.set(R2, sizeBytes);
        code.call(Helper.PROBE_READ_KERNEL_STR);
    }

    /**
     * This CPU's preempt_count into four bytes of the record. No function tells it, and its address is not to be had by name; but
     * the current task knows its CPU's run queue, which lies among the CPU's own variables as that one does.
     */
    void copyPreemptCount(int at) {
        currentTask(R0);
        load(R3, R0, "task_struct", "se.cfs_rq");
        load(R3, R3, "cfs_rq", "rq");
        code.compute(Alu.ADD, R3, kernel.fromRunqueuesToPreemptCount());
        code.move(R1, FRAME);
        code.compute(Alu.ADD, R1, READ);
        code.set(R2, Integer.BYTES);
        code.call(Helper.PROBE_READ_KERNEL);
        code.load(Width.WORD, R1, FRAME, READ);
        code.store(Width.WORD, RECORD, at, R1);
    }

    /** The whole program. */
    List<Instruction> finish() {
        code.jump(end);
        noRoom.forEach((kind, label) -> {
            code.place(label);
            count(kind);
            code.jump(end);
        });
        code.place(end);
        code.exit();
        return code.assemble();
    }

    /** One of this kind found no room. After {@link #findState}. */
    void count(RecordKind kind) {
        code.set(R1, 1);
        code.atomicAdd(STATE, CpuState.LOST, R1);
        code.set(R1, 1);
        code.atomicAdd(STATE, CpuState.lostOf(kind), R1);
    }

    /** Where a record of this kind is counted as lost. After {@link #findState}. */
    Label lost(RecordKind kind) {
        return noRoom.computeIfAbsent(kind, k -> new Label());
    }
}
