package ktrace.ctf.tsdl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ktrace.ctf.CtfException;

/**
 * The {@code name = value;} lines of a block. A value is a number (Long), a text (String), or a path of names, which stands here as
 * the names joined by dots.
 */
final class Attributes {
    private record Value(Object value, boolean isPath) {
    }

    private final Map<String, Value> values = new LinkedHashMap<>();

    /** Reads what stands after the name: {@code = value ;}. */
    void read(String name, TsdlLexer lexer) {
        lexer.expect("=");
        values.put(name, value(lexer));
        lexer.expect(";");
    }

    private static Value value(TsdlLexer lexer) {
        Token token = lexer.peek();
        return switch (token.kind()) {
            case STRING -> {
                StringBuilder text = new StringBuilder();
                while (lexer.peek().kind() == Token.Kind.STRING) {
                    text.append(lexer.take().text());
                }
                yield new Value(text.toString(), false);
            }
            case NAME -> new Value(String.join(".", path(lexer)), true);
            case NUMBER, SYMBOL, END -> new Value(integer(lexer), false);
        };
    }

    /** A number with its sign. */
    static long integer(TsdlLexer lexer) {
        boolean negative = false;
        while (lexer.peek().is("-") || lexer.peek().is("+")) {
            negative ^= lexer.take().is("-");
        }
        if (lexer.peek().kind() != Token.Kind.NUMBER) {
            throw lexer.error("a value expected, not " + lexer.peek());
        }
        long number = lexer.take().number();
        return negative ? -number : number;
    }

    /** Names joined by dots or arrows. */
    static List<String> path(TsdlLexer lexer) {
        List<String> names = new ArrayList<>();
        do {
            if (names.size() >= TsdlLimits.NESTING) {
                throw lexer.error("a path of more than " + TsdlLimits.NESTING + " names");
            }
            names.add(lexer.name());
        } while (lexer.accept(".") || lexer.accept("->"));
        return names;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** The number given for {@code name}, or {@code otherwise} when none is given. */
    long number(String name, long otherwise) {
        Value value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value.value instanceof Long number) {
            return number;
        }
        throw new CtfException(name + " is no number");
    }

    /** The text or path given for {@code name}, or null. */
    String text(String name) {
        Value value = values.get(name);
        return value == null ? null : value.value.toString();
    }

    /** {@code true}, {@code TRUE}, 1 and their opposites. */
    boolean truth(String name) {
        Value value = values.get(name);
        return value != null && switch (value.value.toString()) {
            case "true", "TRUE", "1" -> true;
            case "false", "FALSE", "0" -> false;
            default -> throw new CtfException(name + " is neither true nor false");
        };
    }

    /** All numbers and texts; paths count as texts. */
    Map<String, Object> all() {
        Map<String, Object> all = new LinkedHashMap<>();
        values.forEach((name, value) -> all.put(name, value.value));
        return all;
    }
}
