package ktrace.ctf.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ktrace.ctf.layout.BitWriter;

/**
 * Writes traces as LTTng's kernel tracer lays them out, in every way in which its versions and machines differ. Independent of what
 * ktrace itself writes traces with.
 *
 * <p>Fields are declared in short: {@code i32 tid} (signed), {@code u64 args} (unsigned), {@code c16 comm} (characters),
 * {@code s filename} (string), {@code q32 vtids} (a sequence of signed integers after its length in a byte).
 */
public final class LttngTrace {
    public static final String UUID = "00112233-4455-6677-8899-aabbccddeeff";

    /** How fields are aligned. */
    public enum Alignment {
        BYTES, NATURAL, BITS
    }

    record Field(char kind, int size, String name) {
    }

    record Event(int id, String name, List<Field> fields) {
    }

    private final Path directory;
    final boolean bigEndian;
    final Alignment alignment;
    final boolean largeHeader;
    final List<Field> context;
    final Map<String, Event> events = new LinkedHashMap<>();
    final Map<String, Object> env = new LinkedHashMap<>();
    private final Map<String, List<byte[]>> files = new LinkedHashMap<>();
    long offset = 1_500_000_000_000_000_000L;
    long frequency = 1_000_000_000L;
    private boolean json;

    public LttngTrace(Path directory, boolean bigEndian, Alignment alignment, boolean largeHeader, String context) {
        this.directory = directory;
        this.bigEndian = bigEndian;
        this.alignment = alignment;
        this.largeHeader = largeHeader;
        this.context = fields(context);
        env.put("domain", "kernel");
        env.put("tracer_name", "lttng-modules");
        env.put("tracer_major", 2);
    }

    /** x86 as it was most of the time. */
    LttngTrace(Path directory) {
        this(directory, false, Alignment.BYTES, false, "");
    }

    public LttngTrace env(String name, Object value) {
        env.put(name, value);
        return this;
    }

    LttngTrace clock(long frequencyHz, long offsetTicks) {
        frequency = frequencyHz;
        offset = offsetTicks;
        return this;
    }

    /** In the words of LTTng's since 2.15, which are JSON; packets and events are laid out as before. */
    public LttngTrace ctf2() {
        json = true;
        return this;
    }

    public LttngTrace event(int id, String name, String fields) {
        events.put(name, new Event(id, name, fields(fields)));
        return this;
    }

    private static List<Field> fields(String text) {
        List<Field> fields = new ArrayList<>();
        for (String field : text.isEmpty() ? new String[0] : text.split(", ")) {
            String[] words = field.split(" ");
            String size = words[0].substring(1);
            fields.add(new Field(words[0].charAt(0), size.isEmpty() ? 0 : Integer.parseInt(size), words[1]));
        }
        return fields;
    }

    int align(int size) {
        return switch (alignment) {
            case BYTES -> size % 8 == 0 ? 8 : 1;
            case NATURAL -> size % 8 == 0 ? size : 1;
            case BITS -> 1;
        };
    }

    /** One packet being written. */
    public final class Packet {
        private final String file;
        private final BitWriter out = new BitWriter(bigEndian);
        private final int end;
        private long lastTime;

        private Packet(String file, int cpu, long begin, long end, long number, long discarded) {
            this.file = file;
            out.put(0xC1FC1FC1L, 32).put(0, 0);
            for (String half : UUID.replace("-", "").split("(?<=\\G..)")) {
                out.put(Integer.parseInt(half, 16), 8);
            }
            out.put(0, 32);
            out.put(begin, 64, align(64)).put(end, 64, align(64));
            this.end = (int) (out.align(align(64)).bits() / 8);
            out.put(0, 64, align(64)).put(0, 64, align(64)).put(number, 64, align(64)).put(discarded, 64, align(64)).put(cpu, 32);
            lastTime = begin;
        }

        public Packet event(long time, String name, Object... values) {
            Event event = events.get(name);
            header(event.id, time);
            lastTime = time;
            int used = write(context, values, 0);
            write(event.fields, values, used);
            return this;
        }

        private void header(int id, long time) {
            int idBits = largeHeader ? 16 : 5;
            int timeBits = largeHeader ? 32 : 27;
            int extended = (1 << idBits) - 1;
            out.align(alignment == Alignment.NATURAL ? 32 : 8);
            if (id < extended && time - lastTime < 1L << timeBits) {
                out.put(id, idBits).put(time, timeBits, largeHeader ? align(32) : 1);
            } else {
                out.put(extended, idBits).align(Math.max(align(64), align(32))).put(id, 32, align(32)).put(time, 64, align(64));
            }
        }

        private int write(List<Field> fields, Object[] values, int from) {
            int at = from;
            int align = 1;
            for (Field field : fields) {
                align = Math.max(align, alignOf(field));
            }
            out.align(align);
            for (Field field : fields) {
                Object value = values[at++];
                switch (field.kind) {
                    case 'i', 'u' -> out.put(((Number) value).longValue(), field.size, align(field.size));
                    case 'c' -> out.text((String) value, field.size);
                    case 's' -> out.string((String) value);
                    case 'q' -> {
                        int[] elements = (int[]) value;
                        out.put(elements.length, 8, align(8)).align(align(field.size));
                        for (int element : elements) {
                            out.put(element, field.size, align(field.size));
                        }
                    }
                    default -> throw new IllegalArgumentException(field.toString());
                }
            }
            return at;
        }

        private int alignOf(Field field) {
            return switch (field.kind) {
                case 'i', 'u', 'q' -> align(field.size);
                default -> 8;
            };
        }

        public LttngTrace close() {
            return close(out.bits(), (out.bits() / 8 + 64) / 64 * 64 * 8);
        }

        /** With sizes that may be wrong. */
        LttngTrace close(long contentBits, long packetBits) {
            out.patch(end, contentBits, 64);
            out.patch(end + 8, packetBits, 64);
            long bytes = (out.bits() / 8 + 64) / 64 * 64;
            while (out.bits() < bytes * 8) {
                out.put(0, 1);
            }
            files.computeIfAbsent(file, unused -> new ArrayList<>()).add(out.bytes());
            return LttngTrace.this;
        }
    }

    public Packet packet(String file, int cpu, long begin, long end, long number, long discarded) {
        return new Packet(file, cpu, begin, end, number, discarded);
    }

    Packet packet(String file, int cpu, long begin, long end) {
        return new Packet(file, cpu, begin, end, files.getOrDefault(file, List.of()).size(), 0);
    }

    /** Writes everything; gives the directory. */
    public Path write() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("metadata"), json ? new LttngJson(this).metadata() : metadata());
        for (Map.Entry<String, List<byte[]>> file : files.entrySet()) {
            BitWriter all = new BitWriter(false);
            file.getValue().forEach(packet -> {
                for (byte b : packet) {
                    all.put(b, 8);
                }
            });
            Files.write(directory.resolve(file.getKey()), all.bytes());
        }
        return directory;
    }

    private String integer(int size, boolean signed, String more) {
        return "integer { size = " + size + "; align = " + align(size) + "; signed = " + signed + "; " + more + "}";
    }

    private String declare(List<Field> fields) {
        StringBuilder text = new StringBuilder("struct {\n");
        for (Field field : fields) {
            text.append("\t\t").append(switch (field.kind) {
                case 'i', 'u' -> integer(field.size, field.kind == 'i', "encoding = none; base = 10; ") + " _" + field.name;
                case 'c' -> "integer { size = 8; align = 8; signed = 0; encoding = UTF8; base = 10; } _" + field.name
                        + "[" + field.size + "]";
                case 's' -> "string _" + field.name;
                case 'q' -> integer(8, false, "") + " __" + field.name + "_length;\n\t\t" + integer(field.size, true, "") + " _"
                        + field.name + "[ __" + field.name + "_length ]";
                default -> throw new IllegalArgumentException(field.toString());
            }).append(";\n");
        }
        return text.append("\t}").toString();
    }

    String metadata() {
        StringBuilder text = new StringBuilder("/* CTF 1.8 */\n\n");
        String time = "map = clock.monotonic.value; ";
        for (int size : new int[] {8, 16, 32, 64}) {
            text.append("typealias ").append(integer(size, false, "")).append(" := uint").append(size).append("_t;\n");
        }
        text.append("typealias ").append(integer(64, false, "")).append(" := unsigned long;\n");
        text.append("typealias integer { size = 5; align = 1; signed = false; } := uint5_t;\n");
        text.append("trace {\n\tmajor = 1;\n\tminor = 8;\n\tuuid = \"").append(UUID).append("\";\n\tbyte_order = ")
                .append(bigEndian ? "be" : "le").append(";\n\tpacket.header := struct {\n\t\tuint32_t magic;\n")
                .append("\t\tinteger { size = 8; align = 8; signed = false; } uuid[16];\n\t\tuint32_t stream_id;\n\t};\n};\n\n");
        text.append("env {\n");
        env.forEach((name, value) -> text.append('\t').append(name).append(" = ")
                .append(value instanceof String ? "\"" + value + "\"" : value).append(";\n"));
        text.append("};\n\nclock {\n\tname = monotonic;\n\tuuid = \"").append(UUID)
                .append("\";\n\tdescription = \"Monotonic Clock\";\n")
                .append("\tfreq = ").append(frequency).append("; /* Frequency, in Hz */\n\toffset = ").append(offset)
                .append(";\n};\n\n");
        text.append("typealias integer { size = 27; align = 1; signed = false; ").append(time)
                .append("} := uint27_clock_monotonic_t;\n");
        text.append("typealias ").append(integer(32, false, time)).append(" := uint32_clock_monotonic_t;\n");
        text.append("typealias ").append(integer(64, false, time)).append(" := uint64_clock_monotonic_t;\n\n");
        text.append("struct packet_context {\n\tuint64_clock_monotonic_t timestamp_begin;\n\tuint64_clock_monotonic_t"
                + " timestamp_end;\n")
                .append("\tuint64_t content_size;\n\tuint64_t packet_size;\n\tuint64_t packet_seq_num;\n\tunsigned long"
                + " events_discarded;\n")
                .append("\tinteger { size = 32; align = 1; signed = false; } cpu_id;\n};\n\n");
        header(text);
        text.append("stream {\n\tid = 0;\n\tevent.header := struct event_header;\n\tpacket.context := struct packet_context;\n");
        if (!context.isEmpty()) {
            text.append("\tevent.context := ").append(declare(context)).append(";\n");
        }
        text.append("};\n\n");
        for (Event event : events.values()) {
            text.append("event {\n\tname = \"").append(event.name).append("\";\n\tid = ").append(event.id)
                    .append(";\n\tstream_id = 0;\n\tfields := ").append(declare(event.fields)).append(";\n};\n\n");
        }
        return text.toString();
    }

    private void header(StringBuilder text) {
        String id = largeHeader ? "uint16_t" : "uint5_t";
        int last = largeHeader ? 65535 : 31;
        text.append("struct event_header {\n\tenum : ").append(id).append(" { compact = 0 ... ").append(last - 1)
                .append(", extended = ").append(last).append(" } id;\n\tvariant <id> {\n\t\tstruct {\n\t\t\t")
                .append(largeHeader ? "uint32_clock_monotonic_t" : "uint27_clock_monotonic_t")
                .append(" timestamp;\n\t\t} compact;\n\t\tstruct {\n\t\t\tuint32_t id;\n\t\t\tuint64_clock_monotonic_t"
                + " timestamp;\n")
                .append("\t\t} extended;\n\t} v;\n} align(").append(alignment == Alignment.NATURAL ? 32 : 8).append(");\n\n");
    }
}
