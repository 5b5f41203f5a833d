package ktrace.facts.live;

import ktrace.facts.ObjectSource.Quota;

/**
 * Which control groups bind a process by a quota, cgroups(7): those of the controller {@code cpu} of version 1 where that is mounted,
 * else those of version 2. A group counts the time that it itself was held back, and binds those within it, too. Belongs to one
 * thread.
 */
final class ControlGroups {
    /**
     * @param point where it is mounted
     * @param top which of its groups is to be seen there; empty: the topmost
     */
    private record Hierarchy(String point, String top, boolean isFirstVersion) {
    }

    private final ProcFs proc;
    private Hierarchy hierarchy;

    ControlGroups(ProcFs proc) {
        this.proc = proc;
    }

    /** Of those the one that was held back most, of several the innermost; null when the process is gone. */
    Quota quota(int tgid) {
        String groups = proc.cgroups(tgid);
        if (groups == null) {
            return null;
        }
        if (hierarchy == null) {
            hierarchy = mounted(proc.ownMounts());
        }
        String path = hierarchy == null ? "" : path(groups, hierarchy.isFirstVersion);
        if (hierarchy != null && path.startsWith(hierarchy.top + '/')) {
            return mostHeldBack(path.substring(hierarchy.top.length()));
        }
        return Quota.NONE;
    }

    private Quota mostHeldBack(String path) {
        Quota most = Quota.NONE;
        for (String group = path; group.length() > 1; group = group.substring(0, Math.max(0, group.lastIndexOf('/')))) {
            String directory = hierarchy.point + group;
            if (isBound(directory)) {
                byte[] counters = proc.elsewhere(directory + "/cpu.stat");
                long heldNs = counters == null ? -1 : hierarchy.isFirstVersion ? ProcText.field(counters, "throttled_time ", -1)
                        : 1000 * ProcText.field(counters, "throttled_usec ", -1);
                if (heldNs >= 0 && (most == Quota.NONE || heldNs > most.throttledNs())) {
                    most = new Quota(hierarchy.top + group, heldNs);
                }
            }
        }
        return most;
    }

    /** {@code cpu.max} says {@code max} where there is no quota, and {@code cpu.cfs_quota_us} says -1. */
    private boolean isBound(String directory) {
        byte[] quota = proc.elsewhere(directory + (hierarchy.isFirstVersion ? "/cpu.cfs_quota_us" : "/cpu.max"));
        return quota != null && ProcText.field(quota, "", -1) > 0;
    }

    /** Lines are {@code 4:cpu,cpuacct:/path} in version 1, {@code 0::/path} in version 2; empty when it is in no group that is seen. */
    private static String path(String groups, boolean isFirstVersion) {
        for (String line : groups.split("\n")) {
            String[] parts = line.split(":", 3);
            boolean isIt = parts.length == 3 && (isFirstVersion ? hasWord(parts[1], "cpu") : parts[1].isEmpty());
            if (isIt && !parts[2].startsWith("/..")) {
                return parts[2];
            }
        }
        return "";
    }

    private static boolean hasWord(String list, String word) {
        return (',' + list + ',').contains(',' + word + ',');
    }

    /** See {@link MountTable}: {@code 36 35 98:0 /top /mount/point options … - type source options}. */
    private static Hierarchy mounted(String mounts) {
        Hierarchy second = null;
        for (String line : mounts == null ? new String[0] : mounts.split("\n")) {
            int dash = line.indexOf(" - ");
            String[] before = line.split(" ");
            String[] after = dash < 0 ? new String[0] : line.substring(dash + 3).split(" ");
            if (before.length < 5 || after.length < 3) {
                continue;
            }
            String top = before[3].equals("/") ? "" : before[3];
            if (after[0].equals("cgroup") && hasWord(after[2], "cpu")) {
                return new Hierarchy(MountTable.unescaped(before[4]), MountTable.unescaped(top), true);
            }
            if (after[0].equals("cgroup2") && second == null) {
                second = new Hierarchy(MountTable.unescaped(before[4]), MountTable.unescaped(top), false);
            }
        }
        return second;
    }
}
