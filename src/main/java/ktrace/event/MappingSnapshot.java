package ktrace.event;

/**
 * One line of /proc/PID/maps (proc_pid_maps(5)).
 *
 * @param startAddress first address
 * @param endAddress the address after the last
 * @param shared true for MAP_SHARED
 * @param device major and minor as {@code major << 20 | minor}, 0 for anonymous memory
 * @param inode the file's, 0 for anonymous memory
 * @param offsetBytes where in the file {@code startAddress} lies
 * @param path the file, unescaped; empty for anonymous memory
 */
public record MappingSnapshot(
        long startAddress, long endAddress, boolean shared, int device, long inode, long offsetBytes, String path) {

    public boolean contains(long address) {
        return Long.compareUnsigned(address, startAddress) >= 0 && Long.compareUnsigned(address, endAddress) < 0;
    }

    public boolean overlaps(long start, long end) {
        return Long.compareUnsigned(start, endAddress) < 0 && Long.compareUnsigned(end, startAddress) > 0;
    }
}
