/** Where the kernel describes its tracepoints: their numbers, fields and types. */
package ktrace.tracefs;
