package ktrace.view.diff;

import ktrace.diff.Row;
import ktrace.story.Alphabet;
import ktrace.story.VerdictSentence;
import ktrace.system.ToldWait.Words;
import ktrace.system.family.Families;

/** What a row is about, in words: {@code stage2 to read pipe ← stage1}. */
record RowWords(Alphabet alphabet) {
    String of(Row row) {
        return switch (row) {
            case Row.Call call -> name(call.process()) + " " + alphabet.escape(call.syscall());
            case Row.Wait wait -> wait(wait);
            case Row.Reason reason -> (reason.own() ? name(reason.process()) + " itself " : name(reason.process()) + ", who ")
                    + VerdictSentence.does(reason.cause());
        };
    }

    private String wait(Row.Wait wait) {
        Words words = Families.ALL.words(wait.kind(), wait.syscall().isEmpty() ? null : wait.syscall(), wait.object());
        String object = words.object().isEmpty() && words.before().isEmpty() ? wait.kind().label() : alphabet.escape(words.object());
        return name(wait.process()) + (words.before().isEmpty() ? "" : " " + words.before()) + (object.isEmpty() ? "" : " " + object)
                + words.after() + (wait.waker().isEmpty() ? "" : " " + alphabet.from() + " " + alphabet.escape(wait.waker()));
    }

    private String name(String process) {
        return process.isEmpty() ? "(unknown)" : alphabet.escape(process);
    }
}
