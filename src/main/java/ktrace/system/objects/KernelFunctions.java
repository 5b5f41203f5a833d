package ktrace.system.objects;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;

/**
 * What threads sleep for uninterruptibly inside the kernel that is no storage: {@code kernel: RCU}, {@code kernel: flush_work}, by the
 * function that they sleep in, or by who wakes them. Each is one object. Tracker's thread; allocates for one that is new.
 */
public final class KernelFunctions {
    /** That all CPUs have passed a quiet moment, and what is made of it: control groups and mounts wait for it when they change. */
    public static final KernelObject RCU = new KernelObject(ObjectKind.OTHER, "kernel: RCU", 0);

    /** As many as a kernel may have that sleep. */
    private static final int LIMIT = 4096;

    /** What the names of those have in them in which nobody sleeps for storage: control groups, other CPUs, the kernel's own threads, clocks. */
    private static final List<String> NO_STORAGE = List.of("percpu_", "cgroup", "cpuset", "flush_work", "kthread", "stop_machine",
            "stop_one_cpu", "stop_two_cpus", "affine_move_task", "msleep", "usleep", "nanosleep");

    private final Map<String, KernelObject> functions = new HashMap<>();

    /**
     * What a thread waits for that sleeps in {@code function}; null where that says nothing.
     *
     * @param storage whether it is storage as far as its call tells, and of {@code file}, null where that is not known
     */
    public KernelObject awaited(String function, boolean storage, KernelObject file) {
        if (function.contains("rcu") || function.contains("exp_funnel_lock")) {
            return RCU;
        }
        boolean says = !function.isEmpty() && (!storage || isMadeUp(file) || NO_STORAGE.stream().anyMatch(function::contains));
        return !says || functions.size() >= LIMIT && !functions.containsKey(function) ? null
                : functions.computeIfAbsent(function, name -> new KernelObject(ObjectKind.OTHER, "kernel: " + name, 0));
    }

    /** Whether it is one of the kernel's threads, called {@code comm}, that tell when such a moment has come. */
    public static boolean isOfRcu(String comm) {
        return comm.startsWith("rcu_preempt") || comm.startsWith("rcu_sched") || comm.startsWith("rcu_exp_") || comm.startsWith("rcu_tasks")
                || comm.startsWith("rcuo");
    }

    /** No storage is behind it: the kernel makes up what is read from it, and does what is written to it. */
    public static boolean isMadeUp(KernelObject file) {
        return file != null && (file.name().startsWith("/proc/") || file.name().startsWith("/sys/"));
    }
}
