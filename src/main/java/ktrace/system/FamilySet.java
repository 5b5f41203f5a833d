package ktrace.system;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ktrace.event.Fact;
import ktrace.event.ObjectKind;

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
    private final Map<ObjectKind, Family> byKind = new HashMap<>();
    private final Map<String, SystemCall> calls = new HashMap<>();

    private FamilySet(List<Family> families) {
        this.families = List.copyOf(families);
        for (Family family : families) {
            for (ObjectKind kind : family.kinds()) {
                if (byKind.put(kind, family) != null) {
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

    /** @throws IllegalArgumentException when two of them have the same kind or the same call */
    public static FamilySet of(Family... families) {
        return new FamilySet(List.of(families));
    }

    /** These and one more. */
    public FamilySet and(Family further) {
        List<Family> all = new ArrayList<>(families);
        all.add(further);
        return new FamilySet(all);
    }

    void learned(Machine machine, Fact fact) {
        for (Family family : families) {
            family.learned(machine, fact);
        }
    }

    /** The family of a kind. */
    Family of(ObjectKind kind) {
        return byKind.getOrDefault(kind, NONE);
    }

    /** The calls that the families have, by name. */
    Map<String, SystemCall> calls() {
        return calls;
    }
}
