package ktrace.system.call;

import ktrace.event.TraceEvent;
import ktrace.system.Machine;
import ktrace.system.ProcessEntry;
import ktrace.system.ThreadEntry;
import ktrace.system.objects.Way;

/**
 * A call on a descriptor that is taken as it is known: it cannot block on it, or is about to change what it is. It is looked up
 * only if the call blocks all the same.
 */
public class OnKnownDescriptor extends OnDescriptor {
    public OnKnownDescriptor(int argument, Way way) {
        super(argument, way);
    }

    @Override
    public void askBefore(Machine machine, ProcessEntry process, TraceEvent enter) {
    }

    @Override
    public void enter(Machine machine, ThreadEntry thread, long nowNs) {
        thread.object = thread.process.fds.get(fd(thread));
    }

    @Override
    protected final boolean movesData() {
        return false;
    }

    @Override
    public Acts acts() {
        return Acts.NEVER;
    }

    @Override
    public boolean isAwaiting(ThreadEntry thread) {
        return false;
    }
}
