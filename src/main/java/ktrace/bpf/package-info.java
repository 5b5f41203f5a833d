/**
 * Live events by programs in the kernel, written into a ring for each CPU: only what concerns the traced threads leaves it, and no
 * thread needs a descriptor.
 */
package ktrace.bpf;
