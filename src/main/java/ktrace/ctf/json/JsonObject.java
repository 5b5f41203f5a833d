package ktrace.ctf.json;

import java.util.List;
import java.util.Map;
import ktrace.ctf.CtfException;

/** An object of JSON, whose properties are asked for as what they should be. */
record JsonObject(Map<String, Object> properties) {
    boolean has(String name) {
        return properties.containsKey(name);
    }

    /** Null when there is none. */
    Object get(String name) {
        return properties.get(name);
    }

    String text(String name, String otherwise) {
        Object value = properties.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof String text) {
            return text;
        }
        throw new CtfException(name + " is no text");
    }

    long number(String name, long otherwise) {
        Object value = properties.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Long number) {
            return number;
        }
        throw new CtfException(name + " is no integer");
    }

    /** Empty when there is none. */
    JsonObject object(String name) {
        return properties.containsKey(name) ? of(properties.get(name), name) : new JsonObject(Map.of());
    }

    /** Empty when there is none. */
    List<?> list(String name) {
        Object value = properties.get(name);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw new CtfException(name + " is no array");
    }

    static JsonObject of(Object value, String what) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw new CtfException(what + " is no object");
    }
}
