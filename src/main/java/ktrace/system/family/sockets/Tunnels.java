package ktrace.system.family.sockets;

import java.util.List;
import ktrace.event.ObjectKind;
import ktrace.system.Family;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.WakeUp;
import ktrace.system.call.OnDescriptor;
import ktrace.system.objects.TrackedObject;

/** /dev/net/tun: who reads there gets the packets that the kernel sends through an interface. */
public final class Tunnels implements Family {
    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.TUN);
    }

    /** It is opened, and tied to an interface by ioctl(2). */
    @Override
    public void calls(Calls calls) {
    }

    @Override
    public Reach reach(WakeUp wakeUp, TrackedObject tunnel) {
        return !wakeUp.isInInterrupt() && isKernelsWord(wakeUp, tunnel) ? Reach.YES : Reach.NO;
    }

    /**
     * Nobody is at work on what the kernel itself fills, as a netlink socket or a tunnel. Who makes a call that has it do so wakes
     * the reader, in that call; what else could wake the reader there is a signal, or the end of its process. Who waits for other
     * things besides may have been woken through any of them.
     */
    static boolean isKernelsWord(WakeUp wakeUp, TrackedObject object) {
        if (wakeUp.waiter().canonicalObject() != object) {
            return false;
        }
        ThreadEntry waker = wakeUp.waker();
        SystemCall call = waker.call();
        return call != SystemCall.UNKNOWN && !waker.ends() && !waker.letsGo() && (call instanceof OnDescriptor || !call.sends());
    }

    @Override
    public boolean endsInInterrupt(TrackedObject tunnel) {
        return true;
    }
}
