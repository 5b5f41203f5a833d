/**
 * The collector that needs no privileges: ptrace(2).
 *
 * <pre>
 *   Tracer (one thread: attach, wait4, detach)
 *      │ PtraceStop
 *      ▼
 *   Stops ──► Births, exec, exits, system calls ──► EventWriter ──► EventQueue ──► PtraceCollector (poller)
 * </pre>
 *
 * <p>Three system calls a stop: wait4, PTRACE_GET_SYSCALL_INFO, PTRACE_SYSCALL. Where a person would be harmed by a tracer that dies
 * nothing is set that the kernel would keep: if ktrace is killed, all traced threads run on.
 */
package ktrace.ptrace;
