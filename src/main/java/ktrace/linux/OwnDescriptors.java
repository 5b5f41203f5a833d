package ktrace.linux;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
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

    /** Sets FD_CLOEXEC on each descriptor above standard error that refers to a file of the JVM's own. */
    static void closeOnExec() {
        Set<String> classPath = Arrays.stream(System.getProperty("java.class.path", "").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().normalize().toString()).collect(Collectors.toSet());
        String home = System.getProperty("java.home") + "/";
        String[] names = new File("/proc/self/fd").list();
        for (String name : names == null ? new String[0] : names) {
            int fd = Integer.parseInt(name);
            if (fd > 2 && isOwn(name, home, classPath)) {
                Native.syscall(FCNTL, fd, Uapi.F_SETFD(), Uapi.FD_CLOEXEC());
            }
        }
    }

    private static boolean isOwn(String fd, String home, Set<String> classPath) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd", fd)).toString();
            return target.startsWith(home) || classPath.contains(target) || RANDOM.contains(target);
        } catch (IOException e) {
            // Closed since it was listed.
            return false;
        }
    }
}
