/**
 * What the arguments and results of system calls mean, as strace(1) shows them.
 *
 * <pre>
 *   enter ──► CallFormatter ──► CallTable (calls.txt) ──► one Argument for each parameter ──► text up to the first
 *                                                                                           parameter that the call fills
 *   exit  ──► CallFormatter ──► the rest of the parameters, " = " and the result
 * </pre>
 *
 * <p>Which calls are known and what their parameters are is data, in calls.txt; the names of flags and numbers are data, in
 * constants.txt; a family of kinds that needs more than that is a class. What cannot be known (memory that cannot be read, a
 * descriptor without a name) is shown as the register held it.
 */
package ktrace.decode;
