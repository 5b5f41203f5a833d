package ktrace.decode.signals;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;

/** How timers and queues tell that something has happened. */
final class SignalEvents {
    private SignalEvents() {
    }

    static Argument kind(String name, String parameter) {
        return name.equals("sigevent") ? Argument.in(SignalEvents::show) : null;
    }

    /** struct sigevent: value, signo, notify, and the thread that is to be told. */
    private static void show(Decoding d, long address) {
        int word = d.call().wordBytes();
        Bytes bytes = d.fetch(address, 64);
        if (bytes == null) {
            d.address(address);
            return;
        }
        int notify = bytes.i32(word + 4);
        StringBuilder out = d.out().append('{');
        if (bytes.word(0) != 0) {
            out.append("sigev_value={sival_int=").append(bytes.i32(0)).append(", sival_ptr=");
            d.address(bytes.word(0));
            out.append("}, ");
        }
        out.append("sigev_signo=").append(SignalText.name(bytes.i32(word))).append(", sigev_notify=");
        Constants.group("sigev").one(out, notify & 0xffff_ffffL);
        if (notify == 4) {
            out.append(", sigev_notify_thread_id=").append(bytes.i32(word + 8));
        }
        out.append('}');
    }
}
