package ktrace.ctf.layout;

import java.util.Map;
import ktrace.ctf.tsdl.FieldType;

/**
 * How one structure is read.
 *
 * @param cost what reading one takes besides its bits, see {@link PacketCursor#work}: 0 for all but the most intricate
 * @param found the types of the wanted fields that it has, by name without leading underscore
 */
public record Layout(FieldReader reader, int cost, Map<String, FieldType> found) {
    public boolean has(String plainName) {
        return found.containsKey(plainName);
    }
}
