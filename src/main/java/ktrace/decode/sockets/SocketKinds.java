package ktrace.decode.sockets;

import ktrace.decode.Family;

/** The kinds of calls on sockets. */
public final class SocketKinds {
    public static final Family ALL = new Family(name -> null, SocketAddress::kind, SocketMessages::kind, SocketOptions::kind,
            Receiving::kind);

    private SocketKinds() {
    }
}
