package ktrace.system.call;

import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent;
import ktrace.system.Machine;
import ktrace.system.ProcessEntry;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.objects.TrackedObject;
import ktrace.system.WakeUp;
import ktrace.system.objects.Way;

/**
 * A call that works on what one of its arguments refers to as a descriptor, and waits for that, whatever it is: the base of most.
 *
 * <p>Where no scheduler is seen, a reader is let on by a writer at the other end and a writer by a reader, who began or ended
 * within the wait; nothing else is concluded.
 *
 * <pre>
 *   reader  ├── read(pipe) ──────────────┤ = 4096      evidence object, by the writer
 *   writer               ├─ write(pipe) ─┼──┤          that is at it still, or was within the wait
 * </pre>
 */
public class OnDescriptor extends SystemCall {
    private final int argument;
    private final String verb;

    /** @param argument which argument is the descriptor */
    public OnDescriptor(int argument, Way way) {
        this(argument, way, null);
    }

    /** @param verb what is waited for in it: {@code to read} */
    public OnDescriptor(int argument, Way way, String verb) {
        super(way);
        this.argument = argument;
        this.verb = verb;
    }

    @Override
    public String verb() {
        return verb;
    }

    @Override
    public boolean fills() {
        return verb != null && way() == Way.WRITE;
    }

    protected final int fd(ThreadEntry thread) {
        return (int) thread.args[argument];
    }

    @Override
    public int descriptor(ThreadEntry thread) {
        return fd(thread);
    }

    @Override
    public boolean isOnDescriptor() {
        return true;
    }

    @Override
    public void askBefore(Machine machine, ProcessEntry process, TraceEvent enter) {
        int fd = (int) (argument == 0 ? enter.arg0 : enter.arg1);
        machine.askNow(process, fd, process.fds.get(fd), enter.timeNs);
    }

    @Override
    public void ask(Machine machine, ThreadEntry thread, long nowNs) {
        machine.askNow(thread.process, fd(thread), thread.object, nowNs);
    }

    @Override
    public void enter(Machine machine, ThreadEntry thread, long nowNs) {
        thread.object = machine.used(thread.process, fd(thread), nowNs);
        machine.uses(thread, thread.object, way(), nowNs);
    }

    @Override
    public void settle(Machine machine, ThreadEntry thread, long nowNs) {
        thread.object = machine.settled(thread.process, fd(thread), thread.object, nowNs);
    }

    /** Of a descriptor that is not known, only an uninterruptible sleep tells something: nearly all that sleep so are files. */
    @Override
    public ObjectKind waitsFor(ThreadEntry thread) {
        KernelObject object = thread.worksOn();
        return object == null ? ObjectKind.OTHER : object.kind();
    }

    /** Whatever happens inside a read of a pipe is put to that pipe: mostly it is its own mutex, which sleeps in D. */
    @Override
    public ObjectKind waitsUninterruptiblyFor(ThreadEntry thread) {
        KernelObject object = thread.worksOn();
        return object == null ? ObjectKind.DISK : object.kind();
    }

    /** It takes data or puts data, as read and write do. */
    protected boolean movesData() {
        return true;
    }

    @Override
    public boolean sends() {
        return way() == Way.WRITE;
    }

    @Override
    public Acts acts() {
        return Acts.THROUGHOUT;
    }

    @Override
    public boolean isAwaiting(ThreadEntry thread) {
        return thread.object != null && !thread.object.isStandIn() && thread.object.kind().ipc();
    }

    @Override
    public boolean letsOn(WakeUp wakeUp) {
        return letsOn(wakeUp, wakeUp.waiter().canonicalObject(), way());
    }

    /** The same for one who waits to do this with {@code object}. */
    public static boolean letsOn(WakeUp wakeUp, TrackedObject object, Way way) {
        TrackedObject end = object.otherEnd() == null ? object : object.otherEnd();
        if (!(wakeUp.waker().call() instanceof OnDescriptor other) || !other.movesData()
                || wakeUp.waker().canonicalObject() != end) {
            return wakeUp.letsOn(object);
        }
        return way == Way.WRITE
                // A reader that was at it before the writer came had emptied it: there was room.
                ? other.way() != Way.WRITE && !wakeUp.isReturning()
                : other.way() != Way.READ;
    }
}
