package ktrace.decode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import ktrace.decode.calls.CallFormatter;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;

/** A caller whose memory and descriptors a test lays out. Memory that was not laid out cannot be read. */
public final class FakeCaller implements CallerMemory, FdNames {
    static final long ADDRESS = 0x7000_0000_0000L;

    private final TreeMap<Long, byte[]> areas = new TreeMap<>();
    private final Map<Integer, String> names = new HashMap<>();
    private final Map<Integer, String> tasks = new HashMap<>();
    private DecodeOptions options = DecodeOptions.DEFAULT;
    private ArgumentNames argumentNames = ArgumentNames.UNKNOWN;
    private Abi abi = Abi.X86_64;
    private long next = ADDRESS;

    public FakeCaller fd(int fd, String name) {
        names.put(fd, name);
        return this;
    }

    public FakeCaller options(int stringBytes, int dataBytes) {
        options = new DecodeOptions(stringBytes, dataBytes);
        return this;
    }

    /** From now on the names of tasks stand in calls, and this is one. */
    public FakeCaller task(int number, String name) {
        tasks.put(number, name);
        options = new DecodeOptions(options.stringBytes(), options.dataBytes(), true);
        return this;
    }

    public FakeCaller argumentNames(ArgumentNames argumentNames) {
        this.argumentNames = argumentNames;
        return this;
    }

    public FakeCaller abi(Abi abi) {
        this.abi = abi;
        return this;
    }

    /** Lays out bytes and returns their address; the byte behind them cannot be read. */
    public long put(byte[] bytes) {
        long address = next;
        areas.put(address, bytes.clone());
        next += (bytes.length + 0x2000L) & ~0xfffL;
        return address;
    }

    public long text(String text) {
        return put((text + "\0").getBytes(StandardCharsets.UTF_8));
    }

    /** Lays out numbers, little end first: an Integer as four bytes, a Long as eight, a Short as two, a Byte as one. */
    public long struct(Number... numbers) {
        return put(bytes(numbers));
    }

    public static byte[] bytes(Number... numbers) {
        ByteBuffer buffer = ByteBuffer.allocate(numbers.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (Number number : numbers) {
            switch (number) {
                case Integer i -> buffer.putInt(i);
                case Long l -> buffer.putLong(l);
                case Short s -> buffer.putShort(s);
                case Byte b -> buffer.put(b);
                default -> throw new IllegalArgumentException(number.getClass().getName());
            }
        }
        byte[] bytes = new byte[buffer.position()];
        buffer.flip().get(bytes);
        return bytes;
    }

    @Override
    public int read(long address, byte[] into, int length) {
        Map.Entry<Long, byte[]> area = areas.floorEntry(address);
        if (area == null || address - area.getKey() >= area.getValue().length) {
            return 0;
        }
        int from = (int) (address - area.getKey());
        int count = Math.min(length, area.getValue().length - from);
        System.arraycopy(area.getValue(), from, into, 0, count);
        return count;
    }

    @Override
    public String name(int fd) {
        return names.get(fd);
    }

    @Override
    public String task(int number) {
        return tasks.get(number);
    }

    /** The text of a signal, of which {@code info} is told. */
    public String signal(int number, byte[] info) {
        StringBuilder out = new StringBuilder();
        new CallFormatter(options, argumentNames).signal(number, info, this, out);
        return out.toString();
    }

    /** The whole text of a call. */
    public String call(String name, long result, long... args) {
        Call call = new Call();
        StringBuilder out = new StringBuilder();
        CallFormatter formatter = new CallFormatter(options, argumentNames);
        enter(call, name, args);
        formatter.enter(call, this, this, out);
        formatter.exit(call.exit(result), this, this, out);
        return out.toString();
    }

    /** What is known when the call begins. */
    public String entry(String name, long... args) {
        StringBuilder out = new StringBuilder();
        new CallFormatter(options, argumentNames).enter(enter(new Call(), name, args), this, this, out);
        return out.toString();
    }

    private Call enter(Call call, String name, long... args) {
        long[] all = java.util.Arrays.copyOf(args, 6);
        int number = name.startsWith("#") ? Integer.parseInt(name.substring(1)) : SyscallTable.of(abi).number(name);
        return call.enter(abi, number, all[0], all[1], all[2], all[3], all[4], all[5]);
    }
}
