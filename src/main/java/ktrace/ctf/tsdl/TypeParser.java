package ktrace.ctf.tsdl;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import ktrace.ctf.tsdl.FieldType.ArrayType;
import ktrace.ctf.tsdl.FieldType.EnumType;
import ktrace.ctf.tsdl.FieldType.Field;
import ktrace.ctf.tsdl.FieldType.IntegerType;
import ktrace.ctf.tsdl.FieldType.SequenceType;
import ktrace.ctf.tsdl.FieldType.StringType;
import ktrace.ctf.tsdl.FieldType.StructType;
import ktrace.ctf.tsdl.FieldType.VariantType;

/**
 * The part of TSDL that declares types: specifiers, declarators, typealias and typedef, in scopes of names.
 *
 * <p>Recursion goes as deep as blocks are nested in the text, which is bounded.
 */
final class TypeParser {
    private static final Set<String> C_WORDS = Set.of("const", "char", "double", "float", "int", "long", "short", "signed",
            "unsigned", "void", "_Bool", "_Complex", "_Imaginary");

    /** A name declared with a type: {@code char name[16]}; the name is empty where only a type was given. */
    private record Declared(String name, FieldType type) {
    }

    private final TsdlLexer lexer;
    private final boolean nativeBigEndian;
    private final Set<String> referenced = new HashSet<>();
    private TypeScope scope = new TypeScope(null);
    private int nesting;
    private int declarations;

    TypeParser(TsdlLexer lexer, boolean nativeBigEndian) {
        this.lexer = lexer;
        this.nativeBigEndian = nativeBigEndian;
    }

    /** The following declarations are in a block of their own. */
    void open() {
        if (++nesting > TsdlLimits.NESTING) {
            throw lexer.error("blocks nested more than " + TsdlLimits.NESTING + " deep");
        }
        scope = new TypeScope(scope);
    }

    void close() {
        nesting--;
        scope = scope.outer();
    }

    /** The last names of all paths that variants and sequences refer to others by. */
    Set<String> referenced() {
        return referenced;
    }

    private List<String> reference() {
        List<String> path = Attributes.path(lexer);
        referenced.add(path.getLast());
        return path;
    }

    /** Counts something that takes room. */
    void count() {
        if (++declarations > TsdlLimits.DECLARATIONS) {
            throw lexer.error("more than " + TsdlLimits.DECLARATIONS + " declarations");
        }
    }

    /** Reads a typealias, a typedef or the declaration of a named type, if one begins here. */
    boolean declaration() {
        if (lexer.accept("typealias")) {
            FieldType type = declarator(specifier()).type();
            lexer.expect(":=");
            define(aliasName(), type);
            lexer.expect(";");
            return true;
        }
        if (lexer.accept("typedef")) {
            FieldType type = specifier();
            do {
                Declared declared = declarator(type);
                define(declared.name, declared.type);
            } while (lexer.accept(","));
            lexer.expect(";");
            return true;
        }
        Token word = lexer.peek();
        if (word.is("struct") || word.is("variant") || word.is("enum")) {
            specifier();
            lexer.expect(";");
            return true;
        }
        return false;
    }

    /** The type that stands after {@code :=}, which has to be a structure. */
    StructType struct() {
        FieldType type = specifier();
        if (type instanceof StructType struct) {
            return struct;
        }
        throw lexer.error("a structure expected");
    }

    private void define(String name, FieldType type) {
        count();
        if (name.isEmpty()) {
            throw lexer.error("a name for the type expected");
        }
        scope.define(name, type);
    }

    /** What an alias is called: several words, as {@code unsigned long}, or a structure's tag. */
    private String aliasName() {
        StringBuilder name = new StringBuilder();
        while (lexer.peek().kind() == Token.Kind.NAME || lexer.peek().is("*")) {
            if (name.length() > TsdlLimits.NAME_CHARS) {
                throw lexer.error("a name of more than " + TsdlLimits.NAME_CHARS + " characters");
            }
            String word = lexer.take().text();
            if (!word.equals("const")) {
                name.append(name.isEmpty() ? "" : " ").append(word);
            }
        }
        return name.toString();
    }

    /** A type without the declarator after it. */
    private FieldType specifier() {
        while (lexer.accept("const")) {
            count();
        }
        Token word = lexer.peek();
        if (word.kind() != Token.Kind.NAME) {
            throw lexer.error("a type expected, not " + word);
        }
        return switch (word.text()) {
            case "struct" -> structSpecifier();
            case "variant" -> variantSpecifier();
            case "enum" -> enumSpecifier();
            case "integer" -> TypeAttributes.integer(attributes(), nativeBigEndian);
            case "floating_point" -> TypeAttributes.floatingPoint(attributes(), nativeBigEndian);
            case "string" -> {
                attributes();
                yield new StringType();
            }
            default -> named();
        };
    }

    private FieldType named() {
        StringBuilder name = new StringBuilder(lexer.take().text());
        if (C_WORDS.contains(name.toString())) {
            while (C_WORDS.contains(lexer.peek().text()) && lexer.peek().kind() == Token.Kind.NAME) {
                String word = lexer.take().text();
                if (name.length() < TsdlLimits.NAME_CHARS && !word.equals("const")) {
                    name.append(' ').append(word);
                }
            }
        }
        while (lexer.accept("*")) {
            if (name.length() < TsdlLimits.NAME_CHARS) {
                name.append(" *");
            }
        }
        return known(name.toString());
    }

    private FieldType known(String name) {
        FieldType type = scope.find(name);
        if (type == null) {
            throw lexer.error("no type '" + name + "' is declared");
        }
        return type;
    }

    private Attributes attributes() {
        lexer.take();
        Attributes attributes = new Attributes();
        if (lexer.accept("{")) {
            while (!lexer.accept("}")) {
                count();
                attributes.read(lexer.name(), lexer);
            }
        }
        return attributes;
    }

    private FieldType structSpecifier() {
        lexer.take();
        String tag = lexer.peek().kind() == Token.Kind.NAME && !lexer.peek().is("align") ? "struct " + lexer.name() : null;
        if (!lexer.accept("{")) {
            if (tag == null) {
                throw lexer.error("'{' expected, not " + lexer.peek());
            }
            return known(tag);
        }
        List<Field> fields = fields();
        int align = 1;
        if (lexer.accept("align")) {
            lexer.expect("(");
            align = TypeAttributes.alignment(Attributes.integer(lexer));
            lexer.expect(")");
        }
        StructType struct = StructType.of(fields, align);
        if (tag != null) {
            define(tag, struct);
        }
        return shallow(struct);
    }

    private FieldType variantSpecifier() {
        lexer.take();
        String name = lexer.peek().kind() == Token.Kind.NAME ? "variant " + lexer.name() : null;
        List<String> path = null;
        if (lexer.accept("<")) {
            path = reference();
            lexer.expect(">");
        }
        if (!lexer.accept("{")) {
            if (name == null || !(known(name) instanceof VariantType variant)) {
                throw lexer.error("'{' expected, not " + lexer.peek());
            }
            return path == null ? variant : variant.taggedBy(path);
        }
        VariantType variant = VariantType.of(path, fields());
        if (name != null) {
            define(name, variant);
        }
        return shallow(variant);
    }

    private List<Field> fields() {
        open();
        List<Field> fields = new ArrayList<>();
        while (!lexer.accept("}")) {
            count();
            if (lexer.peek().is("typealias") || lexer.peek().is("typedef")) {
                declaration();
                continue;
            }
            FieldType type = specifier();
            if (lexer.accept(";")) {
                continue;
            }
            do {
                count();
                Declared declared = declarator(type);
                if (declared.name.isEmpty()) {
                    throw lexer.error("a name for the field expected, not " + lexer.peek());
                }
                fields.add(new Field(declared.name, declared.type));
            } while (lexer.accept(","));
            lexer.expect(";");
        }
        close();
        return fields;
    }

    /** Reads {@code name[length][path]…}, all of which may be missing. */
    private Declared declarator(FieldType type) {
        while (lexer.accept("*")) {
            count();
        }
        String name = lexer.peek().kind() == Token.Kind.NAME ? lexer.name() : "";
        Deque<Object> lengths = new ArrayDeque<>();
        while (lexer.accept("[")) {
            if (lengths.size() >= TsdlLimits.NESTING) {
                throw lexer.error("more than " + TsdlLimits.NESTING + " dimensions");
            }
            if (lexer.peek().kind() == Token.Kind.NAME) {
                lengths.push(reference());
            } else {
                long length = Attributes.integer(lexer);
                if (length < 0 || length > TsdlLimits.ARRAY_LENGTH) {
                    throw lexer.error("an array of " + Long.toUnsignedString(length) + " elements");
                }
                lengths.push((int) length);
            }
            lexer.expect("]");
        }
        FieldType declared = type;
        for (Object length : lengths) {
            declared = shallow(length instanceof Integer constant
                    ? new ArrayType(declared, constant)
                    : new SequenceType(declared, pathOf(length)));
        }
        return new Declared(name, declared);
    }

    private static List<String> pathOf(Object names) {
        return names instanceof List<?> list ? list.stream().map(Object::toString).toList() : List.of();
    }

    private FieldType enumSpecifier() {
        lexer.take();
        String name = lexer.peek().kind() == Token.Kind.NAME ? "enum " + lexer.name() : null;
        FieldType container = null;
        if (lexer.accept(":")) {
            if (lexer.peek().is("enum")) {
                throw lexer.error("an enumeration of an enumeration");
            }
            container = specifier();
        }
        if (!lexer.accept("{")) {
            if (name == null || container != null) {
                throw lexer.error("'{' expected, not " + lexer.peek());
            }
            return known(name);
        }
        if (container == null) {
            container = known("int");
        }
        if (!(container instanceof IntegerType integer)) {
            throw lexer.error("an enumeration of something that is no integer");
        }
        EnumType type = new EnumType(integer, labels());
        if (name != null) {
            define(name, type);
        }
        return type;
    }

    private List<EnumType.Range> labels() {
        List<EnumType.Range> ranges = new ArrayList<>();
        long next = 0;
        while (!lexer.accept("}")) {
            count();
            Token label = lexer.peek();
            if (label.kind() != Token.Kind.NAME && label.kind() != Token.Kind.STRING) {
                throw lexer.error("a label expected, not " + label);
            }
            lexer.take();
            long low = next;
            long high = next;
            if (lexer.accept("=")) {
                low = Attributes.integer(lexer);
                high = lexer.accept("...") ? Attributes.integer(lexer) : low;
            }
            ranges.add(new EnumType.Range(label.text(), low, high));
            next = high + 1;
            if (!lexer.accept(",") && !lexer.peek().is("}")) {
                throw lexer.error("',' or '}' expected, not " + lexer.peek());
            }
        }
        return List.copyOf(ranges);
    }

    private FieldType shallow(FieldType type) {
        if (type.depth() > TsdlLimits.NESTING) {
            throw lexer.error("types nested more than " + TsdlLimits.NESTING + " deep");
        }
        return type;
    }
}
