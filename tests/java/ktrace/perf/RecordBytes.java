package ktrace.perf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import ktrace.linux.uapi.Uapi;
import ktrace.tracefs.TracepointFormat;

/** Writes perf records byte by byte, as kernel/events/core.c does (perf_output_sample, __perf_output_begin). */
final class RecordBytes {
    private RecordBytes() {
    }

    /** One sample under construction. Fields are set by the names of the format file. */
    static final class Sample {
        private final TracepointFormat format;
        private final ByteBuffer raw = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        private int rawBytes;
        private int tgid;
        private int sampleTid;
        private long timeNs;

        private Sample(TracepointFormat format) {
            this.format = format;
            for (TracepointFormat.Field field : format.fields()) {
                rawBytes = Math.max(rawBytes, field.offset() + field.sizeBytes());
            }
            set("common_type", format.id());
        }

        Sample by(int ofTgid, int tid) {
            tgid = ofTgid;
            sampleTid = tid;
            return set("common_pid", tid);
        }

        Sample at(long ns) {
            timeNs = ns;
            return this;
        }

        Sample set(String name, long value) {
            TracepointFormat.Field field = format.require(name, 1);
            switch (field.sizeBytes()) {
                case 1 -> raw.put(field.offset(), (byte) value);
                case 2 -> raw.putShort(field.offset(), (short) value);
                case 4 -> raw.putInt(field.offset(), (int) value);
                case 8 -> raw.putLong(field.offset(), value);
                default -> throw new IllegalArgumentException(name);
            }
            return this;
        }

        Sample setAt(String name, int index, long value) {
            raw.putLong(format.require(name, 8 * (index + 1)).offset() + 8 * index, value);
            return this;
        }

        Sample setText(String name, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            raw.put(format.require(name, bytes.length).offset(), bytes);
            return this;
        }

        /** A {@code __data_loc}: the text goes behind the fixed part, with its zero. */
        Sample setLocated(String name, String text) {
            byte[] bytes = (text + "\0").getBytes(StandardCharsets.UTF_8);
            raw.put(rawBytes, bytes);
            set(name, (long) bytes.length << 16 | rawBytes);
            rawBytes += bytes.length;
            return this;
        }

        byte[] bytes() {
            // The u32 before the raw data and the data together are padded to 8 bytes; the padding counts as data.
            int padded = (4 + rawBytes + 7 & ~7) - 4;
            ByteBuffer record = ByteBuffer.allocate(RecordDecoder.RAW_DATA + padded).order(ByteOrder.LITTLE_ENDIAN);
            record.putInt(Uapi.PERF_RECORD_SAMPLE()).putShort((short) Uapi.PERF_RECORD_MISC_KERNEL())
                    .putShort((short) record.capacity());
            record.putInt(tgid).putInt(sampleTid).putLong(timeNs).putInt(padded).put(raw.array(), 0, padded);
            return record.array();
        }
    }

    static Sample sample(TracepointFormat format) {
        return new Sample(format);
    }

    static Sample sample(Tracepoint tracepoint) {
        return new Sample(Formats.of(tracepoint));
    }

    static byte[] sysEnter(int tid, long timeNs, long number, long... args) {
        Sample sample = sample(Tracepoint.SYS_ENTER).by(tid, tid).at(timeNs).set("id", number);
        for (int i = 0; i < args.length; i++) {
            sample.setAt("args", i, args[i]);
        }
        return sample.bytes();
    }

    static byte[] lost(long timeNs, long count) {
        return record(Uapi.PERF_RECORD_LOST(), timeNs, 77, count);
    }

    /** A record of a context switch: {@code tid} comes, or goes, and {@code other} is who went or comes. */
    static byte[] switched(long timeNs, boolean out, int tid, int other) {
        byte[] record = record(Uapi.PERF_RECORD_SWITCH_CPU_WIDE(), timeNs, (long) other << Integer.SIZE | other);
        return ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN)
                .putShort(4, (short) (out ? Uapi.PERF_RECORD_MISC_SWITCH_OUT() : 0)).putInt(16, tid).putInt(20, tid).array();
    }

    /** A record that is no sample: a header, u64s, and the trailer of sample_id_all for TID | TIME. */
    static byte[] record(int type, long timeNs, long... body) {
        ByteBuffer record = ByteBuffer.allocate(8 + 8 * body.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(type).putShort((short) 0).putShort((short) record.capacity());
        for (long value : body) {
            record.putLong(value);
        }
        record.putInt(1).putInt(1).putLong(timeNs);
        return record.array();
    }

    /** A bare header that claims {@code size} bytes. */
    static byte[] header(int type, int size) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(type).putShort((short) 0).putShort((short) size)
                .array();
    }
}
