package ktrace.bpf.code;

/** A place that is jumped to, forwards: the kernel's verifier is spared loops. */
public final class Label {
    static final int NOWHERE = -1;

    /** Index of the instruction behind it. */
    int at = NOWHERE;
}
