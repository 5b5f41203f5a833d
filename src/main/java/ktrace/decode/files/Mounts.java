package ktrace.decode.files;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;

/** The structures of mount_setattr(2), statmount(2) and listmount(2) (include/uapi/linux/mount.h); alike for all ABIs. */
final class Mounts {
    private static final Constants ATTRIBUTES = Constants.group("mount_attr");
    private static final Constants MASK = Constants.group("statmount");
    private static final Constants MOUNT = Constants.group("mount");
    private static final Constants FILE_SYSTEM = Constants.group("file_system");
    private static final int MOUNT_ATTR_BYTES = 32;
    private static final int REQUEST_BYTES = 24;
    private static final int REQUEST_WITH_NAMESPACE_BYTES = 32;
    /** LSMT_ROOT: the caller's root, in place of a mount's number. */
    private static final long ROOT = -1;
    /** Before the texts; each is told by where it begins among these. */
    private static final int STATUS_BYTES = 512;

    private Mounts() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "mount-attr" -> {
                int size = Integer.parseInt(parameter);
                yield Argument.in((d, value) -> attributes(d, value, d.argument(size)));
            }
            case "mount-request" -> Argument.in((d, value) -> request(d, value, parameter.equals("mask")));
            case "mount-status-out" -> Argument.out(Mounts::status);
            default -> null;
        };
    }

    private static void attributes(Decoding d, long address, long sizeBytes) {
        Bytes bytes = Long.compareUnsigned(sizeBytes, MOUNT_ATTR_BYTES) < 0 ? null : d.fetch(address, MOUNT_ATTR_BYTES);
        if (bytes == null) {
            d.address(address);
            return;
        }
        long set = bytes.i64(0);
        long clear = bytes.i64(8);
        d.out().append("{attr_set=");
        ATTRIBUTES.flags(d.out(), set);
        d.out().append(", attr_clr=");
        ATTRIBUTES.flags(d.out(), clear);
        d.out().append(", propagation=");
        MOUNT.flags(d.out(), bytes.i64(16));
        d.out().append(", userns_fd=");
        long namespace = bytes.i64(24);
        if (((set | clear) & ATTRIBUTES.valueOf("MOUNT_ATTR_IDMAP")) != 0 && namespace == (int) namespace) {
            d.fd((int) namespace);
        } else {
            d.out().append(Long.toUnsignedString(namespace));
        }
        d.out().append('}');
    }

    /** struct mnt_id_req, whose parameter is what is asked for of a mount, or the mount behind which a list goes on. */
    private static void request(Decoding d, long address, boolean isMask) {
        Bytes size = d.fetch(address, Integer.BYTES);
        boolean whole = size != null && Long.compareUnsigned(size.u32(0), REQUEST_BYTES) >= 0;
        boolean inNamespace = whole && Long.compareUnsigned(size.u32(0), REQUEST_WITH_NAMESPACE_BYTES) >= 0;
        Bytes bytes = whole ? d.fetch(address, inNamespace ? REQUEST_WITH_NAMESPACE_BYTES : REQUEST_BYTES) : null;
        if (bytes == null) {
            d.address(address);
            return;
        }
        StringBuilder out = d.out().append("{size=").append(size.u32(0));
        if (bytes.u32(4) != 0) {
            out.append(", mnt_ns_fd=");
            d.fd(bytes.i32(4));
        }
        out.append(", mnt_id=");
        if (bytes.i64(8) == ROOT) {
            out.append("LSMT_ROOT");
        } else {
            d.hex(bytes.i64(8));
        }
        out.append(", param=");
        if (isMask) {
            MASK.flags(out, bytes.i64(16));
        } else {
            d.hex(bytes.i64(16));
        }
        if (inNamespace) {
            out.append(", mnt_ns_id=");
            d.hex(bytes.i64(24));
        }
        out.append('}');
    }

    /** struct statmount: of its fields those that the mask says are filled. */
    private static void status(Decoding d, long address) {
        Bytes bytes = Long.compareUnsigned(d.argument(2), STATUS_BYTES) < 0 ? null : d.fetch(address, STATUS_BYTES);
        if (bytes == null) {
            d.address(address);
            return;
        }
        long mask = bytes.i64(8);
        StringBuilder out = d.out().append("{size=").append(bytes.u32(0));
        text(d, mask, "MNT_OPTS", "mnt_opts", address, bytes.u32(4));
        out.append(", mask=");
        MASK.flags(out, mask);
        if (has(mask, "SB_BASIC")) {
            out.append(", sb_dev_major=").append(bytes.u32(16)).append(", sb_dev_minor=").append(bytes.u32(20)).append(", sb_magic=");
            FILE_SYSTEM.one(out, bytes.i64(24));
            out.append(", sb_flags=");
            MOUNT.flags(out, bytes.u32(32));
        }
        text(d, mask, "FS_TYPE", "fs_type", address, bytes.u32(36));
        if (has(mask, "MNT_BASIC")) {
            number(d, "mnt_id", bytes.i64(40));
            number(d, "mnt_parent_id", bytes.i64(48));
            number(d, "mnt_id_old", bytes.u32(56));
            number(d, "mnt_parent_id_old", bytes.u32(60));
            out.append(", mnt_attr=");
            ATTRIBUTES.flags(out, bytes.i64(64));
            out.append(", mnt_propagation=");
            MOUNT.flags(out, bytes.i64(72));
            number(d, "mnt_peer_group", bytes.i64(80));
            number(d, "mnt_master", bytes.i64(88));
        }
        if (has(mask, "PROPAGATE_FROM")) {
            number(d, "propagate_from", bytes.i64(96));
        }
        text(d, mask, "MNT_ROOT", "mnt_root", address, bytes.u32(104));
        text(d, mask, "MNT_POINT", "mnt_point", address, bytes.u32(108));
        if (has(mask, "MNT_NS_ID")) {
            number(d, "mnt_ns_id", bytes.i64(112));
        }
        text(d, mask, "FS_SUBTYPE", "fs_subtype", address, bytes.u32(120));
        text(d, mask, "SB_SOURCE", "sb_source", address, bytes.u32(124));
        out.append('}');
    }

    private static boolean has(long mask, String part) {
        return (mask & MASK.valueOf("STATMOUNT_" + part)) != 0;
    }

    private static void number(Decoding d, String field, long value) {
        d.out().append(", ").append(field).append('=');
        d.hex(value);
    }

    private static void text(Decoding d, long mask, String part, String field, long address, long at) {
        if (has(mask, part)) {
            d.out().append(", ").append(field).append('=');
            d.path(address + STATUS_BYTES + at);
        }
    }
}
