package ktrace.decode;

import ktrace.tracefs.TracepointFormat;

/** How the kernel names and types the arguments of the calls that ktrace has no table line for. */
@FunctionalInterface
public interface ArgumentNames {
    /** When the kernel's descriptions cannot be read. */
    ArgumentNames UNKNOWN = name -> null;

    /**
     * The format of {@code syscalls:sys_enter_NAME}.
     *
     * @param name of a call in the current ABI
     * @return null when there is none; asked again every time, so it should remember
     */
    TracepointFormat entryOf(String name);
}
