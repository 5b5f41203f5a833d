package ktrace.system.family;

import java.util.List;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.system.Family;
import ktrace.system.Machine;
import ktrace.system.PeerLists;
import ktrace.system.ProcessEntry;
import ktrace.system.call.ChangesDescriptors;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.Objects;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;

/** eventfd(2): a counter that every holder may raise and take. To close what every holder may raise wakes nobody. */
final class EventFds implements Family {
    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.EVENTFD);
    }

    @Override
    public void calls(Calls calls) {
        calls.add("eventfd", new ChangesDescriptors((machine, thread, fd) ->
                thread.process.fds.put(fd, Objects.placeholder(ObjectKind.EVENTFD), FdTable.READ_WRITE)));
        calls.add("eventfd2", new ChangesDescriptors((machine, thread, fd) -> thread.process.fds.put(fd,
                Objects.placeholder(ObjectKind.EVENTFD), FdTable.READ_WRITE | FdTable.closeOnExec(thread.args[1]))));
    }

    /** The kernel raises it, when what was asked of a device is done. */
    @Override
    public boolean endsInInterrupt(TrackedObject object) {
        return true;
    }

    @Override
    public List<Peer> peers(Machine machine, TrackedObject counter, ProcessEntry process, Way way) {
        return PeerLists.holders(counter, process);
    }
}
