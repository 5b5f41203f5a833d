package ktrace.decode;

/** The kinds of calls on memory. */
final class MemoryKinds {
    static final Family ALL = new Family(name -> null, MemoryMaps::kind, MemoryPolicy::kind);

    private MemoryKinds() {
    }
}
