package ktrace.system.objects;

/** Which way data goes in a call: who reads waits for those who write, and the other way round. */
public enum Way {
    READ, WRITE,
    /** Either, or no data at all. */
    BOTH
}
