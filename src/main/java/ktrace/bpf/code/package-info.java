/** Instructions of eBPF: written down with labels, encoded as the kernel takes them, told as text. */
package ktrace.bpf.code;
