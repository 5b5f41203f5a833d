package ktrace.linux;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.LambdaConversionException;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/**
 * What is run at a signal. In Java that is sun.misc.Signal, which stays until there is another (module jdk.unsupported, JEP 260);
 * but javac warns of its name wherever it stands, so it is looked up.
 */
public final class SignalActions {
    private SignalActions() {
    }

    /**
     * Has {@code action} run at each {@code signal}, on a thread of the JVM's.
     *
     * @param signal its name without SIG
     * @return false when the JVM keeps the signal to itself, or cannot do such a thing: the signal does then what it did before
     */
    public static boolean on(String signal, Runnable action) {
        try {
            handle(signal, action);
            return true;
        } catch (IllegalArgumentException | ReflectiveOperationException | LambdaConversionException e) {
            return false;
        } catch (Throwable e) {
            throw new AssertionError("handling a signal does not throw that", e);
        }
    }

    /** {@code Signal.handle(new Signal(signal), received -> run(action, received))} */
    private static void handle(String signal, Runnable action) throws Throwable {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        Class<?> type = lookup.findClass("sun.misc.Signal");
        Class<?> handler = lookup.findClass("sun.misc.SignalHandler");
        MethodHandle ofName = lookup.findConstructor(type, methodType(void.class, String.class));
        MethodHandle handle = lookup.findStatic(type, "handle", methodType(handler, type, handler));
        MethodHandle run = lookup.findStatic(SignalActions.class, "run", methodType(void.class, Runnable.class, Object.class));
        MethodHandle handlerOf = LambdaMetafactory.metafactory(lookup, "handle", methodType(handler, Runnable.class),
                methodType(void.class, type), run, methodType(void.class, type)).getTarget();
        handle.invoke(ofName.invoke(signal), handlerOf.invoke(action));
    }

    private static void run(Runnable action, Object signal) {
        action.run();
    }
}
