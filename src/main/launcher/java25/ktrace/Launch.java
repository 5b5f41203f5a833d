package ktrace;

import ktrace.cli.Main;

/** What the jar starts on Java 25 and newer; its sibling for older Javas says which Java is needed. */
public final class Launch {

    private Launch() {}

    public static void main(String[] args) {
        Main.main(args);
    }
}
