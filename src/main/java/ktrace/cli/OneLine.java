package ktrace.cli;

/** Makes a message fit for one line of a terminal: what came from a path or a command line may hold anything. */
final class OneLine {
    private OneLine() {
    }

    static String of(String message) {
        StringBuilder line = new StringBuilder(message.length());
        message.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                line.append(String.format("\\x%02x", c));
            } else {
                line.appendCodePoint(c);
            }
        });
        return line.toString();
    }
}
