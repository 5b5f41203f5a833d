package ktrace.analysis.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import ktrace.analysis.Cause;
import ktrace.analysis.Explanation;
import ktrace.event.Peer;
import ktrace.event.ProcessId;
import ktrace.event.ThreadId;
import ktrace.event.Waker;
import org.junit.jupiter.api.Test;

/** It stays small, and nothing is left out of it. */
class AccountTest {
    private final Account account = new Account();

    private static ProcessId process(int index) {
        return new ProcessId(1000 + index, 1, 0, index);
    }

    private static Account.OfThread of(ProcessId process) {
        return new Account.OfThread(process);
    }

    private static long sum(List<Explanation> explanations) {
        return explanations.stream().mapToLong(Explanation::ns).sum();
    }

    @Test
    void whoHasMostIsKeptWhenThereAreTooMany() {
        ProcessId great = process(0);
        account.own(of(great), Cause.COMPUTES, 1_000_000);
        for (int i = 1; i < 5 * Account.LIMIT; i++) {
            account.own(of(process(i)), Cause.COMPUTES, 10);
        }
        List<Explanation> all = account.explanations();
        assertTrue(all.size() <= Account.LIMIT + Cause.values().length, () -> all.size() + " entries");
        assertEquals(1_000_000 + 10L * (5 * Account.LIMIT - 1), sum(all));
        assertEquals(1_000_000, all.stream().filter(e -> e.waiter() == great).mapToLong(Explanation::ns).sum());
    }

    @Test
    void ofOneThatWaitsForManyTheGreatestAreKept() {
        ProcessId server = process(0);
        ThreadId great = new ThreadId(7, process(1), 0, 0);
        Account.OfThread waiter = of(server);
        account.waited(waiter, great, null, Cause.COMPUTES, null, 1_000_000, 1_000_000);
        for (int i = 1; i < 3 * Account.LIMIT; i++) {
            account.waited(waiter, new ThreadId(i, process(2), 0, i), null, Cause.COMPUTES, null, 10, 10);
        }
        List<Explanation> all = account.explanations();
        assertTrue(all.size() <= Account.LIMIT + Cause.values().length, () -> all.size() + " entries");
        assertEquals(1_000_000 + 10L * (3 * Account.LIMIT - 1), sum(all));
        assertTrue(all.stream().anyMatch(e -> e.end() == great && e.ns() == 1_000_000));
        assertTrue(all.stream().allMatch(e -> e.waiter() == server));
    }

    /** As a shell does of all the programs that it starts. */
    @Test
    void ofOneThatQueuesBehindManyTheGreatestAreKept() {
        ProcessId shell = process(0);
        Account.OfThread queued = of(shell);
        Waker great = new Waker(null, 7, "great", new Peer(7, "great"));
        account.queued(queued, great, 1_000_000);
        account.own(queued, Cause.COMPUTES, 5);
        account.own(of(process(1)), Cause.COMPUTES, 5);
        for (int i = 1; i < 3 * Account.LIMIT; i++) {
            account.queued(queued, new Waker(null, 100 + i, "cc", new Peer(100 + i, "cc")), 10);
        }
        List<Explanation> all = account.explanations();
        assertTrue(all.size() <= Account.LIMIT + Cause.values().length, () -> all.size() + " entries");
        assertEquals(1_000_010 + 10L * (3 * Account.LIMIT - 1), sum(all));
        assertTrue(all.stream().anyMatch(e -> e.waker() == great && e.ns() == 1_000_000));
        assertTrue(all.stream().anyMatch(e -> e.waiter() == shell && e.cause() == Cause.COMPUTES && e.ns() == 5));
        assertTrue(all.stream().allMatch(Explanation::own));
    }
}
