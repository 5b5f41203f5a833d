package ktrace.analysis.waits;

import ktrace.analysis.Interrupts;
import ktrace.event.Evidence.Interrupt;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.SocketNames;
import ktrace.system.family.Families;

/**
 * What the interrupts came of that ended the waits of one {@link WaitRow}, where the results of the calls told: of the current window,
 * and of all windows. What no result told the object does. A call may return in the window after the one that its wait ended in.
 * One thread.
 */
final class InterruptCounts {
    private final long[] window = new long[Interrupt.values().length];
    private final long[] total = new long[window.length];

    void add(Interrupt by) {
        window[by.ordinal()]++;
        total[by.ordinal()]++;
    }

    void add(InterruptCounts other) {
        for (int i = 0; i < window.length; i++) {
            window[i] += other.window[i];
            total[i] += other.total[i];
        }
    }

    /** Of the window, which is over; {@code count} waits have ended in it. */
    Interrupts closeWindow(ObjectKind kind, KernelObject object, long count) {
        Interrupts told = of(window, kind, object, count);
        java.util.Arrays.fill(window, 0);
        return told;
    }

    Interrupts total(ObjectKind kind, KernelObject object, long count) {
        return of(total, kind, object, count);
    }

    private static Interrupts of(long[] told, ObjectKind kind, KernelObject object, long count) {
        long untold = count;
        for (long one : told) {
            untold -= one;
        }
        Interrupt other = Families.ALL.interruptedBy(kind, object);
        long network = other == Interrupt.NETWORK ? Math.max(0, untold) : 0;
        return new Interrupts(told[Interrupt.TIMED_OUT.ordinal()], told[Interrupt.TIMER.ordinal()] + of(other, Interrupt.TIMER, untold),
                of(other, Interrupt.DISK, untold), network, network == 0 ? null : SocketNames.otherMachine(object.name()));
    }

    private static long of(Interrupt other, Interrupt one, long untold) {
        return other == one ? Math.max(0, untold) : 0;
    }
}
