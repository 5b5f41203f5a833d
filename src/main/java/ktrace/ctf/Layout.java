package ktrace.ctf;

import java.util.Map;

/**
 * How one structure is read.
 *
 * @param found the types of the wanted fields that it has, by name without leading underscore
 */
record Layout(FieldReader reader, Map<String, FieldType> found) {
    boolean has(String plainName) {
        return found.containsKey(plainName);
    }
}
