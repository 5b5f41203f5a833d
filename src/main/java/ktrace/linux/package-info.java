/**
 * The kernel's system calls, one thin method for each man page. A failure is a {@link ktrace.linux.SyscallException} that says
 * in one line what was tried, why it failed and what would help. Layouts and constants are generated, in
 * {@code ktrace.linux.uapi}.
 */
package ktrace.linux;
