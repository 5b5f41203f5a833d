package ktrace.system.family.futexes;

import java.util.List;
import ktrace.event.Fact;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.system.Family;
import ktrace.system.Machine;
import ktrace.system.PeerLists;
import ktrace.system.ProcessEntry;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.ToldWait;
import ktrace.system.objects.TrackedObject;
import ktrace.system.ToldWait.Words;
import ktrace.system.WakeUp;
import ktrace.system.objects.Way;

/**
 * futex(2): mutexes, conditions, barriers, pthread_join. Who waits at a word waits for who wakes there; the futex that an address
 * means is known by process and address when it is private, and when it is shared by the place in the file that the address is
 * mapped to, which a second process may map elsewhere.
 */
public final class Futexes implements Family {
    private static final KernelObject SEVERAL = new KernelObject(ObjectKind.FUTEX, "futexes", 0);

    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.FUTEX);
    }

    @Override
    public void calls(Calls calls) {
        calls.add("futex", new Operation());
        calls.add("futex_wait", new Wait2());
        calls.add("futex_wake", new Wake2());
        calls.add("futex_waitv", new OnSeveral(ObjectKind.FUTEX) {
            @Override
            public boolean confirms(WakeUp wakeUp) {
                TrackedObject word = wokenAt(wakeUp);
                return word != null && wakeUp.endedBy(word);
            }
        });
        calls.add("futex_requeue", new OnSeveral(ObjectKind.OTHER));
        calls.add("mmap", new Unmapping(Unmapping.NEW));
        calls.add("munmap", new Unmapping(Unmapping.OLD));
        calls.add("mremap", new Unmapping(Unmapping.OLD | Unmapping.NEW));
    }

    @Override
    public Words words(ToldWait wait) {
        return wait.object().equals(SEVERAL.name()) ? wait.words("for one of several futexes") : wait.named("for", "");
    }

    @Override
    public String many(ObjectKind kind) {
        return "futexes";
    }

    @Override
    public List<Peer> peers(Machine machine, TrackedObject futex, ProcessEntry process, Way way) {
        return PeerLists.holders(futex, process);
    }

    /** The kernel told what is mapped where a word lies: who waits there already does so at the word that it turns out to be. */
    @Override
    public void learned(Machine machine, Fact fact) {
        if (fact instanceof Fact.OfAddress mapped) {
            machine.words().answered(mapped);
        }
    }

    /** The word that {@code waker} wakes waiters of, whoever they are; null when it does not. */
    public static TrackedObject wokenAt(Machine machine, ThreadEntry waker) {
        if (!(waker.call() instanceof AtAWord call) || !call.wakes(waker)) {
            return null;
        }
        TrackedObject known = waker.canonicalObject();
        return known != null ? known : machine.words().find(waker.process, waker.args[0], call.isPrivate(waker), true);
    }

    /** The same, if the waiter can have waited there, and if it is at no other word that it may have been woken. */
    private static TrackedObject wokenAt(WakeUp wakeUp) {
        ThreadEntry waker = wakeUp.waker();
        boolean isOne = waker.call() instanceof AtAWord call && call.wakesAtOne(waker)
                && (!call.isPrivate(waker) || waker.process == wakeUp.waiter().process);
        return isOne ? wokenAt(wakeUp.machine(), waker) : null;
    }

    /** On futexes that are listed in the caller's memory. */
    private static class OnSeveral extends SystemCall {
        private final ObjectKind kind;

        OnSeveral(ObjectKind kind) {
            this.kind = kind;
        }

        @Override
        public final void enter(Machine machine, ThreadEntry thread, long nowNs) {
            thread.standsFor = SEVERAL;
        }

        @Override
        public final ObjectKind waitsFor(ThreadEntry thread) {
            return kind;
        }
    }
}
