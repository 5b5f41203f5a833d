/**
 * How calls on sockets are shown: addresses, messages with what they carry, options.
 *
 * <p>What others need of it is {@link ktrace.decode.sockets.SocketKinds#ALL}; a kind is added as a case in the class that shows
 * what is alike.
 */
package ktrace.decode.sockets;
