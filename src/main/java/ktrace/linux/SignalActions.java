package ktrace.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.invoke.MethodType.methodType;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.LambdaConversionException;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import ktrace.linux.uapi.Uapi;

/**
 * What is run at a signal. In Java that is sun.misc.Signal, which stays until there is another (module jdk.unsupported, JEP 260);
 * but javac warns of its name wherever it stands, so it is looked up.
 */
public final class SignalActions {
    /** Room for struct sigaction of any C library: the handler comes first in glibc's and musl's; the rest stays 0. */
    private static final long SIGACTION_BYTES = 256;
    /** asm-generic/signal-defs.h. */
    private static final long SIG_IGN = 1;

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

    /**
     * {@code signal} does nothing from now on, but that a system call returns with EINTR that waits when it comes; what is started
     * has it as it was, for a handler ends at an exec, and being ignored does not. None may run Java code at such a moment: the C
     * library's abs(3) takes an int, touches nothing, and returns.
     */
    public static void nothingAt(int signal) {
        act(signal, Native.LINKER.defaultLookup().findOrThrow("abs"));
    }

    /** {@code signal} does what it does to a program that does not handle it. */
    public static void usualAt(int signal) {
        act(signal, MemorySegment.NULL);
    }

    /** Whether nothing is done at {@code signal}: what is ignored when the JVM starts it leaves so. */
    public static boolean isIgnored(int signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(SIGACTION_BYTES, 8);
            sigaction(signal, MemorySegment.NULL, action);
            return action.get(ADDRESS, 0).address() == SIG_IGN;
        }
    }

    private static void act(int signal, MemorySegment handler) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(SIGACTION_BYTES, 8);
            action.set(ADDRESS, 0, handler);
            sigaction(signal, action, MemorySegment.NULL);
        }
    }

    @SuppressWarnings("restricted") // what this package is for
    private static void sigaction(int signal, MemorySegment action, MemorySegment before) {
        try {
            MethodHandle sigaction = Native.LINKER.downcallHandle(Native.LINKER.defaultLookup().findOrThrow("sigaction"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
            int result = (int) sigaction.invokeExact(signal, action, before);
            if (result != 0) {
                throw new SyscallException("sigaction", Uapi.EINVAL(), "say what is done at signal " + signal, "");
            }
        } catch (SyscallException e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError("a downcall does not throw", t);
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
