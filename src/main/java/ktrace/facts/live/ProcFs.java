package ktrace.facts.live;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ktrace.event.MappingSnapshot;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadSnapshot;
import ktrace.facts.ObjectSource;
import ktrace.facts.Question;
import ktrace.linux.Abi;
import ktrace.linux.NativeNumbers;
import ktrace.linux.ProgramAbi;
import ktrace.linux.files.FileReads;
import ktrace.linux.tracing.ProcessMemory;
import ktrace.text.RawText;

/**
 * Reads /proc (proc(5)). What has ended in between is null, never an exception; a file is read whole, at one moment. Belongs to one
 * thread.
 */
final class ProcFs {
    private static final int PATH_MAX = 4096;
    /** A longer command line is cut: nobody reads it, and programs have been started with megabytes of it. */
    private static final int CMDLINE_BYTES = 4096;
    private static final String CUT = " …";
    /**
     * Where the kernel's freezers hold threads (kernel/freezer.c, kernel/signal.c). The first is that of version 1; that of version 2
     * the compiler makes a part of get_signal, which sleeps for nothing else.
     */
    private static final Set<String> FREEZERS = Set.of("__refrigerator", "do_freezer_trap", "get_signal");
    /** Of more blocks than that at a time it is not looked what they are. */
    private static final int AIO_LIMIT = 16;
    private static final int AIO_BLOCK_BYTES = 64;
    /** IOCB_CMD_PWRITEV. */
    private static final int AIO_LAST_OPERATION = 8;

    private final String root;
    /**
     * Of a process whose first thread has ended while others go on: one of these. The first has given back its files and its memory, and
     * /proc/PID has no others to tell of.
     */
    private final Map<Integer, Integer> heirs = new HashMap<>();
    private final FileReads files = new FileReads();
    private final ProcessMemory memory = new ProcessMemory();
    private final PolledSets polledSets = new PolledSets(memory);
    private final byte[] buffer = new byte[PATH_MAX];
    /** Made with the first thread that calls by those of i386. */
    private NativeNumbers numbers;

    /** @param root {@code /proc}, or a directory laid out like it */
    ProcFs(String root) {
        this.root = root;
    }

    /** Where it is told of the files and the memory of a process. */
    private String of(int tgid) {
        Integer heir = heirs.get(tgid);
        return heir == null ? root + '/' + tgid : root + '/' + tgid + "/task/" + heir;
    }

    /** Nothing was found there: whether it is to be looked for at another place, which {@link #of} gives from now on. */
    private boolean isElsewhere(int tgid) {
        Integer before = heirs.remove(tgid);
        ProcStat first = stat(tgid);
        if (first != null && first.isOver() && first.threads() > 1) {
            List<Integer> tids = threads(tgid);
            for (int tid : tids == null ? List.<Integer>of() : tids) {
                ProcStat stat = tid == tgid ? null : threadStat(tgid, tid);
                if (stat != null && !stat.isOver()) {
                    heirs.put(tgid, tid);
                    return before == null || before != tid;
                }
            }
        }
        return before != null;
    }

    private byte[] read(int tgid, String name) {
        byte[] bytes = files.read(of(tgid) + name);
        return (bytes == null || bytes.length == 0) && isElsewhere(tgid) ? files.read(of(tgid) + name) : bytes;
    }

    /** Gives how many bytes, which may be fewer. */
    private int readMemory(int tgid, long address, int size) {
        int read = memory.readDirectly(heirs.getOrDefault(tgid, tgid), address, buffer, size);
        return read <= 0 && isElsewhere(tgid) ? memory.readDirectly(heirs.getOrDefault(tgid, tgid), address, buffer, size) : read;
    }

    /** All thread groups; null when /proc itself cannot be read. */
    List<Integer> processes() {
        return files.numbersIn(root);
    }

    List<Integer> threads(int tgid) {
        return files.numbersIn(root + '/' + tgid + "/task");
    }

    /** Null also when ktrace may not look (ptrace(2), "ptrace access mode"). */
    List<Integer> fds(int tgid) {
        List<Integer> fds = files.numbersIn(of(tgid) + "/fd");
        return (fds == null || fds.isEmpty()) && isElsewhere(tgid) ? files.numbersIn(of(tgid) + "/fd") : fds;
    }

    /** /proc/PID/stat; {@code tgid} may be any thread's number. */
    ProcStat stat(int tgid) {
        return ProcStat.parse(files.read(root + '/' + tgid + "/stat"));
    }

    ProcStat threadStat(int tgid, int tid) {
        return ProcStat.parse(files.read(root + '/' + tgid + "/task/" + tid + "/stat"));
    }

    /** The thread group of a thread, -1 when it is gone. */
    int tgidOf(int tid) {
        byte[] status = files.read(root + '/' + tid + "/status");
        return status == null ? -1 : (int) ProcText.field(status, "Tgid:", -1);
    }

    /** The process that thread {@code tid} belongs to. */
    ProcessSnapshot process(int tid) {
        int tgid = tgidOf(tid);
        ProcStat stat = tgid < 0 ? null : stat(tgid);
        return stat == null ? null : process(tgid, stat);
    }

    ProcessSnapshot process(int tgid, ProcStat stat) {
        int[] numbers = ProcText.numbers(files.read(root + '/' + tgid + "/status"), "NSpid:");
        int inside = tgid;
        if (numbers.length > 1) {
            // The parent of the first in a namespace is in the one above.
            inside = numbers[numbers.length - 1] == 1 ? numbers[numbers.length - 2] : numbers[numbers.length - 1];
        }
        return new ProcessSnapshot(tgid, stat.ppid(), stat.comm(), cmdline(tgid), inside, numbers.length > 1);
    }

    /**
     * The arguments joined by blanks, with an ellipsis where they were cut; empty for a kernel thread and a zombie. The kernel reads
     * them from anonymous memory alone (FOLL_ANON in fs/proc/base.c), so it waits for no server's page.
     */
    String cmdline(int tgid) {
        byte[] bytes = files.readUpTo(of(tgid) + "/cmdline", CMDLINE_BYTES);
        if (bytes != null && bytes.length == 0 && isElsewhere(tgid)) {
            bytes = files.readUpTo(of(tgid) + "/cmdline", CMDLINE_BYTES);
        }
        return bytes == null ? "" : joined(bytes);
    }

    private static String joined(byte[] bytes) {
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] == 0) {
            length--;
        }
        for (int i = 0; i < length; i++) {
            bytes[i] = bytes[i] == 0 ? (byte) ' ' : bytes[i];
        }
        if (bytes.length < CMDLINE_BYTES) {
            return RawText.of(bytes, 0, length);
        }
        return RawText.of(bytes, 0, CMDLINE_BYTES - RawText.bytes(CUT).length) + CUT;
    }

    /** Up to the first zero. */
    private static int lengthOf(byte[] bytes, int limit) {
        int length = 0;
        while (length < limit && bytes[length] != 0) {
            length++;
        }
        return length;
    }

    /** State, name, and the call in flight of one thread, from files read one after the other. */
    ThreadSnapshot thread(int tgid, int tid) {
        ProcStat stat = threadStat(tgid, tid);
        return stat == null ? null : thread(tgid, tid, stat, isAsleep(stat) ? sleepsIn(tgid, tid) : "");
    }

    /** Null when it does not sleep, is gone, or has run meanwhile. */
    ObjectSource.Sleeper sleeper(int tgid, int tid) {
        byte[] before = files.read(root + '/' + tgid + "/task/" + tid + "/schedstat");
        ProcStat stat = threadStat(tgid, tid);
        if (before == null || stat == null || !isAsleep(stat)) {
            return null;
        }
        String function = sleepsIn(tgid, tid);
        ThreadSnapshot thread = thread(tgid, tid, stat, function);
        byte[] after = files.read(root + '/' + tgid + "/task/" + tid + "/schedstat");
        return Arrays.equals(before, after) ? new ObjectSource.Sleeper(thread, function) : null;
    }

    /** See {@link ObjectSource#polled}. */
    ObjectSource.Polled polled(Question.OfPolled asked) {
        byte[] before = files.read(root + '/' + asked.tgid() + "/task/" + asked.tid() + "/schedstat");
        ProcStat stat = threadStat(asked.tgid(), asked.tid());
        if (before == null || stat == null || !isAsleep(stat)) {
            return null;
        }
        ThreadSnapshot thread = thread(asked.tgid(), asked.tid(), stat, "");
        long[] args = thread.args();
        if (thread.syscall() != asked.call() || args.length < 4 || args[0] != asked.arg0() || args[1] != asked.arg1()
                || args[2] != asked.arg2() || args[3] != asked.arg3()) {
            return null;
        }
        ObjectSource.Polled polled = polledSets.read(asked);
        byte[] after = files.read(root + '/' + asked.tgid() + "/task/" + asked.tid() + "/schedstat");
        return Arrays.equals(before, after) ? polled : null;
    }

    private static boolean isAsleep(ProcStat stat) {
        return stat.state() == 'S' || stat.state() == 'D';
    }

    /** The function of the kernel that a thread sleeps in; empty where that is not told. */
    private String sleepsIn(int tgid, int tid) {
        byte[] name = files.read(root + '/' + tgid + "/task/" + tid + "/wchan");
        return name == null || name.length == 1 && name[0] == '0' ? "" : new String(name, StandardCharsets.US_ASCII);
    }

    private ThreadSnapshot thread(int tgid, int tid, ProcStat stat, String sleepsIn) {
        if (stat.kernelThread()) {
            // Its registers are zero, which would pass for read(2), the call with number 0.
            return ProcText.ofKernelThread(tid, tgid, stat);
        }
        byte[] call = files.read(root + '/' + tgid + "/task/" + tid + "/syscall");
        ProcStat state = FREEZERS.contains(sleepsIn) ? stat.in(ThreadSnapshot.FROZEN) : stat;
        ThreadSnapshot snapshot = ProcText.syscall(call, tid, tgid, state);
        return RestartedCall.of(snapshot.syscall() >= 0 && ProcText.hasLowStack(call)
                && ProgramAbi.isI386(read(tgid, "/auxv")) ? ofI386(snapshot) : snapshot, sleepsIn);
    }

    private ThreadSnapshot ofI386(ThreadSnapshot snapshot) {
        if (numbers == null) {
            numbers = new NativeNumbers();
        }
        return new ThreadSnapshot(snapshot.tid(), snapshot.tgid(), snapshot.comm(), snapshot.state(),
                numbers.of(Abi.I386, snapshot.syscall()), snapshot.args());
    }

    /** Where descriptor {@code fd} leads, as bytes of UTF-8 or of whatever the file system has; null when it is not open. */
    String link(int tgid, int fd) {
        String link = text(files.readLink(fdPath(tgid, fd)));
        return link == null && isElsewhere(tgid) ? text(files.readLink(fdPath(tgid, fd))) : link;
    }

    /** The kernel's name of the protocol of a socket: {@code UNIX-STREAM}, {@code TCPv6} (net/socket.c); null when it says none. */
    String protocol(int tgid, int fd) {
        byte[] name = files.attribute(fdPath(tgid, fd), "system.sockprotoname");
        return name == null ? null : new String(name, 0, lengthOf(name, name.length), StandardCharsets.US_ASCII);
    }

    FdInfo fdInfo(int tgid, int fd) {
        return FdInfo.parse(fdInfoText(tgid, fd));
    }

    byte[] fdInfoText(int tgid, int fd) {
        return files.read(of(tgid) + "/fdinfo/" + fd);
    }

    /** {@code /proc/locks}; null when it is not there. */
    byte[] locks() {
        return files.read(root + "/locks");
    }

    /** Whether the numbers in its calls and its memory are not those of this machine. */
    boolean isInPidNamespace(int tgid) {
        return ProcText.numbers(files.read(root + '/' + tgid + "/status"), "NSpid:").length > 1;
    }

    /** The number that a thread has in the innermost of its namespaces; 0 when it is gone. */
    int innermostNumber(int tgid, int tid) {
        int[] numbers = ProcText.numbers(threadStatus(tgid, tid), "NSpid:");
        return numbers.length == 0 ? 0 : numbers[numbers.length - 1];
    }

    /** So many words of a process's memory, or fewer where the rest cannot be read. */
    int[] words(int tgid, long address, int count) {
        int read = readMemory(tgid, address, count * Integer.BYTES);
        int[] words = new int[Math.max(0, read) / Integer.BYTES];
        ByteBuffer.wrap(buffer).order(ByteOrder.nativeOrder()).asIntBuffer().get(words);
        return words;
    }

    /** Asks for the inode behind a descriptor. Never opens it: that would make ktrace a reader or writer of a pipe. */
    FileReads.FileStat statFd(int tgid, int fd) {
        return files.stat(fdPath(tgid, fd));
    }

    MappingSnapshot mapping(int tgid, long address) {
        return MapsParser.find(read(tgid, "/maps"), address);
    }

    /** Whether a process maps this file. */
    boolean maps(int tgid, int device, long inode) {
        return MapsParser.has(read(tgid, "/maps"), device, inode);
    }

    /** The C string at an address of a process's memory, at most a path's length of it; null when it cannot be read. */
    String string(int tgid, long address) {
        int read = readMemory(tgid, address, PATH_MAX);
        return read <= 0 ? null : RawText.of(buffer, 0, lengthOf(buffer, read));
    }

    /** See {@link ObjectSource#submitted}. The blocks have the layout of linux/aio_abi.h. */
    List<ObjectSource.AioBlock> submitted(int tgid, long listAddress, int count) {
        int size = Math.min(count, AIO_LIMIT) * Long.BYTES;
        if (count <= 0 || count > AIO_LIMIT || readMemory(tgid, listAddress, size) < size) {
            return List.of();
        }
        long[] addresses = new long[count];
        ByteBuffer.wrap(buffer, 0, size).order(ByteOrder.nativeOrder()).asLongBuffer().get(addresses);
        List<ObjectSource.AioBlock> blocks = new ArrayList<>(count);
        for (long address : addresses) {
            if (readMemory(tgid, address, AIO_BLOCK_BYTES) < AIO_BLOCK_BYTES) {
                return List.of();
            }
            ByteBuffer block = ByteBuffer.wrap(buffer, 0, AIO_BLOCK_BYTES).order(ByteOrder.nativeOrder());
            int operation = block.getShort(16);
            int fd = block.getInt(20);
            // The kernel lets no others in: else this is not what was submitted any more.
            if (operation < 0 || operation > AIO_LAST_OPERATION || fd < 0 || block.getLong(48) != 0) {
                return List.of();
            }
            blocks.add(new ObjectSource.AioBlock(operation, fd));
        }
        return blocks;
    }

    /** The current directory of a process. */
    String cwd(int tgid) {
        return text(files.readLink(of(tgid) + "/cwd"));
    }

    /** What a path that a process is just opening leads to, seen from its own root directory. */
    FileReads.FileStat statOpening(int tgid, String path) {
        return files.statCached(of(tgid) + "/root", path);
    }

    /** {@code net:[4026531840]}; null when it may not be read. */
    String networkNamespace(int tgid) {
        return text(files.readLink(networkNamespacePath(tgid)));
    }

    String networkNamespacePath(int tgid) {
        return of(tgid) + "/ns/net";
    }

    byte[] mountInfo(int tgid) {
        return read(tgid, "/mountinfo");
    }

    /** Null when the process is gone. */
    String cgroups(int tgid) {
        return text(files.read(root + '/' + tgid + "/cgroup"));
    }

    /** Null when the thread is gone. */
    byte[] threadStatus(int tgid, int tid) {
        return files.read(root + '/' + tgid + "/task/" + tid + "/status");
    }

    /** {@code /proc/stat}. */
    byte[] cpuTimes() {
        return files.read(root + "/stat");
    }

    String ownMounts() {
        return text(files.read(root + "/self/mountinfo"));
    }

    /** A file of another of the kernel's file systems, by its whole path; null when it is not there or may not be read. */
    byte[] elsewhere(String path) {
        return files.read(path);
    }

    /** {@code /proc/sysvipc/msg} or {@code sem}. */
    byte[] sysvIpc(String table) {
        return files.read(root + "/sysvipc/" + table);
    }

    /** A table of the network namespace that {@code tgid} lives in: {@code netlink}, for example. */
    byte[] net(int tgid, String table) {
        return files.read(of(tgid) + "/net/" + table);
    }

    private String fdPath(int tgid, int fd) {
        return of(tgid) + "/fd/" + fd;
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : RawText.of(bytes);
    }
}
