package ktrace.event;

/** How sockets are called: {@code tcp 127.0.0.1:45678→127.0.0.1:6379}, {@code tcp 0.0.0.0:6379}, {@code unix:[1234]}. */
public final class SocketNames {
    /** How the name begins of a packet socket that hears the loopback interface alone. */
    public static final String LOOPBACK_PACKETS = "packet lo";
    private static final char ARROW = '→';

    private SocketNames() {
    }

    /** @param suffix tells apart what has the same addresses in another network namespace; empty in ktrace's own */
    public static String connected(ObjectKind kind, String local, String remote, String suffix) {
        return kind.label() + ' ' + local + ARROW + remote + suffix;
    }

    public static String unconnected(ObjectKind kind, String local, String suffix) {
        return kind.label() + ' ' + local + suffix;
    }

    public static String ofInode(ObjectKind kind, long inode) {
        return kind.label() + ":[" + inode + ']';
    }

    /** Whether a TCP or UDP socket is bound to an address that only this machine reaches. */
    public static boolean isLoopback(KernelObject socket) {
        int address = socket.name().indexOf(' ') + 1;
        return socket.name().startsWith("127.", address) || socket.name().startsWith("[::1]", address);
    }

    /** A unix socket that was not bound, or of which nothing but its number is known. */
    public static boolean isUnnamed(KernelObject socket) {
        return socket.name().startsWith(socket.kind().label() + ":[");
    }

    public static boolean isConnected(KernelObject socket) {
        return (socket.kind() == ObjectKind.TCP || socket.kind() == ObjectKind.UDP) && socket.name().indexOf(ARROW) > 0;
    }

    /** The name of the other end of a connected TCP or UDP socket, null for any other object. */
    public static String mirror(KernelObject socket) {
        if (!isConnected(socket)) {
            return null;
        }
        String name = socket.name();
        int start = name.indexOf(' ') + 1;
        int arrow = name.indexOf(ARROW);
        int end = name.indexOf(' ', arrow);
        end = end < 0 ? name.length() : end;
        return name.substring(0, start) + name.substring(arrow + 1, end) + ARROW + name.substring(start, arrow)
                + name.substring(end);
    }

    /**
     * Where a TCP or UDP socket called {@code name} is connected to, {@code HOST:PORT}, if that is another address than its own; null
     * where it is not, or {@code name} is none of one.
     */
    public static String otherMachine(String name) {
        int start = name.indexOf(' ') + 1;
        int arrow = name.indexOf(ARROW);
        boolean isInet = name.startsWith(ObjectKind.TCP.label()) || name.startsWith(ObjectKind.UDP.label());
        if (start == 0 || arrow < start || !isInet) {
            return null;
        }
        int end = name.indexOf(' ', arrow);
        String remote = name.substring(arrow + 1, end < 0 ? name.length() : end);
        String host = remote.substring(0, Math.max(0, remote.lastIndexOf(':')));
        String own = name.substring(start, Math.max(start, name.lastIndexOf(':', arrow)));
        return host.isEmpty() || host.equals(own) || host.startsWith("127.") || host.equals("[::1]") ? null : remote;
    }

    /** Whether a socket of which only the addresses are known may be {@code found}, in whatever network namespace that is. */
    public static boolean isSame(KernelObject addressed, KernelObject found) {
        String name = addressed.name();
        String other = found.name();
        return other.startsWith(name) && (other.length() == name.length() || other.charAt(name.length()) == ' ');
    }

    /** Whether both are connected, each to the other: the one's name is the other's mirrored. Allocates nothing. */
    public static boolean areEnds(KernelObject one, KernelObject other) {
        String a = one.name();
        String b = other.name();
        int arrow = a.indexOf(ARROW);
        int otherArrow = b.indexOf(ARROW);
        int start = a.indexOf(' ') + 1;
        if (arrow < 0 || otherArrow < 0 || a.length() != b.length() || !a.regionMatches(0, b, 0, start)) {
            return false;
        }
        int end = a.indexOf(' ', arrow);
        end = end < 0 ? a.length() : end;
        int remoteLength = end - arrow - 1;
        return otherArrow - start == remoteLength && a.regionMatches(arrow + 1, b, start, remoteLength)
                && a.regionMatches(start, b, otherArrow + 1, arrow - start) && a.regionMatches(end, b, end, a.length() - end);
    }

    /** The local port of a TCP or UDP socket, or -1. */
    public static int localPort(KernelObject socket) {
        int arrow = socket.name().indexOf(ARROW);
        int space = socket.name().indexOf(' ', Math.max(arrow, socket.name().indexOf(' ') + 1));
        return port(socket.name().substring(0, arrow > 0 ? arrow : space > 0 ? space : socket.name().length()));
    }

    /** The remote port of a connected TCP or UDP socket, or -1. */
    public static int remotePort(KernelObject socket) {
        String mirrored = mirror(socket);
        return mirrored == null ? -1 : port(mirrored.substring(0, mirrored.indexOf(ARROW)));
    }

    private static int port(String address) {
        int colon = address.lastIndexOf(':');
        int port = 0;
        for (int i = colon + 1; i < address.length(); i++) {
            char c = address.charAt(i);
            if (c < '0' || c > '9' || port > 0xffff) {
                return -1;
            }
            port = port * 10 + c - '0';
        }
        return colon < 0 || colon == address.length() - 1 ? -1 : port;
    }
}
