/** How much of the CPUs ktrace takes, where others want them too: its threads, and its session. Knows nothing of events. */
package ktrace.linux.cpu;
