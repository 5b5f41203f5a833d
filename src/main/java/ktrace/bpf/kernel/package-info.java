/** The running kernel, as programs see it: its types, and the maps and programs that bpf(2) puts there. */
package ktrace.bpf.kernel;
