/** Who runs on each CPU, and why a thread that is ready does not. */
package ktrace.system.ready;
