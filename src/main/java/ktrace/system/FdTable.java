package ktrace.system;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The descriptors of one thread group, or of several that share them by CLONE_FILES: number to object, access and close-on-exec.
 *
 * <p>Written by the tracker's thread, from system calls seen and from lookups. {@link #get} is an array load and allocates
 * nothing; the arrays grow with the largest number seen.
 */
final class FdTable {
    /** Access, as FMODE_READ and FMODE_WRITE of include/linux/fs.h. */
    static final int READ = 1;
    static final int WRITE = 2;
    static final int CLOSE_ON_EXEC = 4;
    /** Events were lost since: the number may have been used again. */
    static final int SUSPECT = 8;
    /** It was counted as unknown. */
    private static final int UNKNOWN = 16;
    /** It was asked what it is, and no answer has come. */
    private static final int ASKED = 32;
    /** Numbers above this are not kept: fs.nr_open allows no more unless somebody raised it. */
    static final int LIMIT = 1 << 20;

    private final Consumer<TrackedObject> abandoned;
    private final List<ProcessEntry> owners = new ArrayList<>(1);
    private TrackedObject[] objects = new TrackedObject[16];
    private byte[] flags = new byte[16];
    /** When /proc last told of one of them, unasked. */
    long announcedNs = Long.MAX_VALUE;
    /** The whole table was asked for, and no answer has come. */
    boolean allAsked;
    /** Whether every open number is here, so that the number the kernel gives out next is known. */
    boolean complete;

    /** @param abandoned is told of an object that nobody known holds any more */
    FdTable(ProcessEntry owner, Consumer<TrackedObject> abandoned) {
        this.abandoned = abandoned;
        owners.add(owner);
    }

    /** What fork(2) makes: the same objects under the same numbers, from then on apart. */
    FdTable copyFor(ProcessEntry child) {
        FdTable copy = new FdTable(child, abandoned);
        copy.objects = objects.clone();
        copy.flags = flags.clone();
        copy.complete = complete;
        for (int fd = 0; fd < objects.length; fd++) {
            if (objects[fd] != null) {
                copy.flags[fd] &= ~ASKED;
                hold(objects[fd], copy, flags[fd]);
            }
        }
        return copy;
    }

    List<ProcessEntry> owners() {
        return owners;
    }

    /** CLONE_FILES: one more process uses this very table. */
    void share(ProcessEntry process) {
        owners.add(process);
        forgetPeers();
    }

    /** The process is gone or has a table of its own now; with the last one the descriptors are closed. */
    void leave(ProcessEntry process) {
        owners.remove(process);
        if (owners.isEmpty()) {
            for (int fd = 0; fd < objects.length; fd++) {
                remove(fd);
            }
        } else {
            forgetPeers();
        }
    }

    /** The object behind {@code fd}; null when the number is not open or not known. */
    TrackedObject get(int fd) {
        return fd >= 0 && fd < objects.length ? objects[fd] : null;
    }

    int flags(int fd) {
        return fd >= 0 && fd < objects.length ? flags[fd] : 0;
    }

    /** {@code fd} refers to {@code object} from now on, whatever it was before. */
    void put(int fd, TrackedObject object, int newFlags) {
        if (fd < 0 || fd >= LIMIT) {
            return;
        }
        if (fd >= objects.length) {
            int size = Math.max(fd + 1, objects.length * 2);
            objects = Arrays.copyOf(objects, size);
            flags = Arrays.copyOf(flags, size);
        }
        // First the new, so that an object put over itself is never without a holder.
        hold(object, this, newFlags);
        remove(fd);
        objects[fd] = object;
        flags[fd] = (byte) newFlags;
    }

    void setCloseOnExec(int fd, boolean close) {
        if (get(fd) != null) {
            flags[fd] = (byte) (close ? flags[fd] | CLOSE_ON_EXEC : flags[fd] & ~CLOSE_ON_EXEC);
        }
    }

    /** System calls were lost: each number is looked up again at its next use. */
    void suspectAll() {
        complete = false;
        for (int fd = 0; fd < objects.length; fd++) {
            if (objects[fd] != null) {
                flags[fd] |= SUSPECT;
            }
        }
    }

    boolean firstTimeUnknown(int fd) {
        boolean first = (flags[fd] & UNKNOWN) == 0;
        flags[fd] |= UNKNOWN;
        return first;
    }

    boolean isAsked(int fd) {
        return get(fd) != null && (flags[fd] & ASKED) != 0;
    }

    /** It was asked what {@code fd}, which has an object, is. */
    void asked(int fd) {
        flags[fd] |= ASKED;
    }

    /** The answer has come. */
    void answered(int fd) {
        if (get(fd) != null) {
            flags[fd] &= ~(ASKED | SUSPECT);
        }
    }

    void remove(int fd) {
        TrackedObject object = get(fd);
        if (object != null) {
            objects[fd] = null;
            if (object.release(this, (flags[fd] & READ) != 0, (flags[fd] & WRITE) != 0)) {
                abandoned.accept(object);
            }
        }
    }

    /** close_range(2), both ends included. */
    void removeRange(long first, long last) {
        for (long fd = Math.max(0, first); fd <= last && fd < objects.length; fd++) {
            remove((int) fd);
        }
    }

    void setCloseOnExecRange(long first, long last) {
        for (long fd = Math.max(0, first); fd <= last && fd < objects.length; fd++) {
            setCloseOnExec((int) fd, true);
        }
    }

    /** exec: gives what it closed, null when that is nothing. */
    TrackedObject[] removeCloseOnExec() {
        List<TrackedObject> closed = new ArrayList<>();
        for (int fd = 0; fd < objects.length; fd++) {
            if (objects[fd] != null && (flags[fd] & CLOSE_ON_EXEC) != 0) {
                closed.add(objects[fd]);
                remove(fd);
            }
        }
        return closed.isEmpty() ? null : closed.toArray(TrackedObject[]::new);
    }

    /** One past the largest number that may be in use. */
    int limit() {
        return objects.length;
    }

    /** The lowest number from {@code from} on that is free: what the kernel gives out next, if this table is complete. */
    int lowestFree(int from) {
        int fd = from;
        while (get(fd) != null) {
            fd++;
        }
        return fd;
    }

    /** Every number of {@code placeholder} refers to {@code known}, of which it turned out to be a second name. */
    void replace(TrackedObject placeholder, TrackedObject known) {
        for (int fd = 0; fd < objects.length; fd++) {
            if (objects[fd] == placeholder) {
                objects[fd] = known;
                hold(known, this, flags[fd]);
            }
        }
    }

    /** The lists of peers that name an owner of this table are made anew. */
    void forgetPeers() {
        for (TrackedObject object : objects) {
            if (object != null) {
                object.forgetPeers();
            }
        }
    }

    private static void hold(TrackedObject object, FdTable table, int flags) {
        object.hold(table, (flags & READ) != 0, (flags & WRITE) != 0);
    }
}
