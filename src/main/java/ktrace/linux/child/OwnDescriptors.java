package ktrace.linux.child;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import ktrace.linux.Native;
import ktrace.linux.Syscalls;
import ktrace.linux.uapi.Uapi;

/**
 * Keeps the descriptors that the JVM opened for itself, not all of them with O_CLOEXEC, out of a command: it shall find those
 * open that its user handed down, and no others.
 */
final class OwnDescriptors {
    private static final int FCNTL = Syscalls.number("fcntl");
    private static final Set<String> RANDOM = Set.of("/dev/random", "/dev/urandom");

    private OwnDescriptors() {
    }

    /**
     * Sets FD_CLOEXEC on each descriptor above standard error that refers to a file of the JVM's own.
     *
     * @return the others: what the user handed down. Whatever is opened later is not the command's
     */
    static Set<Integer> closeOnExec() {
        Set<Integer> handedDown = new HashSet<>();
        Set<String> classPath = Arrays.stream(System.getProperty("java.class.path", "").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().normalize().toString()).collect(Collectors.toSet());
        String home = System.getProperty("java.home") + "/";
        String[] names = new File("/proc/self/fd").list();
        for (String name : names == null ? new String[0] : names) {
            int fd = Integer.parseInt(name);
            String target = fd > 2 ? target(name) : null;
            if (target == null) {
                continue;
            }
            if (target.startsWith(home) || classPath.contains(target) || RANDOM.contains(target)) {
                Native.syscall(FCNTL, fd, Uapi.F_SETFD(), Uapi.FD_CLOEXEC());
            } else {
                handedDown.add(fd);
            }
        }
        return handedDown;
    }

    /** Null when it has been closed since it was listed, as the listing itself has. */
    private static String target(String fd) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd", fd)).toString();
        } catch (IOException e) {
            return null;
        }
    }
}
