package ktrace.system.family;

import java.util.List;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.system.Family;
import ktrace.system.Machine;
import ktrace.system.PeerLists;
import ktrace.system.ProcessEntry;
import ktrace.system.ToldWait;
import ktrace.system.ToldWait.Words;
import ktrace.system.call.OnDescriptor;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;

/**
 * A made-up kind of wait, as a newcomer adds one: this file, and the line that registers it. Who reads from a parrot waits for who
 * talks to it; parrot_talk(2), for want of it, has the number of getcpu(2).
 */
public final class Parrots implements Family {
    public static final ObjectKind PARROT = new ObjectKind("parrot", ObjectKind.Reason.IPC);

    @Override
    public List<ObjectKind> kinds() {
        return List.of(PARROT);
    }

    @Override
    public void calls(Calls calls) {
        calls.add("getcpu", new OnDescriptor(0, Way.WRITE));
    }

    @Override
    public List<Peer> peers(Machine machine, TrackedObject parrot, ProcessEntry process, Way way) {
        return PeerLists.holders(parrot, process);
    }

    @Override
    public Words words(ToldWait wait) {
        return wait.named("for", " to speak");
    }
}
