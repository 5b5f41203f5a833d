/** Waits for sockets: which calls they have, what arrives where, and who is at the other end. */
package ktrace.system.family.sockets;
