/**
 * Which calls there are, and how one is written: {@link ktrace.decode.calls.CallFormatter} for those who have a call,
 * {@link ktrace.decode.calls.CallSet} for those who ask for some by name, class or pattern.
 *
 * <pre>
 *   enter ──► CallFormatter ──► CallTable (calls.txt) ──► one Argument for each parameter ──► text up to the first
 *                                                                                           parameter that the call fills
 *   exit  ──► CallFormatter ──► the rest of the parameters, " = " and the result
 * </pre>
 *
 * <p>{@code Kinds} alone lists the families. A call is added as data first; src/docs/adding-a-call.md says how.
 */
package ktrace.decode.calls;
