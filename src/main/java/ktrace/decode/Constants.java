package ktrace.decode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One group of constants.txt: the names of the values or bits of one parameter, in the order in which several are shown.
 *
 * <p>Groups are read on first use and shared from then on; immutable.
 */
public final class Constants {
    private final String family;
    private final String[] names;
    private final long[] values;

    private Constants(String family, List<String> lines) {
        this.family = family;
        names = new String[lines.size()];
        values = new long[lines.size()];
        for (int i = 0; i < names.length; i++) {
            int blank = lines.get(i).indexOf(' ');
            names[i] = lines.get(i).substring(0, blank);
            values[i] = Long.decode(lines.get(i).substring(blank + 1).strip());
        }
    }

    /**
     * The group of that name.
     *
     * @throws IllegalArgumentException when constants.txt has none
     */
    public static Constants group(String name) {
        Constants group = Groups.ALL.get(name);
        if (group == null) {
            throw new IllegalArgumentException("constants.txt has no group " + name);
        }
        return group;
    }

    /** The name of a value, or null. */
    public String find(long value) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == value) {
                return names[i];
            }
        }
        return null;
    }

    /** The value of a name; -1 when the group has none. */
    public long valueOf(String name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return values[i];
            }
        }
        return -1;
    }

    /** Appends one name, or the number and what it should have been: {@code 0x7 /&#42; SEEK_??? &#42;/}. */
    public void one(StringBuilder out, long value) {
        String name = find(value);
        if (name != null) {
            out.append(name);
        } else {
            unnamed(out, value);
        }
    }

    /** Appends the names of all bits, what has none as a number behind them. */
    public void flags(StringBuilder out, long value) {
        int start = out.length();
        long rest = value;
        for (int i = 0; i < values.length; i++) {
            if (values[i] == 0 ? value == 0 : (rest & values[i]) == values[i]) {
                out.append(out.length() > start ? "|" : "").append(names[i]);
                rest &= ~values[i];
                if (value == 0) {
                    return;
                }
            }
        }
        if (rest != 0 && out.length() > start) {
            out.append("|0x").append(Long.toHexString(rest));
        } else if (rest != 0) {
            unnamed(out, rest);
        } else if (value == 0) {
            out.append('0');
        }
    }

    /** Appends {@code |NAME} for each bit that has a name, and what has none. */
    public void moreFlags(StringBuilder out, long value) {
        if (value != 0) {
            long known = 0;
            for (long bits : values) {
                known |= bits & value;
            }
            out.append('|');
            if (known == 0) {
                out.append("0x").append(Long.toHexString(value));
            } else {
                flags(out, value);
            }
        }
    }

    private void unnamed(StringBuilder out, long value) {
        out.append(value == 0 ? "0" : "0x" + Long.toHexString(value)).append(" /* ").append(family).append(" */");
    }

    /** Read once, on first use. */
    private static final class Groups {
        static final Map<String, Constants> ALL = read();

        private static Map<String, Constants> read() {
            Map<String, Constants> groups = new HashMap<>();
            String name = null;
            String family = null;
            List<String> lines = new ArrayList<>();
            for (String line : Resource.lines("constants.txt")) {
                if (line.startsWith("[")) {
                    put(groups, name, family, lines);
                    String[] head = line.substring(1, line.length() - 1).split(" ");
                    name = head[0];
                    family = head[1];
                } else {
                    lines.add(line);
                }
            }
            put(groups, name, family, lines);
            return Map.copyOf(groups);
        }

        private static void put(Map<String, Constants> groups, String name, String family, List<String> lines) {
            if (name != null) {
                groups.put(name, new Constants(family, lines));
            }
            lines.clear();
        }
    }
}
