package ktrace.ctf;

import java.util.Map;

/**
 * How one structure is read.
 *
 * @param cost what reading one takes besides its bits, see {@link PacketCursor#work}: 0 for all but the most intricate
 * @param found the types of the wanted fields that it has, by name without leading underscore
 */
record Layout(FieldReader reader, int cost, Map<String, FieldType> found) {
    boolean has(String plainName) {
        return found.containsKey(plainName);
    }
}
