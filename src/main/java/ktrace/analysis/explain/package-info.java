/**
 * Why time passed: every wait is followed to whoever ended it, to what that thread did meanwhile, and on along its own waits.
 *
 * <pre>
 *  Intervals ──► Explainer ──► Account      (who waited, on whom it ended, why) → how long
 *                 │  ▲
 *                 ▼  │ what a thread did lately
 *                Pasts
 * </pre>
 *
 * <p>Beside that stands what a thread computed between two calls by which it deals with others ({@code Dealings}), while others waited for
 * it; and who stands still, waiting for one another ({@code Standstill}).
 *
 * <p>Intervals are explained as they end. All of it is written on one thread.
 */
package ktrace.analysis.explain;
