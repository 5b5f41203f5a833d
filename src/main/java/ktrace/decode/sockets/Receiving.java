package ktrace.decode.sockets;

import ktrace.decode.Argument;
import ktrace.decode.Decoding;

/** recvfrom(2): data, and how much of the sender's address there was room for. */
final class Receiving {
    private Receiving() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "recv-data" -> Argument.out((d, value) -> d.data(value, d.call().result()))
                    .noting((d, value) -> d.call().noted = d.intAt(d.argument(5), 0));
            case "recv-length" -> Argument.late((d, value) -> {
                if (d.failed() || d.argument(4) == 0) {
                    length(d, value);
                } else {
                    SocketAddress.length(d, value);
                }
            });
            default -> null;
        };
    }

    private static void length(Decoding d, long address) {
        if (address == 0 || d.intAt(address, -1) == -1) {
            d.address(address);
        } else {
            d.out().append('[').append(d.intAt(address, 0)).append(']');
        }
    }
}
