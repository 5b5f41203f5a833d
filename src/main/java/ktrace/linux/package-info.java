/**
 * The kernel's system calls, one thin method for each man page. A failure is a {@link ktrace.linux.SyscallException} that says
 * in one line what was tried, why it failed and what would help. Layouts and constants are generated, in
 * {@code ktrace.linux.uapi}.
 *
 * <p>Here are the one way to the kernel, {@link ktrace.linux.Native}, which nobody outside of {@code ktrace.linux} may take; what a
 * call hands out and has to be given back (descriptors, mappings); the names of calls, errors and signals; and how processes are
 * signalled and scheduled. How they are started is in {@code ktrace.linux.child}. What the rest of ktrace knows of a call is its method's signature, never its number or its structures.
 */
package ktrace.linux;
