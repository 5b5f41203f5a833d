/**
 * The kernel's word, as it is at the moment of asking: /proc, sock_diag(7), mounts, and the state of the system at attach.
 *
 * <p>What has gone is null or an empty list. Nothing is opened but files of /proc itself and netlink sockets: to open another
 * process's pipe would make ktrace one of its readers. Each class belongs to one thread, which may be kept waiting; so nobody calls
 * these but {@link ktrace.facts.Resolver}'s threads and the one that dumps the state.
 */
package ktrace.facts.live;
