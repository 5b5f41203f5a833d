package ktrace.ctf.layout;

import ktrace.ctf.layout.PacketCursor.Malformed;

/**
 * Reads one field, or a run of them, at the place of a {@link PacketCursor}: steps over it, and puts what is wanted into registers.
 * Immutable; made once for each class of events, see {@link LayoutCompiler}. Reading allocates nothing.
 */
public sealed interface FieldReader permits FixedRun, CompactHeader, FieldReader.Bits, FieldReader.Skip, FieldReader.Leb128,
        FieldReader.Text, FieldReader.WideText, FieldReader.Struct, FieldReader.Variant, FieldReader.Repeat, FieldReader.FixedRepeat {
    /** No register: what is read is not wanted. */
    int UNWANTED = -1;

    void read(PacketCursor cursor);

    /** An integer at any bit. @param tick whether it is the time of the event */
    record Bits(int bits, int alignBits, boolean bigEndian, boolean signed, int register, boolean tick) implements FieldReader {
        @Override
        public void read(PacketCursor cursor) {
            cursor.align(alignBits);
            long value = cursor.integer(bits, bigEndian, signed);
            if (register >= 0) {
                cursor.registers[register] = value;
            }
            if (tick) {
                cursor.tick(value, bits);
            }
        }
    }

    record Skip(long bits, int alignBits) implements FieldReader {
        @Override
        public void read(PacketCursor cursor) {
            cursor.align(alignBits);
            cursor.skip(bits);
        }
    }

    /** Seven bits of each byte, the lowest first, up to a byte below 128. */
    record Leb128(boolean signed, int register, boolean tick) implements FieldReader {
        private static final int MOST_BYTES = 10;

        @Override
        public void read(PacketCursor cursor) {
            cursor.align(8);
            long value = 0;
            int bits = 0;
            long part = 0x80;
            while ((part & 0x80) != 0) {
                if (bits == 7 * MOST_BYTES) {
                    throw new Malformed("an integer of more than 64 bits");
                }
                part = cursor.integer(8, false, false);
                value |= bits < Long.SIZE ? (part & 0x7f) << bits : 0;
                bits += 7;
            }
            if (signed && bits < Long.SIZE && (part & 0x40) != 0) {
                value |= -1L << bits;
            }
            if (register >= 0) {
                cursor.registers[register] = value;
            }
            if (tick) {
                cursor.tick(value, Math.min(bits, Long.SIZE));
            }
        }
    }

    /** Characters of several bytes up to one that is 0. */
    record WideText(int unitBytes) implements FieldReader {
        @Override
        public void read(PacketCursor cursor) {
            cursor.align(8);
            while (cursor.integer(8 * unitBytes, false, false) != 0) {
                cursor.work(1);
            }
        }
    }

    /** Bytes up to one that is 0. */
    record Text(int register) implements FieldReader {
        @Override
        public void read(PacketCursor cursor) {
            cursor.align(8);
            cursor.require(8);
            byte[] data = cursor.data;
            int start = (int) (cursor.positionBits >>> 3);
            int limit = (int) (cursor.limitBits >>> 3);
            int end = start;
            while (end < limit && data[end] != 0) {
                end++;
            }
            if (register >= 0) {
                cursor.registers[register] = start;
                cursor.registers[register + 1] = end - start;
            }
            // One more than there is when no end was found: the window is to be moved on, or the text is cut off.
            cursor.skip((end - start + 1L) * 8);
        }
    }

    record Struct(int alignBits, FieldReader[] fields) implements FieldReader {
        @Override
        public void read(PacketCursor cursor) {
            cursor.align(alignBits);
            for (FieldReader field : fields) {
                field.read(cursor);
            }
        }
    }

    /**
     * @param choices for each range of the tag which option it stands for
     * @param cleared registers that only some of the options fill
     */
    record Variant(int tagRegister, boolean signed, long[] lows, long[] highs, int[] choices, FieldReader[] options, int[] cleared)
            implements FieldReader {
        /** So many can be compared in the time that one element of an array may take. */
        private static final int RANGES_A_UNIT = 16;

        @Override
        public void read(PacketCursor cursor) {
            long tag = cursor.registers[tagRegister];
            cursor.work(cleared.length / RANGES_A_UNIT);
            for (int register : cleared) {
                cursor.registers[register] = 0;
            }
            options[choice(tag, cursor)].read(cursor);
        }

        private int choice(long tag, PacketCursor cursor) {
            for (int i = 0; i < choices.length; i++) {
                if ((i & RANGES_A_UNIT - 1) == RANGES_A_UNIT - 1) {
                    cursor.work(1);
                }
                boolean fits = signed
                        ? tag >= lows[i] && tag <= highs[i]
                        : Long.compareUnsigned(tag, lows[i]) >= 0 && Long.compareUnsigned(tag, highs[i]) <= 0;
                if (fits) {
                    return choices[i];
                }
            }
            throw new Malformed("a variant whose tag names none of its fields");
        }
    }

    /**
     * Elements that are not all of the same size.
     *
     * @param lengthRegister where their number is, or below 0 for {@code length}
     * @param cost what reading one takes, see {@link PacketCursor#work}
     */
    record Repeat(int lengthRegister, long length, int alignBits, FieldReader element, int cost) implements FieldReader {
        @Override
        public void read(PacketCursor cursor) {
            cursor.align(alignBits);
            long count = lengthRegister >= 0 ? cursor.registers[lengthRegister] : length;
            for (long i = count; i != 0; i--) {
                cursor.work(cost);
                element.read(cursor);
            }
        }
    }

    /** A sequence of elements of one size, which need not be looked at one by one. */
    record FixedRepeat(int lengthRegister, int alignBits, long elementBits, long strideBits, int register, boolean text)
            implements FieldReader {
        @Override
        public void read(PacketCursor cursor) {
            cursor.align(alignBits);
            long count = cursor.registers[lengthRegister];
            if (register >= 0) {
                cursor.registers[register] = text ? cursor.positionBits >>> 3 : cursor.positionBits;
                cursor.registers[register + 1] = count;
            }
            if (count == 0 || strideBits == 0) {
                return;
            }
            if (count < 0 || count > cursor.limitBits / strideBits + 1) {
                cursor.require(Long.MAX_VALUE / 2);
            }
            cursor.skip((count - 1) * strideBits + elementBits);
        }
    }
}
