package ktrace.ctf.layout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ktrace.ctf.CtfException;
import ktrace.ctf.tsdl.FieldType;

/**
 * Which fields stand before the one that is being compiled, so that variants and sequences can refer to them (CTF 1.8, 7.3.2): by
 * an absolute path, or by one that is looked for from the innermost structure outwards, then in the parts of the packet before.
 */
final class FieldScopes {
    private final Map<String, Symbol> roots = new LinkedHashMap<>();

    /** A field that can be referred to, and those within it. */
    static final class Symbol {
        private final Symbol outer;
        private final int register;
        private final FieldType type;
        private final Map<String, Symbol> children = new HashMap<>();

        private Symbol(Symbol outer, int register, FieldType type) {
            this.outer = outer;
            this.register = register;
            this.type = type;
        }

        /** Where its value is, or below 0 when it is kept nowhere. */
        int register() {
            return register;
        }

        FieldType type() {
            return type;
        }

        Symbol add(String name, int fieldRegister, FieldType fieldType) {
            Symbol field = new Symbol(this, fieldRegister, fieldType);
            children.put(name, field);
            return field;
        }

        /** What an array holds: it sees what is around it, and nobody sees into it. */
        Symbol element(FieldType elementType) {
            return new Symbol(this, FieldReader.UNWANTED, elementType);
        }

        private Symbol find(List<String> path, int from) {
            Symbol symbol = this;
            for (int i = from; i < path.size() && symbol != null; i++) {
                symbol = symbol.children.get(path.get(i));
            }
            return symbol;
        }
    }

    /** Begins a part of a packet, by its absolute name. */
    Symbol open(String root, FieldType type) {
        Symbol symbol = new Symbol(null, FieldReader.UNWANTED, type);
        roots.put(root, symbol);
        return symbol;
    }

    /** What an earlier event had as this part, and all that came after it, is not before this one. */
    void forget(String root) {
        roots.remove(root);
        if (root.equals(LayoutCompiler.EVENT_CONTEXT)) {
            roots.remove(LayoutCompiler.EVENT_FIELDS);
        }
    }

    /** @throws CtfException when there is no such field */
    Symbol resolve(List<String> path, Symbol scope) {
        String whole = String.join(".", path);
        for (Map.Entry<String, Symbol> root : roots.entrySet()) {
            if (whole.startsWith(root.getKey() + '.')) {
                return found(root.getValue().find(path, root.getKey().split("\\.").length), whole);
            }
        }
        for (Symbol around = scope; around != null; around = around.outer) {
            Symbol symbol = around.find(path, 0);
            if (symbol != null) {
                return symbol;
            }
        }
        List<Symbol> parts = new ArrayList<>(roots.values());
        for (Symbol root : parts.reversed()) {
            Symbol symbol = root.find(path, 0);
            if (symbol != null) {
                return symbol;
            }
        }
        return found(null, whole);
    }

    private static Symbol found(Symbol symbol, String path) {
        if (symbol == null) {
            throw new CtfException("a variant or sequence refers to '" + path + "', which is no field before it");
        }
        return symbol;
    }
}
