/**
 * The critical path: what an interval of one thread's time consisted of, stretch by stretch, each wait replaced by what whoever ended
 * it did meanwhile.
 *
 * <pre>
 *  TraceEvent ──► History ──► Intervals ──► Trails    what every thread did, twelve bytes an interval
 *                                              │
 *                    CriticalPath, from the end ▼
 *                                           Stretch Stretch Stretch …
 * </pre>
 */
package ktrace.analysis.path;
