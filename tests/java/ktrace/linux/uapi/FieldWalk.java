package ktrace.linux.uapi;

import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;
import java.util.ArrayList;
import java.util.List;

/** Every field of a layout, at every depth, under the path by which C reaches it from the outermost type. */
final class FieldWalk {

    /** {@code path} as offsetof(3) takes it. */
    record Field(String path, long offsetBytes, long sizeBytes) {
    }

    private final List<Field> fields = new ArrayList<>();

    private FieldWalk() {
    }

    static List<Field> of(GroupLayout layout) {
        FieldWalk walk = new FieldWalk();
        walk.group(layout, "", 0);
        return walk.fields;
    }

    private void group(GroupLayout group, String prefix, long startBytes) {
        long offset = startBytes;
        for (MemoryLayout member : group.memberLayouts()) {
            if (!(member instanceof PaddingLayout)) {
                member(member, prefix, offset);
            }
            if (group instanceof StructLayout) {
                offset += member.byteSize();
            }
        }
    }

    private void member(MemoryLayout member, String prefix, long offset) {
        String name = member.name().orElseThrow();
        // C has no name for these either: their members are reached as members of what is around them.
        boolean anonymous = name.startsWith("$anon$");
        String path = anonymous ? prefix : prefix + name;
        if (!anonymous) {
            fields.add(new Field(path, offset, member.byteSize()));
        }
        String within = anonymous ? prefix : path + ".";
        switch (member) {
            case GroupLayout inner -> group(inner, within, offset);
            case SequenceLayout array when array.elementCount() > 0 && array.elementLayout() instanceof GroupLayout element ->
                    group(element, path + "[0].", offset);
            default -> { }
        }
    }
}
