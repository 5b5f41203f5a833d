/**
 * What a tracer does to another process: ptrace(2), calls made in its name, its memory. Whatever is done here must be undone by the
 * kernel if ktrace is killed, or do no harm by staying.
 */
package ktrace.linux.tracing;
