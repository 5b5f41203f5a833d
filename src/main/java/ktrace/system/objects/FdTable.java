package ktrace.system.objects;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * The descriptors of one thread group, or of several that share them by CLONE_FILES: number to object, access and close-on-exec.
 *
 * <p>Written by the tracker's thread, from system calls seen and from lookups. {@link #get} is an array load and allocates
 * nothing; the arrays grow with the largest number seen.
 */
public final class FdTable {
    /** Access, as FMODE_READ and FMODE_WRITE of include/linux/fs.h. */
    public static final int READ = 1;
    public static final int WRITE = 2;
    public static final int CLOSE_ON_EXEC = 4;
    public static final int READ_WRITE = READ | WRITE;
    private static final int O_CLOEXEC = 0x80000;
    /** Events were lost since: the number may have been used again. */
    public static final int SUSPECT = 8;
    /** It was counted as unknown. */
    private static final int UNKNOWN = 16;
    /** It was asked what it is, and no answer has come. */
    private static final int ASKED = 32;
    /** Numbers above this are not kept: fs.nr_open allows no more unless somebody raised it. */
    public static final int LIMIT = 1 << 20;

    private static final int INITIAL = 16;
    private static final TrackedObject[] NO_OBJECTS = {};
    private static final byte[] NO_FLAGS = {};

    private final ObjectTable table;
    private final List<Owner> owners = new ArrayList<>(1);
    private TrackedObject[] objects = NO_OBJECTS;
    private byte[] flags = NO_FLAGS;
    /** One past the largest number in use. */
    private int limit;
    /** Numbers that an epoll set is known to watch, but not what they are: which sets. Null when there is none. */
    private Int2ObjectHashMap<List<TrackedObject>> awaiting;
    /** When /proc last told of one of them, unasked. */
    public long announcedNs = Long.MAX_VALUE;
    /** The whole table was asked for, and no answer has come. */
    public boolean allAsked;
    /** Whether every open number is here, so that the number the kernel gives out next is known. */
    public boolean complete;

    /** The pipes that were written and read last through it; null while there was none. */
    Dialogue.Latest written;
    Dialogue.Latest taken;

    /** @param table is told of an object that nobody known holds any more */
    public FdTable(Owner owner, ObjectTable table) {
        this.table = table;
        owners.add(owner);
    }

    /** The access mode of open(2)'s flags, of which the special mode 3 counts as both, and O_CLOEXEC. */
    public static int flagsOfOpen(int openFlags) {
        int access = switch (openFlags & 3) {
            case 0 -> READ;
            case 1 -> WRITE;
            default -> READ_WRITE;
        };
        return access | closeOnExec(openFlags);
    }

    /** EFD_, EPOLL_, SOCK_, TFD_, SFD_ and IN_CLOEXEC all are O_CLOEXEC. */
    public static int closeOnExec(long flags) {
        return (flags & O_CLOEXEC) != 0 ? CLOSE_ON_EXEC : 0;
    }

    /** What fork(2) makes: the same objects under the same numbers, from then on apart. */
    public FdTable copyFor(Owner child) {
        FdTable copy = new FdTable(child, table);
        copy.objects = Arrays.copyOf(objects, limit);
        copy.flags = Arrays.copyOf(flags, limit);
        copy.limit = limit;
        copy.complete = complete;
        for (int fd = 0; fd < limit; fd++) {
            if (objects[fd] != null) {
                copy.flags[fd] &= ~ASKED;
                copy.hold(fd, objects[fd], flags[fd]);
            }
        }
        return copy;
    }

    public List<Owner> owners() {
        return owners;
    }

    /** CLONE_FILES: one more process uses this very table. */
    public void share(Owner process) {
        owners.add(process);
        forgetPeers();
    }

    /** The process is gone or has a table of its own now; with the last one the descriptors are closed. */
    public void leave(Owner process) {
        owners.remove(process);
        if (owners.isEmpty()) {
            for (int fd = 0; fd < limit; fd++) {
                if (objects[fd] != null) {
                    release(objects[fd], flags[fd]);
                }
            }
            objects = NO_OBJECTS;
            flags = NO_FLAGS;
            limit = 0;
            forgetAwaiting();
        } else {
            forgetPeers();
        }
    }

    /** The object behind {@code fd}; null when the number is not open or not known. */
    public TrackedObject get(int fd) {
        return fd >= 0 && fd < limit ? objects[fd] : null;
    }

    /** {@link #READ} and its like. */
    public int flags(int fd) {
        return fd >= 0 && fd < limit ? flags[fd] : 0;
    }

    /** {@code fd} refers to {@code object} from now on, whatever it was before. */
    public void put(int fd, TrackedObject object, int newFlags) {
        takeAwaiting(fd);
        enter(fd, object, newFlags);
    }

    /** Nothing is known of {@code fd} yet, or by the kernel's answer: it is what it was before. */
    public void putStandIn(int fd, TrackedObject standIn) {
        enter(fd, standIn, READ | WRITE);
    }

    private void enter(int fd, TrackedObject object, int newFlags) {
        if (fd < 0 || fd >= LIMIT) {
            return;
        }
        if (fd >= objects.length) {
            int size = Math.max(Math.max(INITIAL, fd + 1), objects.length * 2);
            objects = Arrays.copyOf(objects, size);
            flags = Arrays.copyOf(flags, size);
        }
        TrackedObject before = get(fd);
        int flagsBefore = flags(fd);
        objects[fd] = object;
        flags[fd] = (byte) newFlags;
        limit = Math.max(limit, fd + 1);
        // First the new, so that an object put over itself is never without a holder.
        hold(fd, object, newFlags);
        if (before != null) {
            release(before, flagsBefore);
        }
    }

    /** FD_CLOEXEC of one number. */
    public void setCloseOnExec(int fd, boolean close) {
        if (get(fd) != null) {
            flags[fd] = (byte) (close ? flags[fd] | CLOSE_ON_EXEC : flags[fd] & ~CLOSE_ON_EXEC);
        }
    }

    /** System calls were lost: each number is looked up again at its next use. */
    public void suspectAll() {
        complete = false;
        for (int fd = 0; fd < limit; fd++) {
            if (objects[fd] != null) {
                flags[fd] |= SUSPECT;
            }
        }
    }

    /** The same of one number. */
    public void suspect(int fd) {
        if (get(fd) != null) {
            flags[fd] |= SUSPECT;
        }
    }

    public boolean firstTimeUnknown(int fd) {
        boolean first = (flags[fd] & UNKNOWN) == 0;
        flags[fd] |= UNKNOWN;
        return first;
    }

    public boolean isAsked(int fd) {
        return get(fd) != null && (flags[fd] & ASKED) != 0;
    }

    /** It was asked what {@code fd}, which has an object, is. */
    public void asked(int fd) {
        flags[fd] |= ASKED;
    }

    /** The answer has come. */
    public void answered(int fd) {
        if (get(fd) != null) {
            flags[fd] &= ~(ASKED | SUSPECT);
        }
    }

    /** The number is free. */
    public void remove(int fd) {
        takeAwaiting(fd);
        TrackedObject object = get(fd);
        if (object == null) {
            return;
        }
        int flagsBefore = flags[fd];
        objects[fd] = null;
        flags[fd] = 0;
        while (limit > 0 && objects[limit - 1] == null) {
            limit--;
        }
        release(object, flagsBefore);
    }

    /** close_range(2), both ends included. */
    public void removeRange(long first, long last) {
        for (long fd = Math.max(0, first); fd <= last && fd < limit; fd++) {
            remove((int) fd);
        }
    }

    /** CLOSE_RANGE_CLOEXEC, both ends included. */
    public void setCloseOnExecRange(long first, long last) {
        for (long fd = Math.max(0, first); fd <= last && fd < limit; fd++) {
            setCloseOnExec((int) fd, true);
        }
    }

    /** exec: gives what it closed, null when that is nothing. */
    public TrackedObject[] removeCloseOnExec() {
        List<TrackedObject> closed = new ArrayList<>();
        for (int fd = 0; fd < limit; fd++) {
            if (objects[fd] != null && (flags[fd] & CLOSE_ON_EXEC) != 0) {
                closed.add(objects[fd]);
                remove(fd);
            }
        }
        return closed.isEmpty() ? null : closed.toArray(TrackedObject[]::new);
    }

    /** One past the largest number that may be in use. */
    public int limit() {
        return limit;
    }

    /** The lowest number from {@code from} on that is free: what the kernel gives out next, if this table is complete. */
    public int lowestFree(int from) {
        int fd = from;
        while (get(fd) != null) {
            fd++;
        }
        return fd;
    }

    /** Every number of {@code placeholder}, which is held as {@code holding} says, refers to {@code found}: they are one. */
    void replace(Holding holding, TrackedObject placeholder, TrackedObject found) {
        if (holding.references == 1 && get(holding.lastFd) == placeholder) {
            replaceAt(holding.lastFd, found);
            return;
        }
        for (int fd = 0; fd < limit; fd++) {
            if (objects[fd] == placeholder) {
                replaceAt(fd, found);
            }
        }
    }

    private void replaceAt(int fd, TrackedObject found) {
        objects[fd] = found;
        hold(fd, found, flags[fd]);
    }

    /** The lists of peers that name an owner of this table are made anew. */
    public void forgetPeers() {
        for (int fd = 0; fd < limit; fd++) {
            if (objects[fd] != null) {
                objects[fd].forgetPeers();
            }
        }
    }

    // -- epoll sets told of before their members ---------------------------------------------------------------------------------

    /** {@code set} watches {@code fd}, of which nothing is known yet. Until it is told, or the number or the set is closed. */
    public void await(int fd, TrackedObject set) {
        if (awaiting == null) {
            awaiting = new Int2ObjectHashMap<>();
        }
        List<TrackedObject> sets = awaiting.computeIfAbsent(fd, f -> new ArrayList<>(1));
        if (!sets.contains(set)) {
            sets.add(set);
            set.epoll.set().awaits(this, fd);
        }
    }

    /** The sets that watch {@code fd}, if it was not known until now what that is. They are to be told now, or will never be. */
    public List<TrackedObject> takeAwaiting(int fd) {
        List<TrackedObject> sets = awaiting == null ? null : awaiting.remove(fd);
        if (sets == null) {
            return List.of();
        }
        sets.forEach(set -> set.epoll.set().awaitsNoMore(this, fd));
        return sets;
    }

    /** {@code set} is gone. */
    void forgetAwaiting(int fd, TrackedObject set) {
        List<TrackedObject> sets = awaiting == null ? null : awaiting.get(fd);
        if (sets != null && sets.remove(set) && sets.isEmpty()) {
            awaiting.remove(fd);
        }
    }

    private void forgetAwaiting() {
        if (awaiting != null) {
            awaiting.forEach((fd, sets) -> sets.forEach(set -> set.epoll.set().awaitsNoMore(this, fd)));
            awaiting = null;
        }
    }

    private void hold(int fd, TrackedObject object, int flags) {
        object.hold(this, fd, (flags & READ) != 0, (flags & WRITE) != 0);
    }

    private void release(TrackedObject object, int flags) {
        if (object.release(this, (flags & READ) != 0, (flags & WRITE) != 0)) {
            table.doubt(object);
        }
    }
}
