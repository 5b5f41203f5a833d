/**
 * Who exists, what their descriptors refer to, and who is at the other end.
 *
 * <p>{@link ktrace.system.SystemTracker} is stage 1 of the pipeline and a function of the event stream. What events cannot tell it
 * asks an {@link ktrace.system.ObjectSource}: live that is /proc and sock_diag(7), for a recorded trace the answers of the live
 * session. {@link ktrace.system.StateDump} tells at attach what was there before.
 *
 * <pre>
 *   events ──► Lives          births, execs, ends           ThreadTable, ProcessTable
 *          ──► CallTargets    what a call works on          FdTable, Futexes
 *          ──► FdEffects      what a call changed           FdTable, NewFds
 *          ──► WakeResolver   who ended a wait, how sure    TrackedObject, Senders
 *                   │ not known
 *                   ▼
 *               Lookups ──► ObjectSource: LiveSource (FdReader, SocketTable, HolderFinder) or RecordedSource
 * </pre>
 */
package ktrace.system;
