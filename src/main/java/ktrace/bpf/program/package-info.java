/** What runs in the kernel: one file for each program, the records that they write, the state that they keep. */
package ktrace.bpf.program;
