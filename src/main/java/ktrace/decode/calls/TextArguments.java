package ktrace.decode.calls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ktrace.decode.Resource;

/**
 * Which arguments of a call point to paths and names, and which to the address of a socket, as calls.txt tells. What is read and
 * written is neither.
 *
 * @param paths numbers of arguments, from 0, ascending
 * @param address number of the argument, or {@link #NONE}
 * @param addressLength number of the argument that has its length in bytes
 */
public record TextArguments(List<Integer> paths, int address, int addressLength) {
    public static final int NONE = -1;

    private static final String OF_I386 = "@i386";
    private static final Map<String, TextArguments> BY_CALL = read();

    /** Null when the call has none. */
    public static TextArguments of(String call) {
        return BY_CALL.get(call);
    }

    /** The same of a call of i386, some of which have their arguments in other places. */
    public static TextArguments ofI386(String call) {
        TextArguments own = BY_CALL.get(call + OF_I386);
        return own == null ? BY_CALL.get(call) : own.areAny() ? own : null;
    }

    private boolean areAny() {
        return !paths.isEmpty() || address != NONE;
    }

    private static Map<String, TextArguments> read() {
        Map<String, TextArguments> byCall = new HashMap<>();
        for (String line : Resource.lines("calls.txt")) {
            List<String> words = Arrays.asList(line.strip().split("\\s+"));
            TextArguments found = of(words.subList(1, words.contains("=") ? words.indexOf("=") : words.size()));
            for (String name : words.getFirst().split(",")) {
                if (found.areAny() || name.endsWith(OF_I386)) {
                    byCall.put(name, found);
                }
            }
        }
        return Map.copyOf(byCall);
    }

    private static TextArguments of(List<String> parameters) {
        List<Integer> paths = new ArrayList<>();
        int address = NONE;
        int length = NONE;
        for (int i = 0; i < parameters.size(); i++) {
            String parameter = parameters.get(i);
            if (parameter.equals("path") || parameter.equals("string-quoted")) {
                paths.add(i);
            } else if (parameter.startsWith("sockaddr:")) {
                address = i;
                length = Integer.parseInt(parameter.substring("sockaddr:".length()));
            }
        }
        return new TextArguments(List.copyOf(paths), address, length);
    }
}
