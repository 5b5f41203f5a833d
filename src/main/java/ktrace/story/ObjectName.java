package ktrace.story;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ktrace.text.TextWidth;

/** Names of objects made shorter, so that what tells them apart stays: the last parts of a path, the ports of a connection. */
public final class ObjectName {
    private static final String HOST = "[^\\s:→↔>-]+|\\[[^\\]]*\\]";
    private static final Pattern CONNECTION = Pattern.compile("(.*?)(" + HOST + "):(\\d+)(→|->)(" + HOST + "):(\\d+)");
    /** Where Linux takes the ports of those who connect from, unless told otherwise (net.ipv4.ip_local_port_range). */
    private static final int FIRST_EPHEMERAL = 32768;
    private static final int LAST_EPHEMERAL = 60999;

    /** What is so short is not cut: nothing of it would be left. */
    private static final int SHORT_COLUMNS = 12;
    /** Between so many connections and their common end. */
    static final String OF = " of ";

    private ObjectName() {
    }

    /** At most {@code columns} of it. */
    public static String fit(String name, int columns, String ellipsis) {
        if (TextWidth.of(name) <= columns) {
            return name;
        }
        if (name.contains(OF)) {
            // Of so many connections to one end that end, or at least its port.
            String port = withPort(name);
            return TextWidth.of(port) <= columns ? port
                    : TextWidth.cutMiddle(name.substring(0, name.indexOf(OF)), columns, ellipsis);
        }
        Matcher connection = CONNECTION.matcher(name);
        if (connection.matches()) {
            return connection(connection, columns, ellipsis);
        }
        int path = name.indexOf('/');
        return path < 0 ? TextWidth.cutMiddle(name, columns, ellipsis) : name.substring(0, path)
                + path(name.substring(path), columns - TextWidth.of(name.substring(0, path)), ellipsis);
    }

    private static String connection(Matcher connection, int columns, String ellipsis) {
        String near = connection.group(1) + ":" + connection.group(3) + connection.group(4);
        String ports = near + ":" + connection.group(6);
        int host = columns - TextWidth.of(ports);
        if (host >= TextWidth.of(connection.group(5))) {
            return near + connection.group(5) + ":" + connection.group(6);
        }
        if (host > ellipsis.length()) {
            return near + ellipsis + TextWidth.tail(connection.group(5), host - ellipsis.length()) + ":" + connection.group(6);
        }
        return host >= 0 ? ports : TextWidth.cutMiddle(onePort(connection), columns, ellipsis);
    }

    private static String withPort(String many) {
        return many.substring(0, many.indexOf(OF)) + OF + many.substring(many.lastIndexOf(':'));
    }

    /** The port that others connect to; of two that are alike the far one. */
    private static String onePort(Matcher connection) {
        boolean near = !isEphemeral(connection.group(3)) && isEphemeral(connection.group(6));
        return connection.group(1) + ":" + connection.group(near ? 3 : 6);
    }

    /** In how many columns it still tells something: about {@code columns}, but of a connection a port stays. */
    static int least(String name, int columns) {
        if (name.contains(OF)) {
            return TextWidth.of(withPort(name));
        }
        Matcher connection = CONNECTION.matcher(name);
        int width = TextWidth.of(name);
        return connection.matches() ? TextWidth.of(onePort(connection)) : width <= SHORT_COLUMNS ? width : Math.min(columns, width);
    }

    private static String path(String path, int columns, String ellipsis) {
        int room = columns - ellipsis.length();
        int part = path.indexOf('/', 1);
        while (part >= 0 && TextWidth.of(path.substring(part)) > room) {
            part = path.indexOf('/', part + 1);
        }
        return part >= 0 ? ellipsis + path.substring(part)
                : TextWidth.cutMiddle(path.substring(path.lastIndexOf('/') + 1), Math.max(columns, 1), ellipsis);
    }

    /** The end of a connection that others connect to, the one whose port is no passing one; null where the ports do not tell. */
    public static String listening(String name) {
        Matcher connection = CONNECTION.matcher(name == null ? "" : name);
        if (!connection.matches()) {
            return null;
        }
        boolean near = isEphemeral(connection.group(3));
        boolean far = isEphemeral(connection.group(6));
        return near == far ? null : near ? connection.group(5) + ":" + connection.group(6)
                : connection.group(2) + ":" + connection.group(3);
    }

    private static boolean isEphemeral(String port) {
        int number = port.length() > 5 ? 0 : Integer.parseInt(port);
        return number >= FIRST_EPHEMERAL && number <= LAST_EPHEMERAL;
    }
}
