package ktrace.system;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import ktrace.event.Evidence.Interrupt;
import ktrace.event.Fact;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent;
import ktrace.system.Family.Halt;
import ktrace.system.ToldWait.Words;

/** All families that a tracker goes by. Immutable. */
public final class FamilySet {
    /** Answers for kinds that no family has. */
    private static final Family NONE = new Family() {
        @Override
        public List<ObjectKind> kinds() {
            return List.of();
        }

        @Override
        public void calls(Calls calls) {
        }
    };

    private final List<Family> families;
    private final Halt[] halts;
    private final Map<ObjectKind, Family> byKind = new HashMap<>();
    private final Map<String, ObjectKind> byLabel = new HashMap<>();
    private final Map<String, SystemCall> calls = new HashMap<>();

    private FamilySet(List<Family> families) {
        this.families = List.copyOf(families);
        halts = families.stream().flatMap(family -> family.halts().stream()).toArray(Halt[]::new);
        for (Family family : families) {
            for (ObjectKind kind : family.kinds()) {
                if (byKind.put(kind, family) != null || byLabel.put(kind.label(), kind) != null) {
                    throw new IllegalArgumentException(kind.label() + " is in two families");
                }
            }
            family.calls((names, call) -> add(names.split(" "), call));
        }
    }

    private void add(String[] names, SystemCall call) {
        for (String name : names) {
            if (calls.put(name, call) != null) {
                throw new IllegalArgumentException(name + " is in two families");
            }
        }
    }

    /** @throws IllegalArgumentException when two of them have a kind, its label, or a call in common */
    public static FamilySet of(Family... families) {
        return new FamilySet(List.of(families));
    }

    /** These and one more. */
    public FamilySet and(Family further) {
        List<Family> all = new ArrayList<>(families);
        all.add(further);
        return new FamilySet(all);
    }

    /** What can be waited for. */
    public List<ObjectKind> kinds() {
        return families.stream().flatMap(family -> family.kinds().stream()).toList();
    }

    /** The kinds, together where they have their numbers in common. */
    List<List<ObjectKind>> numbered() {
        List<List<ObjectKind>> numbered = new ArrayList<>();
        for (Family family : families) {
            if (family.sharesNumbers()) {
                numbered.add(family.kinds());
            } else {
                family.kinds().forEach(kind -> numbered.add(List.of(kind)));
            }
        }
        return numbered;
    }

    /** The kind with this label; one that only a later ktrace knows is {@link ObjectKind#OTHER} to this one. */
    public ObjectKind kind(String label) {
        return byLabel.getOrDefault(label, ObjectKind.OTHER);
    }

    /**
     * A wait in words.
     *
     * @param call the name of the call that it was in; null when it was in none
     * @param object the name of what was waited for; null or empty when that is not known
     */
    public Words words(ObjectKind kind, String call, String object) {
        SystemCall known = call == null ? SystemCall.UNKNOWN : calls.getOrDefault(call, SystemCall.UNKNOWN);
        ToldWait wait = new ToldWait(kind, of(kind), known, call == null ? "" : call, name(kind, object));
        Words words = known.words(wait);
        return words != null ? words : of(kind).words(wait);
    }

    private String name(ObjectKind kind, String object) {
        if (object == null) {
            return "";
        }
        return object.equals(kind.further().name()) ? "other " + of(kind).many(kind) : object;
    }

    /** What it comes of when an interrupt ends a wait for {@code object}, which may be null, and no result of a call says otherwise. */
    public Interrupt interruptedBy(ObjectKind kind, KernelObject object) {
        return object == null || object.kind() != kind || object == kind.further() ? Interrupt.UNKNOWN : of(kind).interruptedBy(object);
    }

    /** {@code 60 tcp sockets}: stands where the name of one object stands else. */
    public String many(int count, ObjectKind kind) {
        return of(kind).many(count, kind);
    }

    void ask(Machine machine, TraceEvent event) {
        for (Family family : families) {
            family.ask(machine, event);
        }
    }

    void heard(Machine machine, TraceEvent event) {
        // By index: an iterator would be made for each event.
        for (int i = 0; i < families.size(); i++) {
            families.get(i).heard(machine, event);
        }
    }

    void learned(Machine machine, Fact fact) {
        for (Family family : families) {
            family.learned(machine, fact);
        }
    }

    /** What holds a thread still that was switched out in {@code state}; null when nothing does. */
    Halt halt(ThreadEntry thread, long state, String function) {
        for (Halt halt : halts) {
            if (halt.holds(thread, state, function)) {
                return halt;
            }
        }
        return null;
    }

    /** Whether that depends on where in the kernel it sleeps. */
    boolean mayHalt(ThreadEntry thread, long state) {
        for (Halt halt : halts) {
            if (halt.mayHold(thread, state)) {
                return true;
            }
        }
        return false;
    }

    /** What has held the waiter, as the waker alone tells; null when that is nothing. */
    ObjectKind heldBy(WakeUp wakeUp) {
        for (Halt halt : halts) {
            if (halt.mayHold(wakeUp.waiter(), wakeUp.waiter().waitsIn) && halt.isToldBy(wakeUp)) {
                return halt.kind();
            }
        }
        return null;
    }

    /** The family of a kind. */
    Family of(ObjectKind kind) {
        return byKind.getOrDefault(kind, NONE);
    }

    /** The calls that the families have, by name. */
    Map<String, SystemCall> calls() {
        return calls;
    }

    /** What is known of each system call, by number. Immutable; {@link #of} is an array load. */
    static final class CallTable {
        /** The numbers of all ABIs end below. */
        private static final int LIMIT = 1024;

        private final SystemCall[] calls = new SystemCall[LIMIT];
        private final int restart;

        /** @param numberOf the number of a call by its name, empty where the machine's ABI does not have it */
        CallTable(FamilySet families, Function<String, OptionalInt> numberOf) {
            Arrays.fill(calls, SystemCall.UNKNOWN);
            families.calls().forEach((name, call) -> numberOf.apply(name).ifPresent(number -> calls[number] = call));
            restart = numberOf.apply("restart_syscall").orElse(-1);
        }

        SystemCall of(long number) {
            return number >= 0 && number < LIMIT ? calls[(int) number] : SystemCall.UNKNOWN;
        }

        /** Whether it is restart_syscall(2), which goes on with the call that was interrupted. */
        boolean isRestart(long number) {
            return number == restart;
        }
    }
}
