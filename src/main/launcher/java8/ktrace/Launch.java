package ktrace;

/**
 * What the jar starts on a Java that is too old for ktrace. A fitting Java never loads this class: the jar is a
 * multi-release one, and from Java 25 on the class of the same name under {@code META-INF/versions/25} takes its
 * place. Compiled for Java 8, so that the user reads one sentence and not {@code UnsupportedClassVersionError}.
 */
public final class Launch {

    private static final int REQUIRED = 25;

    private Launch() {}

    public static void main(String[] args) {
        System.err.println(message(System.getProperty("java.specification.version", "0"), System.getProperty("java.home")));
        System.exit(1);
    }

    static String message(String specification, String home) {
        // Java 8 and older call themselves 1.8, 1.7, …
        String release = specification.startsWith("1.") ? specification.substring(2) : specification;
        if (Integer.parseInt(release) >= REQUIRED) {
            return "ktrace: started from loose classes; start it from its jar: java -jar ktrace.jar";
        }
        return "ktrace: needs Java " + REQUIRED + " or newer, but this is Java " + release + " (" + home
                + "); the launcher `ktrace` beside the jar finds a newer one by itself, or set JAVA_HOME";
    }
}
