package ktrace.decode;

/** Paths, and how files are opened. */
final class Files {
    private static final Constants ACCESS = Constants.group("open_access");
    private static final Constants FLAGS = Constants.group("open");
    private static final int ACCMODE = 3;
    private static final long CREATES = FLAGS.valueOf("O_CREAT") | FLAGS.valueOf("__O_TMPFILE");

    private Files() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "open-flags" -> Argument.in((d, value) -> openFlags(d.out(), value & 0xffff_ffffL));
            case "open-mode" -> {
                int flags = Integer.parseInt(parameter);
                yield mode().onlyIf(call -> (call.argument(flags) & CREATES) != 0);
            }
            case "mode" -> mode();
            default -> null;
        };
    }

    static void openFlags(StringBuilder out, long flags) {
        ACCESS.one(out, flags & ACCMODE);
        FLAGS.moreFlags(out, flags & ~ACCMODE);
    }

    private static Argument mode() {
        return Argument.in((d, value) -> d.octal(value & 0xffff));
    }
}
