package ktrace.facts;

import ktrace.event.MappingSnapshot;

/**
 * One question that the tracker asked its {@link ObjectSource}, and the answer: what a trace must carry besides the events so
 * that the tracker comes to the same results when the trace is read.
 *
 * @param question which method
 * @param number its first argument: a tgid, a tid or an IPC id
 * @param detail its second: a descriptor, an address, the ordinal of a kind, an object's key; else 0
 * @param answer an FdSnapshot, a {@code List<FdSnapshot>}, a ProcessSnapshot, a MappingSnapshot, a KernelObject, or null
 */
public record Discovery(Question question, int number, long detail, Object answer) {
    /** The methods of {@link ObjectSource}. */
    public enum Question {
        FD, FDS, HOLDERS, PROCESS, MAPPING, OPENING, SYSV_IPC
    }

    boolean answers(Question asked, int askedNumber, long askedDetail) {
        return question == asked && number == askedNumber && detail == askedDetail;
    }
}
