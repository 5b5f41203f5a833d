package ktrace.analysis.path;

import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Waker;
import ktrace.intervals.ThreadState;

/**
 * What a thread did in some interval, without when: many intervals are alike.
 *
 * @param kind what was waited for, with {@code object}, {@code waker} and {@code evidence} of a wait; else null
 * @param goesOn the wait was not over when the trace was
 */
record Piece(ThreadState state, ObjectKind kind, KernelObject object, Waker waker, Evidence evidence, boolean goesOn) {
    boolean is(ThreadState s, ObjectKind k, KernelObject o, Waker w, Evidence e, boolean g) {
        return state == s && object == o && waker == w && kind == k && evidence == e && goesOn == g;
    }
}
