package ktrace.view.log;

import java.time.ZoneId;
import ktrace.decode.ArgumentNames;
import ktrace.decode.DecodeOptions;
import ktrace.decode.calls.CallSet;
import ktrace.linux.Abi;

/**
 * What a {@link CallLog} shows and how.
 *
 * @param abi whose numbers the events carry: that of the machine where they were seen
 * @param calls which calls
 * @param longerThanNs only calls that took longer than that; 0 for all
 * @param failedOnly only calls that returned an error
 * @param decode how much of strings and data is shown, where the caller's memory is known
 * @param argumentNames asked for calls that ktrace has no description of
 * @param zone whose time of day is shown
 * @param realtimeOffsetNs CLOCK_REALTIME minus CLOCK_MONOTONIC
 * @param asciiOnly whether everything beyond ASCII is escaped
 * @param choice what few want
 */
public record CallLogOptions(Abi abi, CallSet calls, long longerThanNs, boolean failedOnly, DecodeOptions decode,
        ArgumentNames argumentNames, ZoneId zone, long realtimeOffsetNs, boolean asciiOnly, LineChoice choice) {
    /** Everything that is seen on this machine, in local time. */
    public static CallLogOptions of(long realtimeOffsetNs) {
        return new CallLogOptions(Abi.current(), CallSet.ALL, 0, false, DecodeOptions.DEFAULT, ArgumentNames.UNKNOWN,
                ZoneId.systemDefault(), realtimeOffsetNs, false, LineChoice.USUAL);
    }
}
