package ktrace.system.family;

import ktrace.system.FamilySet;
import ktrace.system.family.futexes.Futexes;
import ktrace.system.family.sockets.Sockets;
import ktrace.system.family.sockets.Tunnels;

/** The families that ktrace knows. To add one: its file, and its line here. */
public final class Families {
    public static final FamilySet ALL = FamilySet.of(
            new Descriptors(),
            new Pipes(),
            new Sockets(),
            new Tunnels(),
            new Terminals(),
            new EventFds(),
            new FileEvents(),
            new Polls(),
            new EpollSets(),
            new Futexes(),
            new IoUring(),
            new LinuxAio(),
            new Children(),
            new Signals(),
            new Stops(),
            new SystemVIpc(),
            new PosixQueues(),
            new FileLocks(),
            new Timers(),
            new Files(),
            new Served(),
            new Openings(),
            new Others());

    private Families() {
    }
}
