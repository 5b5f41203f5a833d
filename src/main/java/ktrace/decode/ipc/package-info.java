/**
 * How calls are shown that wait for others, sockets aside: futexes, poll(2) and its like, queues, semaphores and shared memory.
 *
 * <p>What others need of it is {@link ktrace.decode.ipc.IpcKinds#ALL}; a kind is added as a case in the class that shows
 * what is alike.
 */
package ktrace.decode.ipc;
