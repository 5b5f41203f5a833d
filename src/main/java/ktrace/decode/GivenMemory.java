package ktrace.decode;


/** The little of a caller's memory that came with the entry of its call. One for each formatter, on its thread. */
public final class GivenMemory implements CallerMemory {
    private Call call;
    private ArgumentTexts texts;

    /**
     * For the entry of one call.
     *
     * @param texts what came with it; null: nothing
     */
    public CallerMemory of(Call call, ArgumentTexts texts) {
        this.call = call;
        this.texts = texts;
        return texts == null ? UNREADABLE : this;
    }

    @Override
    public int read(long address, byte[] into, int length) {
        for (int argument = 0; argument < Call.ARGUMENTS; argument++) {
            byte[] text = texts.of(argument);
            long from = address - call.argument(argument);
            if (text != null && from >= 0 && from <= text.length) {
                int copied = Math.min(length, text.length - (int) from);
                System.arraycopy(text, (int) from, into, 0, copied);
                if (copied < length && !ArgumentTexts.isCut(text)) {
                    // Behind the end of a path.
                    into[copied] = 0;
                    copied++;
                }
                return copied;
            }
        }
        return 0;
    }
}
