package ktrace.decode.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import ktrace.decode.FakeCaller;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;
import org.junit.jupiter.api.Test;

/** Calls that came with Linux 5.16 and later. The texts are those of strace 7.2. */
class RecentCallsTest {
    /** What no kernel of today has, or glibc never makes: shown with the names that the kernel gives their arguments, or as numbers. */
    private static final Set<String> WITHOUT_LINE = Set.of("_sysctl", "afs_syscall", "create_module", "epoll_ctl_old",
            "epoll_wait_old", "get_kernel_syms", "getpmsg", "lookup_dcookie", "nfsservctl", "putpmsg", "query_module", "security",
            "sysfs", "tuxcall", "vserver");

    private final FakeCaller caller = new FakeCaller().fd(3, "/etc/passwd");

    private static String hex(long address) {
        return "0x" + Long.toHexString(address);
    }

    @Test
    void everyCallThatAKernelHasIsDescribed() {
        SyscallTable table = SyscallTable.of(Abi.X86_64);
        List<String> without = new ArrayList<>();
        for (int number = 0; number < table.limit(); number++) {
            if (table.isKnown(number) && !WITHOUT_LINE.contains(table.name(number)) && CallTable.of(Abi.X86_64).line(number) == null) {
                without.add(table.name(number));
            }
        }
        assertEquals(List.of(), without);
        assertNotNull(table.name(471));
    }

    @Test
    void attributesByPath() {
        long path = caller.text("f");
        long name = caller.text("user.x");
        long value = caller.put("abc".getBytes(StandardCharsets.US_ASCII));
        long args = caller.struct(value, 3, 1);
        assertEquals("setxattrat(AT_FDCWD, \"f\", AT_SYMLINK_NOFOLLOW, \"user.x\", {value=\"abc\", size=3, flags=XATTR_CREATE}, 16) = 0",
                caller.call("setxattrat", 0, -100, path, 0x100, name, args, 16));
        long room = caller.struct(value, 100, 0);
        assertEquals("getxattrat(3</etc/passwd>, \"f\", AT_EMPTY_PATH, \"user.x\"", caller.entry("getxattrat", 3, path, 0x1000, name, room, 16));
        assertEquals("getxattrat(3</etc/passwd>, \"f\", 0, \"user.x\", {value=\"abc\", size=100, flags=0}, 16) = 3",
                caller.call("getxattrat", 3, 3, path, 0, name, room, 16));
        assertEquals("getxattrat(3</etc/passwd>, \"f\", 0, \"user.x\", {value=" + hex(value)
                + ", size=100, flags=0}, 16) = -1 ENODATA (No data available)", caller.call("getxattrat", -61, 3, path, 0, name, room, 16));
        assertEquals("getxattrat(3</etc/passwd>, \"f\", 0, \"user.x\", " + hex(room) + ", 8) = -1 EINVAL (Invalid argument)",
                caller.call("getxattrat", -22, 3, path, 0, name, room, 8));
        long list = caller.put("user.x\0".getBytes(StandardCharsets.US_ASCII));
        assertEquals("listxattrat(AT_FDCWD, \"f\", 0, \"user.x\\0\", 100) = 7", caller.call("listxattrat", 7, -100, path, 0, list, 100));
        assertEquals("removexattrat(AT_FDCWD, \"f\", 0, \"user.x\") = 0", caller.call("removexattrat", 0, -100, path, 0, name));
    }

    @Test
    void attributesOfFiles() {
        long path = caller.text("f");
        long attributes = caller.struct(0x8000_0018L, 4096, 2, 7, 0);
        assertEquals("file_getattr(AT_FDCWD, \"f\", {fa_xflags=FS_XFLAG_IMMUTABLE|FS_XFLAG_APPEND|FS_XFLAG_HASATTR, fa_extsize=4096,"
                + " fa_nextents=2, fa_projid=0x7, fa_cowextsize=0}, 24, AT_SYMLINK_NOFOLLOW) = 0",
                caller.call("file_getattr", 0, -100, path, attributes, 24, 0x100));
        assertEquals("file_getattr(AT_FDCWD, \"f\"", caller.entry("file_getattr", -100, path, attributes, 24, 0));
        assertEquals("file_setattr(AT_FDCWD, \"f\", {fa_xflags=FS_XFLAG_IMMUTABLE|FS_XFLAG_APPEND|FS_XFLAG_HASATTR, fa_extsize=4096,"
                + " fa_projid=0x7, fa_cowextsize=0}, 24, 0) = -1 EOPNOTSUPP (Operation not supported)",
                caller.call("file_setattr", -95, -100, path, attributes, 24, 0));
        assertEquals("file_setattr(AT_FDCWD, \"f\", " + hex(attributes) + ", 23, 0) = -1 EINVAL (Invalid argument)",
                caller.call("file_setattr", -22, -100, path, attributes, 23, 0));
    }

    @Test
    void futexesHaveFlagsOfTheirOwn() {
        long vector = caller.struct(1L, 0x1000L, 0x82, 0, 2L, 0x2000L, 2, 0);
        assertEquals("futex_waitv([{val=0x1, uaddr=0x1000, flags=FUTEX2_SIZE_U32|FUTEX2_PRIVATE}, {val=0x2, uaddr=0x2000,"
                + " flags=FUTEX2_SIZE_U32}], 2, 0, {tv_sec=1, tv_nsec=5}, CLOCK_MONOTONIC) = 1",
                caller.call("futex_waitv", 1, vector, 2, 0, caller.struct(1L, 5L), 1));
        assertEquals("futex_waitv(0x99, 4294967295, 0, NULL, CLOCK_REALTIME) = -1 EINVAL (Invalid argument)",
                caller.call("futex_waitv", -22, 0x99, -1, 0, 0, 0));
        assertEquals("futex_wait(0x1000, 7, FUTEX_BITSET_MATCH_ANY, FUTEX2_SIZE_U32|FUTEX2_NUMA|FUTEX2_PRIVATE, NULL, CLOCK_MONOTONIC)"
                + " = -1 EAGAIN (Resource temporarily unavailable)",
                caller.call("futex_wait", -11, 0x1000, 7, 0xffff_ffffL, 0x86, 0, 1));
        assertEquals("futex_wake(0x1000, 0x5, 1, FUTEX2_SIZE_U8) = 1", caller.call("futex_wake", 1, 0x1000, 5, 1, 0));
        assertEquals("futex_requeue([{val=0x1, uaddr=0x1000, flags=FUTEX2_SIZE_U32|FUTEX2_PRIVATE}, {val=0x2, uaddr=0x2000,"
                + " flags=FUTEX2_SIZE_U32}], 0, 1, -1) = 2", caller.call("futex_requeue", 2, vector, 0, 1, 0xffff_ffffL));
    }

    @Test
    void theTimeOfAnI386CallerHas64BitsToo() {
        caller.abi(Abi.I386);
        assertEquals("futex_waitv([], 0, 0, {tv_sec=1, tv_nsec=5}, CLOCK_REALTIME) = -1 EINVAL (Invalid argument)",
                caller.call("futex_waitv", -22, 0, 0, 0, caller.struct(1L, 5L), 0));
    }

    @Test
    void mounts() {
        long path = caller.text("/mnt");
        long attr = caller.struct(0x10_0001L, 0L, 0x4_0000L, 3L);
        assertEquals("open_tree_attr(AT_FDCWD, \"/mnt\", OPEN_TREE_CLONE|AT_RECURSIVE, {attr_set=MOUNT_ATTR_RDONLY|MOUNT_ATTR_IDMAP,"
                + " attr_clr=0, propagation=MS_PRIVATE, userns_fd=3</etc/passwd>}, 32) = 3</etc/passwd>",
                caller.call("open_tree_attr", 3, -100, path, 0x8001, attr, 32));
        assertEquals("mount_setattr(AT_FDCWD, \"/mnt\", AT_RECURSIVE, {attr_set=0, attr_clr=MOUNT_ATTR_RDONLY, propagation=0,"
                + " userns_fd=3}, 32) = 0", caller.call("mount_setattr", 0, -100, path, 0x8000, caller.struct(0L, 1L, 0L, 3L), 32));
        assertEquals("listmount({size=24, mnt_id=LSMT_ROOT, param=0x5}, [0x80000017, 0x80000018], 10, LISTMOUNT_REVERSE) = 2",
                caller.call("listmount", 2, caller.struct(24, 0, -1L, 5L), caller.struct(0x8000_0017L, 0x8000_0018L), 10, 1));
        assertEquals("listmount({size=32, mnt_id=0x3, param=0, mnt_ns_id=0x7}, 0x99, 10, 0) = -1 EFAULT (Bad address)",
                caller.call("listmount", -14, caller.struct(32, 0, 3L, 0L, 7L), 0x99, 10, 0));
    }

    @Test
    void theStatusOfAMountIsWhatItsMaskSays() {
        ByteBuffer status = ByteBuffer.allocate(540).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 540).putLong(8, 0x33)
                .putInt(20, 21).putLong(24, 0x9fa0).putInt(36, 1).putLong(40, 0x8000_0017L).putLong(48, 0x8000_001cL).putInt(56, 22)
                .putInt(60, 27).putLong(64, 0xe).putLong(72, 0x4_0000).putInt(108, 6);
        status.put(513, "proc\0/proc".getBytes(StandardCharsets.US_ASCII));
        assertEquals("statmount({size=24, mnt_id=0x80000017, param=STATMOUNT_SB_BASIC|STATMOUNT_MNT_BASIC|STATMOUNT_MNT_POINT"
                + "|STATMOUNT_FS_TYPE}, {size=540, mask=STATMOUNT_SB_BASIC|STATMOUNT_MNT_BASIC|STATMOUNT_MNT_POINT|STATMOUNT_FS_TYPE,"
                + " sb_dev_major=0, sb_dev_minor=21, sb_magic=PROC_SUPER_MAGIC, sb_flags=0, fs_type=\"proc\", mnt_id=0x80000017,"
                + " mnt_parent_id=0x8000001c, mnt_id_old=0x16, mnt_parent_id_old=0x1b,"
                + " mnt_attr=MOUNT_ATTR_NOSUID|MOUNT_ATTR_NODEV|MOUNT_ATTR_NOEXEC, mnt_propagation=MS_PRIVATE, mnt_peer_group=0,"
                + " mnt_master=0, mnt_point=\"/proc\"}, 4096, 0) = 0",
                caller.call("statmount", 0, caller.struct(24, 0, 0x8000_0017L, 0x33L), caller.put(status.array()), 4096, 0));
    }

    @Test
    void namespaces() {
        assertEquals("listns({size=32, ns_id=0, ns_type=MNT_NS|NET_NS, user_ns_id=LISTNS_CURRENT_USER}, [0x7, 0x8], 100, 0) = 2",
                caller.call("listns", 2, caller.struct(32, 0, 0L, 0x4002_0000, 0, -1L), caller.struct(7L, 8L), 100, 0));
    }

    @Test
    void securityModules() {
        assertEquals("lsm_list_modules([LSM_ID_LOCKDOWN, LSM_ID_CAPABILITY, 0x4d2 /* LSM_ID_??? */], [24], 0) = 3",
                caller.call("lsm_list_modules", 3, caller.struct(108L, 100L, 1234L), caller.struct(24), 0));
        long context = caller.struct(104L, 0L, 40L, 3L, (byte) 'a', (byte) 'b', (byte) 0);
        assertEquals("lsm_set_self_attr(LSM_ATTR_CURRENT, {id=LSM_ID_APPARMOR, flags=0, len=40, ctx_len=3, ctx=\"\\x61\\x62\\x00\"},"
                + " 35, 0) = 0", caller.call("lsm_set_self_attr", 0, 100, context, 35, 0));
        assertEquals("lsm_get_self_attr(LSM_ATTR_EXEC, [{id=LSM_ID_APPARMOR, flags=0, len=40, ctx_len=3, ctx=\"\\x61\\x62\\x00\"}],"
                + " [40], 0) = 1", caller.call("lsm_get_self_attr", 1, 101, context, caller.struct(40), 0));
        assertEquals("lsm_get_self_attr(LSM_ATTR_EXEC, 0x99, [40], LSM_FLAG_SINGLE) = -1 E2BIG (Argument list too long)",
                caller.call("lsm_get_self_attr", -7, 101, 0x99, caller.struct(40), 1));
    }

    @Test
    void memory() {
        assertEquals("cachestat(3</etc/passwd>, {off=0x1000, len=8192}, {nr_cache=2, nr_dirty=1, nr_writeback=0, nr_evicted=0,"
                + " nr_recently_evicted=0}, 0) = 0",
                caller.call("cachestat", 0, 3, caller.struct(4096L, 8192L), caller.struct(2L, 1L, 0L, 0L, 0L), 0));
        assertEquals("mseal(0x1000, 4096, 0) = 0", caller.call("mseal", 0, 0x1000, 4096, 0));
        assertEquals("map_shadow_stack(NULL, 4096, SHADOW_STACK_SET_TOKEN) = 0x7000", caller.call("map_shadow_stack", 0x7000, 0, 4096, 1));
        assertEquals("set_mempolicy_home_node(0x1000, 4096, 1, 0) = 0", caller.call("set_mempolicy_home_node", 0, 0x1000, 4096, 1, 0));
        assertEquals("rseq_slice_yield() = 0", caller.call("rseq_slice_yield", 0));
    }
}
