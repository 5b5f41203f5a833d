package ktrace.perf;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The release of the running kernel, uname(2). */
final class KernelVersion {
    private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*");

    private KernelVersion() {
    }

    static boolean atLeast(int major, int minor) {
        return atLeast(System.getProperty("os.version", ""), major, minor);
    }

    static boolean atLeast(String release, int major, int minor) {
        Matcher matcher = RELEASE.matcher(release);
        if (!matcher.matches()) {
            return false;
        }
        int hasMajor = Integer.parseInt(matcher.group(1));
        return hasMajor > major || hasMajor == major && Integer.parseInt(matcher.group(2)) >= minor;
    }
}
