package ktrace.system;

import ktrace.event.Fact;
import ktrace.event.KernelObject;
import ktrace.event.MappingSnapshot;
import ktrace.event.ObjectKind;
import ktrace.system.objects.KeyedObjects;
import ktrace.system.objects.ObjectTable;
import ktrace.system.objects.SharedFile;
import ktrace.system.objects.TrackedObject;

/**
 * Finds the futex that an address means: a private one is known by process and address, a shared one by the place in the file that
 * the address is mapped to, which a second process may map elsewhere.
 *
 * <p>A futex stands here from when the first waits for it. To wake where nobody waits needs none: a program may do that at as many
 * addresses as it likes. Afterwards it is remembered among the last that its process used ({@link ProcessEntry#use}).
 *
 * <p>Used on the tracker's thread; allocates for futexes that nobody has waited for lately.
 */
public final class FutexWords {
    private final ProcessTable processes;
    private final ObjectTable objects;
    private final Lookups lookups;

    FutexWords(ProcessTable processes, ObjectTable objects, Lookups lookups) {
        this.processes = processes;
        this.objects = objects;
        this.lookups = lookups;
    }

    /**
     * The futex at {@code address}.
     *
     * @param isPrivate whether the call says that only this process uses it
     * @param waits whether the caller waits there, or moves others there who do
     * @return null when nobody waits there, nor has lately
     */
    public TrackedObject find(ProcessEntry process, long address, boolean isPrivate, boolean waits) {
        TrackedObject word = isPrivate ? inProcess(process, address, waits) : inMapping(process, address, waits);
        if (word != null) {
            process.use(word);
        }
        return word;
    }

    /** Asks what {@code address} lies in, if that is not known. */
    public void askNow(ProcessEntry process, long address) {
        if (process.memory.mapping(address) == null) {
            lookups.askNow(process, address);
        }
    }

    /** The kernel told what is mapped where a word lies: who waits there already does so at the word that it turns out to be. */
    public void answered(Fact.OfAddress fact) {
        ProcessEntry process = processes.get(fact.tgid());
        if (process == null || !fact.found().contains(fact.address())) {
            return;
        }
        process.memory.putMapping(fact.found());
        TrackedObject before = process.memory.word(fact.address());
        if (before != null && process.memory.file(fact.address()) != null) {
            TrackedObject known = inMapping(process, fact.address(), true);
            before.object.identify(known.object);
            KeyedObjects.leave(before);
            before.becomes(known);
            process.useNoMore(before);
            process.use(known);
        }
    }

    private static TrackedObject inProcess(ProcessEntry process, long address, boolean waits) {
        TrackedObject known = process.memory.word(address);
        if (known == null && waits) {
            known = new TrackedObject(new KernelObject(ObjectKind.FUTEX, "futex 0x" + Long.toHexString(address), address), true);
            process.memory.putWord(address, known);
        }
        return known;
    }

    private TrackedObject inMapping(ProcessEntry process, long address, boolean waits) {
        MappingSnapshot mapping = process.memory.mapping(address);
        if (mapping == null) {
            mapping = inherited(process, address);
            if (mapping == null) {
                // Until the answer comes it is as good as private. Where nobody is known to share memory nobody else waits there.
                if (waits || !objects.sharesNothing() && !process.memory.hasAskedMuch()) {
                    lookups.mapping(process, address);
                }
                return inProcess(process, address, waits);
            }
            process.memory.putMapping(mapping);
        }
        SharedFile file = process.memory.file(address);
        if (file == null) {
            return inProcess(process, address, waits);
        }
        long offsetBytes = mapping.offsetBytes() + address - mapping.startAddress();
        TrackedObject known = file.words.get(offsetBytes);
        if (known == null && waits) {
            String name = "futex " + mapping.path() + "+0x" + Long.toHexString(offsetBytes) + " (shared)";
            known = new TrackedObject(new KernelObject(ObjectKind.FUTEX, name, 31 * mapping.inode() + offsetBytes), true);
            file.words.put(offsetBytes, known);
        }
        return known;
    }

    /** A short-lived child is gone when it is asked about; what its parent maps shared is at the same place in it. */
    private MappingSnapshot inherited(ProcessEntry process, long address) {
        ProcessEntry parent = process.execed ? null : processes.get(process.ppid);
        MappingSnapshot mapping = parent == null ? null : parent.memory.mapping(address);
        return mapping != null && mapping.shared() ? mapping : null;
    }
}
