package ktrace.ctf.tsdl;

import java.util.HashMap;
import java.util.Map;

/** The names of types that are known at one place of the metadata: those of the block, then those of the blocks around it. */
final class TypeScope {
    private final TypeScope outer;
    private final Map<String, FieldType> types = new HashMap<>();

    /** @param outer null for the file itself */
    TypeScope(TypeScope outer) {
        this.outer = outer;
    }

    TypeScope outer() {
        return outer;
    }

    /** @param name for structures, variants and enumerations with that word before it, as {@code struct packet_context} */
    FieldType find(String name) {
        for (TypeScope scope = this; scope != null; scope = scope.outer) {
            FieldType type = scope.types.get(name);
            if (type != null) {
                return type;
            }
        }
        return null;
    }

    void define(String name, FieldType type) {
        types.put(name, type);
    }
}
