package ktrace.decode.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import ktrace.decode.ArgumentNames;
import ktrace.decode.Call;
import ktrace.decode.CallerMemory;
import ktrace.decode.DecodeOptions;
import ktrace.decode.FakeCaller;
import ktrace.decode.calls.CallFormatter;
import org.junit.jupiter.api.Test;

/** Families of waiting and talking: sockets, poll, epoll, queues. The texts are those of strace 6.1. */
class SocketsTest {
    private final FakeCaller caller = new FakeCaller().options(32, 32).fd(3, "socket:[3]").fd(4, "pipe:[4]");

    private long inet(int port, int a, int b, int c, int d) {
        return caller.put(new byte[] {2, 0, (byte) (port >> 8), (byte) port, (byte) a, (byte) b, (byte) c, (byte) d, 0, 0, 0, 0, 0, 0,
            0, 0});
    }

    private long unix(String path, int length) {
        byte[] address = new byte[length];
        address[0] = 1;
        System.arraycopy(path.getBytes(), 0, address, 2, path.length());
        return caller.put(address);
    }

    private String inet6(int... groups) {
        ByteBuffer address = ByteBuffer.allocate(28).put(0, (byte) 10).putShort(2, (short) 80);
        for (int i = 0; i < 8; i++) {
            address.putShort(8 + 2 * i, (short) groups[i]);
        }
        return caller.call("bind", 0, 3, caller.put(address.array()), 28);
    }

    @Test
    void addressesAreShownByFamily() {
        assertEquals("connect(3<socket:[3]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"127.0.0.1\")}, 16) = 0",
                caller.call("connect", 0, 3, inet(80, 127, 0, 0, 1), 16));
        assertEquals("connect(3<socket:[3]>, {sa_family=AF_UNIX, sun_path=\"/tmp/s\"}, 110) = -1 ENOENT (No such file or directory)",
                caller.call("connect", -2, 3, unix("/tmp/s", 110), 110));
        assertEquals("bind(3<socket:[3]>, {sa_family=AF_UNIX, sun_path=@\"ab\"}, 5) = 0",
                caller.call("bind", 0, 3, unix("\0ab", 5), 5));
        assertEquals("bind(3<socket:[3]>, {sa_family=AF_UNIX}, 2) = 0", caller.call("bind", 0, 3, unix("", 2), 2));
        assertEquals("bind(3<socket:[3]>, {sa_family=AF_NETLINK, nl_pid=7, nl_groups=0x000001}, 12) = 0",
                caller.call("bind", 0, 3, caller.struct(16, 7, 1), 12));
        assertEquals("bind(3<socket:[3]>, {sa_family=AF_VSOCK, sa_data=\"\\1\\2\"}, 4) = 0",
                caller.call("bind", 0, 3, caller.put(new byte[] {40, 0, 1, 2}), 4));
    }

    @Test
    void ipv6AddressesAreAsShortAsTheyCanBe() {
        assertEquals("bind(3<socket:[3]>, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, \"::1\","
                + " &sin6_addr), sin6_scope_id=0}, 28) = 0", inet6(0, 0, 0, 0, 0, 0, 0, 1));
        assertEquals("\"fe80::fc:ff:fe00:1\"", quoted(inet6(0xfe80, 0, 0, 0, 0xfc, 0xff, 0xfe00, 1)));
        assertEquals("\"::\"", quoted(inet6(0, 0, 0, 0, 0, 0, 0, 0)));
        assertEquals("\"1::\"", quoted(inet6(1, 0, 0, 0, 0, 0, 0, 0)));
        assertEquals("\"1:0:2::3\"", quoted(inet6(1, 0, 2, 0, 0, 0, 0, 3)));
        assertEquals("\"::ffff:127.0.0.1\"", quoted(inet6(0, 0, 0, 0, 0, 0xffff, 0x7f00, 1)));
        assertEquals("\"1:2:3:4:5:6:7:8\"", quoted(inet6(1, 2, 3, 4, 5, 6, 7, 8)));
    }

    private static String quoted(String line) {
        int from = line.indexOf('"');
        return line.substring(from, line.indexOf('"', from + 1) + 1);
    }

    @Test
    void aSocketsProtocolDependsOnItsFamily() {
        assertEquals("socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK|SOCK_CLOEXEC, IPPROTO_TCP) = 3<socket:[3]>",
                caller.call("socket", 3, 2, 1 | 02000000 | 04000, 6).replace("SOCK_CLOEXEC|SOCK_NONBLOCK", "SOCK_NONBLOCK|SOCK_CLOEXEC"));
        assertEquals("socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 3<socket:[3]>", caller.call("socket", 3, 16, 3, 0));
        assertEquals("socketpair(AF_UNIX, SOCK_STREAM, 0, [3<socket:[3]>, 4<pipe:[4]>]) = 0",
                caller.call("socketpair", 0, 1, 1, 0, caller.struct(3, 4)));
    }

    @Test
    void lengthsThatACallChangesAreShownBeforeAndAfter() {
        long address = inet(80, 127, 0, 0, 1);
        long length = caller.struct(16);
        assertEquals("accept4(3<socket:[3]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"127.0.0.1\")}, [16],"
                + " SOCK_CLOEXEC) = 4<pipe:[4]>", caller.call("accept4", 4, 3, address, length, 02000000));
        assertEquals("accept4(3<socket:[3]>, 0x99, [16], 0) = -1 EAGAIN (Resource temporarily unavailable)",
                caller.call("accept4", -11, 3, 0x99, length, 0));
        assertEquals("accept4(3<socket:[3]>, NULL, NULL, 0) = 4<pipe:[4]>", caller.call("accept4", 4, 3, 0, 0, 0));
        byte[] changing = FakeCaller.bytes(128);
        Call call = new Call().enter(ktrace.linux.Abi.X86_64, 51, 3, address, 1, 0, 0, 0);
        CallerMemory memory = (at, into, size) -> {
            if (at != 1) {
                return caller.read(at, into, size);
            }
            System.arraycopy(changing, 0, into, 0, size);
            return size;
        };
        StringBuilder out = new StringBuilder();
        CallFormatter formatter = new CallFormatter(DecodeOptions.DEFAULT, ArgumentNames.UNKNOWN);
        formatter.enter(call, memory, caller, out);
        changing[0] = 16;
        formatter.exit(call.exit(0), memory, caller, out);
        assertEquals("getsockname(3<socket:[3]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"127.0.0.1\")},"
                + " [128 => 16]) = 0", out.toString());
    }

    @Test
    void optionsAreNamedByLevel() {
        assertEquals("setsockopt(3<socket:[3]>, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0",
                caller.call("setsockopt", 0, 3, 1, 2, caller.struct(1), 4));
        assertEquals("setsockopt(3<socket:[3]>, SOL_TCP, TCP_NODELAY, [1], 4) = 0",
                caller.call("setsockopt", 0, 3, 6, 1, caller.struct(1), 4));
        assertEquals("setsockopt(3<socket:[3]>, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=2}, 8) = 0",
                caller.call("setsockopt", 0, 3, 1, 13, caller.struct(1, 2), 8));
        assertEquals("getsockopt(3<socket:[3]>, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]) = 0",
                caller.call("getsockopt", 0, 3, 1, 4, caller.struct(111), caller.struct(4)));
        assertEquals("getsockopt(3<socket:[3]>, SOL_SOCKET, SO_PEERCRED, {pid=5, uid=0, gid=-1}, [12]) = 0",
                caller.call("getsockopt", 0, 3, 1, 17, caller.struct(5, 0, -1), caller.struct(12)));
    }

    @Test
    void aMessageHasNameDataAndControl() {
        long vectors = caller.struct(caller.put("abc".getBytes()), 3L);
        long control = caller.struct(24L, 1, 1, 3, 4);
        long header = caller.struct(0L, 0L, vectors, 1L, control, 24L, 0L);
        assertEquals("sendmsg(3<socket:[3]>, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"abc\", iov_len=3}], msg_iovlen=1,"
                + " msg_control=[{cmsg_len=24, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[3<socket:[3]>, 4<pipe:[4]>]}],"
                + " msg_controllen=24, msg_flags=0}, MSG_NOSIGNAL) = 3", caller.call("sendmsg", 3, 3, header, 0x4000));
        assertEquals("recvmsg(3<socket:[3]>, {msg_namelen=0}, 0) = -1 EAGAIN (Resource temporarily unavailable)",
                caller.call("recvmsg", -11, 3, header, 0));
        long plain = caller.struct(0L, 0L, vectors, 1L, 0L, 0L, 0L);
        assertEquals("recvmsg(3<socket:[3]>, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"ab\", iov_len=3}], msg_iovlen=1,"
                + " msg_controllen=0, msg_flags=0}, 0) = 2", caller.call("recvmsg", 2, 3, plain, 0));
    }

    @Test
    void controlDataThatLiesAboutItsLengthEndsThere() {
        long control = caller.struct(-1L, 1, 1, 3, 4);
        long header = caller.struct(0L, 0L, 0L, 0L, control, 24L, 0L);
        assertEquals("sendmsg(3<socket:[3]>, {msg_name=NULL, msg_namelen=0, msg_iov=[], msg_iovlen=0, msg_control=[{cmsg_len="
                + "18446744073709551615, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS}], msg_controllen=24, msg_flags=0}, 0) = 0",
                caller.call("sendmsg", 0, 3, header, 0));
        long none = caller.struct(0L, 1, 1, 3, 4);
        long endless = caller.struct(0L, 0L, 0L, 0L, none, 24L, 0L);
        assertEquals("{cmsg_len=0, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS}",
                caller.call("sendmsg", 0, 3, endless, 0).replaceAll(".*msg_control=\\[(.*?)\\].*", "$1"));
    }

    @Test
    void dataThatIsSentAndReceived() {
        long data = caller.put("hello".getBytes());
        assertEquals("sendto(3<socket:[3]>, \"hello\", 5, 0, {sa_family=AF_UNIX, sun_path=@\"ab\"}, 5) = 5",
                caller.call("sendto", 5, 3, data, 5, 0, unix("\0ab", 5), 5));
        assertEquals("recvfrom(3<socket:[3]>, \"hel\", 5, MSG_DONTWAIT, NULL, NULL) = 3",
                caller.call("recvfrom", 3, 3, data, 5, 0x40, 0, 0));
    }

    @Test
    void whatPollWasAskedAndWhatItSaw() {
        long set = caller.struct(3, (short) 1, (short) 1, -1, (short) 0, (short) 0, 4, (short) 4, (short) 0);
        assertEquals("poll([{fd=3<socket:[3]>, events=POLLIN}, {fd=-1}, {fd=4<pipe:[4]>, events=POLLOUT}], 3, 10) = 1 ([{fd=3,"
                + " revents=POLLIN}])", caller.call("poll", 1, set, 3, 10));
        assertEquals("poll([{fd=3<socket:[3]>, events=POLLIN}], 1, -1) = 0 (Timeout)", caller.call("poll", 0, set, 1, -1));
        assertEquals("ppoll([{fd=3<socket:[3]>, events=POLLIN}], 1, {tv_sec=1, tv_nsec=0}, NULL, 8) = 1 ([{fd=3, revents=POLLIN}],"
                + " left {tv_sec=1, tv_nsec=0})", caller.call("ppoll", 1, set, 1, caller.struct(1L, 0L), 0, 8));
    }

    @Test
    void whatSelectWasAskedAndWhatItSaw() {
        long three = caller.struct(1L << 3);
        assertEquals("pselect6(4, [3<socket:[3]>], NULL, NULL, {tv_sec=0, tv_nsec=5}, NULL) = 1 (in [3], left {tv_sec=0, tv_nsec=5})",
                caller.call("pselect6", 1, 4, three, 0, 0, caller.struct(0L, 5L), 0));
        assertEquals("select(4, [3<socket:[3]>], NULL, NULL, NULL) = 0 (Timeout)", caller.call("select", 0, 4, three, 0, 0, 0));
    }

    @Test
    void epollEvents() {
        byte[] event = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putInt(0x80000001).putLong(0x1234567890L).array();
        assertEquals("epoll_ctl(3<socket:[3]>, EPOLL_CTL_ADD, 4<pipe:[4]>, {events=EPOLLIN|EPOLLET, data={u32=878082192,"
                + " u64=78187493520}}) = 0", caller.call("epoll_ctl", 0, 3, 1, 4, caller.put(event)));
        assertEquals("epoll_ctl(3<socket:[3]>, EPOLL_CTL_DEL, 4<pipe:[4]>, 0x1) = 0", caller.call("epoll_ctl", 0, 3, 2, 4, 1));
        assertEquals("epoll_wait(3<socket:[3]>, [{events=EPOLLIN|EPOLLET, data={u32=878082192, u64=78187493520}}], 8, -1) = 1",
                caller.call("epoll_wait", 1, 3, caller.put(event), 8, -1));
        assertEquals("epoll_wait(3<socket:[3]>, [], 8, 1) = 0", caller.call("epoll_wait", 0, 3, 0x10, 8, 1));
    }

    @Test
    void queuesSemaphoresAndSharedMemory() {
        assertEquals("semget(IPC_PRIVATE, 2, IPC_CREAT|0600) = 7", caller.call("semget", 7, 0, 2, 01600));
        assertEquals("semop(7, [{sem_num=0, sem_op=-1, sem_flg=SEM_UNDO}], 1) = 0",
                caller.call("semop", 0, 7, caller.struct((short) 0, (short) -1, (short) 0x1000), 1));
        assertEquals("msgsnd(7, {mtype=1, mtext=\"hello\"}, 5, IPC_NOWAIT) = 0", caller.call("msgsnd", 0, 7,
                caller.put("\1\0\0\0\0\0\0\0hello".getBytes()), 5, 04000));
        assertEquals("shmctl(7, IPC_RMID, NULL) = 0", caller.call("shmctl", 0, 7, 0, 0));
        assertEquals("shmat(7, NULL, SHM_RDONLY) = 0x5000", caller.call("shmat", 0x5000, 7, 0, 010000));
        assertEquals("mq_open(\"q\", O_RDWR|O_CREAT, 0600, NULL) = 3<socket:[3]>",
                caller.call("mq_open", 3, caller.text("q"), 0102, 0600, 0));
        assertEquals("mq_open(\"q\", O_RDONLY) = 3<socket:[3]>", caller.call("mq_open", 3, caller.text("q"), 0, 5, 6));
    }

    @Test
    void registersAloneShowPointersAsNumbers() {
        StringBuilder out = new StringBuilder();
        Call call = new Call().enter(ktrace.linux.Abi.X86_64, 42, 3, 0x7ffd1000, 16, 0, 0, 0);
        CallFormatter formatter = new CallFormatter(DecodeOptions.DEFAULT, ArgumentNames.UNKNOWN);
        formatter.enter(call, CallerMemory.UNREADABLE, caller, out);
        formatter.exit(call.exit(0), CallerMemory.UNREADABLE, caller, out);
        assertEquals("connect(3<socket:[3]>, 0x7ffd1000, 16) = 0", out.toString());
    }
}
