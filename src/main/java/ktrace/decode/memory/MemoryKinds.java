package ktrace.decode.memory;

import ktrace.decode.Family;

/** The kinds of calls on memory. */
public final class MemoryKinds {
    public static final Family ALL = new Family(name -> null, MemoryMaps::kind, MemoryPolicy::kind, PageCache::kind);

    private MemoryKinds() {
    }
}
