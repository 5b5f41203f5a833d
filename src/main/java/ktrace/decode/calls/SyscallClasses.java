package ktrace.decode.calls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import ktrace.decode.Resource;

/** The classes that strace(1) sorts system calls into: {@code file}, {@code network}, {@code desc}… Immutable. */
public final class SyscallClasses {
    private static final Map<String, Set<String>> CLASSES = read();

    private SyscallClasses() {
    }

    /** The names that {@code -e %NAME} takes, without the percent sign, in alphabetical order. */
    public static List<String> names() {
        return new ArrayList<>(CLASSES.keySet());
    }

    /** The calls of a class, in whatever ABI they are; null when there is no such class. */
    public static Set<String> calls(String className) {
        return CLASSES.get(className.equals("net") ? "network" : className);
    }

    private static Map<String, Set<String>> read() {
        Map<String, Set<String>> classes = new TreeMap<>();
        for (String line : Resource.lines("classes.txt")) {
            List<String> words = Arrays.asList(line.split(" "));
            classes.put(words.getFirst(), Set.copyOf(new TreeSet<>(words.subList(1, words.size()))));
        }
        return classes;
    }
}
