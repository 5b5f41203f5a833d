/**
 * Who exists, what their descriptors refer to, and who is at the other end.
 *
 * <p>{@link ktrace.system.SystemTracker} is a function of the event stream. What events cannot tell it asks an
 * {@link ktrace.facts.ObjectSource}.
 *
 * <pre>
 *   events ──► Lives          births, execs, ends           ThreadTable, ProcessTable
 *          ──► CallTargets    what a call works on          FdTable, Futexes
 *          ──► FdEffects      what a call changed           FdTable, NewFds
 *          ──► WakeResolver   who ended a wait, how sure    TrackedObject, Senders
 *                   │ not known
 *                   ▼
 *               Lookups ──► ObjectSource
 * </pre>
 */
package ktrace.system;
