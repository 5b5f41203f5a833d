package ktrace.decode;

/** The kinds of calls on sockets. */
final class SocketKinds {
    static final Family ALL = new Family(name -> null, SocketAddress::kind, SocketMessages::kind, SocketOptions::kind,
            Receiving::kind);

    private SocketKinds() {
    }
}
