/**
 * How signals are shown, in calls and wherever else one has a name: sets, actions, {@code siginfo_t}.
 *
 * <p>What others need of it is {@link ktrace.decode.signals.SignalKinds#ALL} and, for other families, names and sets of
 * signals ({@link ktrace.decode.signals.SignalText}) and {@link ktrace.decode.signals.SignalInfo}; a kind is added as a case in the
 * class that shows what is alike.
 */
package ktrace.decode.signals;
