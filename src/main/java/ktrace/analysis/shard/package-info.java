/**
 * The sums of all processes, kept by one thread: who is there, who was, and what each has done. Memory is bounded by
 * {@code Limits}: what is beyond is summed up, and counted.
 */
package ktrace.analysis.shard;
