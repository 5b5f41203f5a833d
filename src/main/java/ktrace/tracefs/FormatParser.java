package ktrace.tracefs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text of a tracepoint's {@code format} file. */
public final class FormatParser {
    /** {@code \tfield:__data_loc char[] filename;\toffset:8;\tsize:4;\tsigned:0;} */
    private static final Pattern FIELD = Pattern.compile(
            "\\s*field:(?<declaration>[^;]+);\\s*offset:(?<offset>\\d{1,6});\\s*size:(?<size>\\d{1,6});"
                    + "\\s*(signed:(?<signed>\\d);)?.*");
    private static final Pattern DECLARATION = Pattern.compile(
            "(?<type>.*?[\\s*])(?<name>\\w+)(?<array>\\[[^\\]]*\\])?");

    private FormatParser() {
    }

    /**
     * Parses one file.
     *
     * @param where named in errors
     * @throws TracepointException when it has no name, no ID or no fields
     */
    public static TracepointFormat parse(String text, String where) {
        String name = null;
        int id = -1;
        List<TracepointFormat.Field> fields = new ArrayList<>();
        for (String line : text.split("\n")) {
            if (line.startsWith("name: ")) {
                name = line.substring(6).strip();
            } else if (line.startsWith("ID: ")) {
                id = number(line.substring(4).strip(), where);
            } else if (line.contains("field:")) {
                fields.add(field(line, where));
            }
        }
        if (name == null || id < 0 || id > 0xffff || fields.isEmpty()) {
            throw new TracepointException("cannot read " + where + ": it has no name, no ID or no fields");
        }
        return new TracepointFormat(name, id, fields);
    }

    private static TracepointFormat.Field field(String line, String where) {
        Matcher field = FIELD.matcher(line);
        if (!field.matches()) {
            throw new TracepointException("cannot read " + where + ": not a field: " + line.strip());
        }
        Matcher declaration = DECLARATION.matcher(field.group("declaration").strip());
        if (!declaration.matches()) {
            throw new TracepointException("cannot read " + where + ": not a declaration: " + line.strip());
        }
        String type = declaration.group("type").strip();
        boolean dataLocation = type.startsWith("__data_loc");
        String array = declaration.group("array");
        return new TracepointFormat.Field(declaration.group("name"), array == null ? type : type + array,
                number(field.group("offset"), where), number(field.group("size"), where),
                "1".equals(field.group("signed")), dataLocation);
    }

    private static int number(String digits, String where) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw new TracepointException("cannot read " + where + ": not a number: " + digits);
        }
    }
}
