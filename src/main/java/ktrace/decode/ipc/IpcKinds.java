package ktrace.decode.ipc;

import ktrace.decode.Family;
import ktrace.decode.Result;

/** The kinds of calls that wait for somebody, sockets aside. */
public final class IpcKinds {
    public static final Family ALL = new Family(IpcKinds::result, Futexes::kind, FutexCalls::kind, Polling::kind, SystemV::kind, QueueStatus::kind);

    private IpcKinds() {
    }

    private static Result result(String name) {
        return switch (name) {
            case "poll", "ppoll", "select" -> Polling.result(name);
            default -> null;
        };
    }
}
