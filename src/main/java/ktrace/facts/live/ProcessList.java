package ktrace.facts.live;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import ktrace.event.Comm;

/** Which processes there are at this moment: by their names, and by whose children they are. Belongs to one thread. */
public final class ProcessList {
    private final ProcFs proc;
    private final int ownTgid;

    public ProcessList(int ownTgid) {
        this("/proc", ownTgid);
    }

    ProcessList(String procRoot, int ownTgid) {
        proc = new ProcFs(procRoot);
        this.ownTgid = ownTgid;
    }

    /** Those that are called {@code name} or were started by a path that ends in it; ascending, without ktrace. */
    public List<Integer> called(String name) {
        String comm = Comm.text(Comm.pack(name, 0), Comm.pack(name, 8));
        List<Integer> found = new ArrayList<>();
        for (int tgid : all()) {
            ProcStat stat = tgid == ownTgid ? null : proc.stat(tgid);
            if (stat != null && !stat.kernelThread() && !stat.isProcessOver()
                    && (stat.comm().equals(comm) || program(tgid).equals(name))) {
                found.add(tgid);
            }
        }
        return found.stream().sorted().toList();
    }

    private String program(int tgid) {
        String line = proc.cmdline(tgid);
        String first = line.substring(0, line.indexOf(' ') < 0 ? line.length() : line.indexOf(' '));
        return first.substring(first.lastIndexOf('/') + 1);
    }

    /** The running children of some processes, their children and so on, but none of {@code tgids}; ascending, without ktrace. */
    public List<Integer> descendants(Collection<Integer> tgids) {
        Map<Integer, List<Integer>> children = new HashMap<>();
        for (int tgid : all()) {
            ProcStat stat = proc.stat(tgid);
            if (stat != null && !stat.isProcessOver()) {
                children.computeIfAbsent(stat.ppid(), parent -> new ArrayList<>()).add(tgid);
            }
        }
        TreeSet<Integer> found = new TreeSet<>();
        ArrayDeque<Integer> parents = new ArrayDeque<>(tgids);
        while (!parents.isEmpty()) {
            for (int child : children.getOrDefault(parents.removeFirst(), List.of())) {
                if (child != ownTgid && found.add(child)) {
                    parents.addLast(child);
                }
            }
        }
        tgids.forEach(found::remove);
        return List.copyOf(found);
    }

    private List<Integer> all() {
        List<Integer> all = proc.processes();
        return all == null ? List.of() : all;
    }
}
