package ktrace.ctf.write;

import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import ktrace.ctf.RecordedCapabilities;
import ktrace.ctf.RecordedTargets;
import ktrace.ctf.TraceEnvironment;
import ktrace.ctf.Tsdl;

/** The metadata up to the first event: types, trace, environment, clock and streams, as LTTng-modules 2.9 writes them. */
final class Preamble {
    private Preamble() {
    }

    static String of(TraceEnvironment env, UUID uuid) {
        return String.format(Locale.ROOT, """
                /* CTF 1.8 */

                typealias integer { size = 5; align = 1; signed = false; } := uint5_t;
                typealias integer { size = 8; align = 8; signed = false; } := uint8_t;
                typealias integer { size = 32; align = 8; signed = false; } := uint32_t;
                typealias integer { size = 64; align = 8; signed = false; } := uint64_t;

                trace {
                	major = 1;
                	minor = 8;
                	uuid = "%s";
                	byte_order = le;
                	packet.header := struct {
                		uint32_t magic;
                		uint8_t  uuid[16];
                		uint32_t stream_id;
                		uint64_t stream_instance_id;
                	};
                };

                env {
                	hostname = %s;
                	domain = "kernel";
                	sysname = "Linux";
                	kernel_release = %s;
                	kernel_version = %s;
                	tracer_name = "lttng-modules";
                	tracer_major = 2;
                	tracer_minor = 9;
                	tracer_patchlevel = 0;
                	ktrace_version = %s;
                	ktrace_collector = %s;
                	ktrace_shards = %d;
                	ktrace_arch = %s;
                	ktrace_scope = %s;
                %s                };

                clock {
                	name = "monotonic";
                	description = "Monotonic Clock";
                	freq = 1000000000; /* Frequency, in Hz */
                	/* clock value offset from Epoch is: offset * (1/freq) */
                	offset = %d;
                };

                typealias integer {
                	size = 27; align = 1; signed = false;
                	map = clock.monotonic.value;
                } := uint27_clock_monotonic_t;

                typealias integer {
                	size = 64; align = 8; signed = false;
                	map = clock.monotonic.value;
                } := uint64_clock_monotonic_t;

                struct packet_context {
                	uint64_clock_monotonic_t timestamp_begin;
                	uint64_clock_monotonic_t timestamp_end;
                	uint64_t content_size;
                	uint64_t packet_size;
                	uint64_t packet_seq_num;
                	uint64_t events_discarded;
                	uint32_t cpu_id;
                };

                struct event_header_compact {
                	enum : uint5_t { compact = 0 ... 30, extended = 31 } id;
                	variant <id> {
                		struct {
                			uint27_clock_monotonic_t timestamp;
                		} compact;
                		struct {
                			uint32_t id;
                			uint64_clock_monotonic_t timestamp;
                		} extended;
                	} v;
                } align(8);

                stream {
                	id = 0;
                	event.header := struct event_header_compact;
                	packet.context := struct packet_context;
                	event.context := struct {
                		integer { size = 32; align = 8; signed = 1; encoding = none; base = 10; } _pid;
                		integer { size = 32; align = 8; signed = 1; encoding = none; base = 10; } _tid;
                	};
                };

                """, uuid, Tsdl.quoted(env.hostname()), Tsdl.quoted(env.kernelRelease()), Tsdl.quoted(env.kernelVersion()),
                Tsdl.quoted(env.ktraceVersion()), Tsdl.quoted(env.collector()), env.shards(), Tsdl.quoted(env.machine()),
                Tsdl.quoted(env.scope()), RecordedCapabilities.entries(env.seen()) + RecordedTargets.entries(env.targets()),
                env.realtimeOffsetNs());
    }

    /** The sixteen bytes of an RFC 4122 UUID in the order of its text. */
    static byte[] bytes(UUID uuid) {
        return HexFormat.of().parseHex(uuid.toString().replace("-", ""));
    }
}
