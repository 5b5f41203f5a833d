package ktrace.facts;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import ktrace.event.Fact;
import ktrace.facts.Question.Urgency;
import ktrace.linux.Processes;

/**
 * Questions that are answered one after the other by one thread. A thread that stays away too long over a question is left behind;
 * another one takes its place, until so many are stuck that nothing more is asked. Whoever comes back is of use again.
 *
 * <p>Asked and watched by the poller, answered by the lane's thread; both meet under the lane's lock, which nobody holds over a
 * question.
 */
final class Lane implements AutoCloseable {
    /** How many may wait, for an answer or as one for its turn. */
    private static final int LIMIT = 4096;
    /** With more than this waiting, what is asked {@link Urgency#LATER} is not taken. */
    private static final int FEW = 256;
    private static final int MAX_STUCK = 8;
    private static final int NICE = -10;
    /** What takes longer is not to be done before everything else. */
    private static final long DEAR_NS = 5_000_000;
    private static final long DEAR_PAUSE_NS = 10_000_000_000L;

    /** Takes the answers, on the lane's thread or, of what was given up, on the poller's. */
    interface Sink {
        void answered(Fact fact, long timeNs, boolean isUrgent);
    }

    private record Asked(Question question, boolean isUrgent) {
    }

    private final String name;
    private final Supplier<? extends ObjectSource> sources;
    private final Sink sink;
    private final LongSupplier clockNs;
    private final long deadlineNs;
    private final CpuBudget budget;
    // -- under the lock of this ---------------------------------------------------------------------------------------------
    private final ArrayDeque<Asked> urgent = new ArrayDeque<>();
    /** Urgent, but nothing waits for it. */
    private final SequencedSet<Question> ahead = new LinkedHashSet<>();
    private final ArrayDeque<Asked> waiting = new ArrayDeque<>();
    private Worker current;
    private int stuck;
    private boolean closed;
    /** Its thread is to be there at once when something is urgent. */
    private boolean isReady;
    private long dearUntilNs = Long.MIN_VALUE;
    // -- read without it ----------------------------------------------------------------------------------------------------
    private volatile int urgentPending;
    private volatile Thread poller;
    private final CountDownLatch rehearsed = new CountDownLatch(1);

    Lane(String name, Supplier<? extends ObjectSource> sources, Sink sink, LongSupplier clockNs, long deadlineNs, CpuBudget budget) {
        this.name = name;
        this.sources = sources;
        this.sink = sink;
        this.clockNs = clockNs;
        this.deadlineNs = deadlineNs;
        this.budget = budget;
    }

    /**
     * Whether the question is taken.
     *
     * @param unread how many answers wait for their turn
     */
    synchronized boolean ask(Question question, Urgency urgency, int unread) {
        boolean isUrgent = urgency == Urgency.NOW;
        ArrayDeque<Asked> queue = isUrgent ? urgent : waiting;
        boolean isFull = queue.size() >= (urgency == Urgency.LATER ? FEW : LIMIT) || !isUrgent && queue.size() + unread >= LIMIT;
        if (closed || isFull || current == null && stuck >= MAX_STUCK) {
            return false;
        }
        if (isUrgent) {
            urgentPending++;
        }
        if (isUrgent && current != null) {
            current.hasten();
            if (current.becomesUrgent(question)) {
                return true;
            }
        }
        queue.add(new Asked(question, isUrgent));
        if (current == null) {
            start();
        } else {
            notifyAll();
        }
        return true;
    }

    /** Asks before all that waits, but nobody will wait for the answer. */
    synchronized void askAhead(Question question) {
        if (!closed && current != null && ahead.size() < FEW && ahead.add(question)) {
            notifyAll();
        }
    }

    /** Has a thread get ready before there is anything to answer, for the first urgent question. */
    synchronized void begin() {
        isReady = true;
        if (current == null) {
            start();
        }
    }

    /** Waits until the first thread is ready to answer, but not longer than that. Any thread. */
    void awaitReady(long timeoutNs) throws InterruptedException {
        rehearsed.await(timeoutNs, TimeUnit.NANOSECONDS);
    }

    private void start() {
        current = new Worker();
        Thread.ofPlatform().daemon().name(name).start(current);
    }

    /** Whether something that was asked with {@link Urgency#NOW} has not been answered yet. */
    boolean urgentPending() {
        return urgentPending > 0;
    }

    /** Waits until the last urgent question is answered, or for no reason. */
    void parkUntilAnswered(long timeoutNs) {
        poller = Thread.currentThread();
        if (urgentPending > 0) {
            LockSupport.parkNanos(timeoutNs);
        }
        poller = null;
    }

    /**
     * Gives up the question that has taken longer than its deadline, if there is one, and goes on without its thread. What only takes
     * long goes on, but no more before everything else.
     */
    synchronized Question giveUpLate(long nowNs) {
        Worker worker = current;
        if (worker == null || !worker.isAtItFor(nowNs, DEAR_NS)) {
            return null;
        }
        worker.takeItsTime();
        if (!worker.isAtItFor(nowNs, deadlineNs)) {
            return null;
        }
        Question late = worker.asked.getFirst().question();
        for (Asked asked : worker.asked) {
            settle(asked, asked.question().unanswered(), nowNs);
        }
        worker.asked = List.of();
        worker.isLeftBehind = true;
        current = null;
        stuck++;
        if (stuck < MAX_STUCK && !closed) {
            start();
        } else {
            urgent.forEach(asked -> settle(asked, asked.question().unanswered(), nowNs));
            urgent.clear();
        }
        return late;
    }

    private void settle(Asked asked, List<Fact> facts, long timeNs) {
        for (Fact fact : facts) {
            sink.answered(fact, timeNs, asked.isUrgent());
        }
        if (asked.isUrgent()) {
            urgentPending--;
            Thread waits = poller;
            if (urgentPending == 0 && waits != null) {
                LockSupport.unpark(waits);
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    private synchronized void begins(Worker worker) {
        worker.tid = Processes.gettid();
        rehearsed.countDown();
    }

    /** What is to be answered next, all searches at once; null when this worker is to end. Blocks while there is nothing. */
    private synchronized List<Asked> take(Worker worker) {
        try {
            while (!closed) {
                if (current == null) {
                    current = worker;
                    worker.isLeftBehind = false;
                    stuck--;
                }
                if (worker.isLeftBehind) {
                    stuck--;
                    return null;
                }
                long pauseNs = budget.waitNs(clockNs.getAsLong());
                if (!urgent.isEmpty() || pauseNs == 0 && !(ahead.isEmpty() && waiting.isEmpty())) {
                    List<Asked> batch = new ArrayList<>();
                    Asked first = next();
                    batch.add(first);
                    if (first.question() instanceof Question.OfHolders) {
                        // Answered at the price of one.
                        waiting.stream().filter(asked -> asked.question() instanceof Question.OfHolders).forEach(batch::add);
                        waiting.removeAll(batch);
                    }
                    worker.sinceNs = clockNs.getAsLong();
                    worker.asked = batch;
                    if (!first.isUrgent()) {
                        worker.takeItsTime();
                    }
                    return batch;
                }
                wait(pauseNs == 0 ? 0 : Math.max(1, pauseNs / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    private Asked next() {
        if (!urgent.isEmpty()) {
            return urgent.remove();
        }
        return ahead.isEmpty() ? waiting.remove() : new Asked(ahead.removeFirst(), false);
    }

    private synchronized void answered(Worker worker, List<Fact> facts, long cpuNs) {
        budget.spend(clockNs.getAsLong(), cpuNs);
        if (cpuNs > DEAR_NS) {
            dearUntilNs = clockNs.getAsLong() + DEAR_PAUSE_NS;
            worker.takeItsTime();
        }
        List<Fact> left = facts;
        for (Asked asked : worker.asked) {
            settle(asked, left, worker.sinceNs);
            left = List.of();
        }
        worker.asked = List.of();
    }

    private final class Worker implements Runnable {
        /** What it is at; empty when it has been given up, or between two. */
        private List<Asked> asked = List.of();
        private long sinceNs;
        private boolean isLeftBehind;
        private int tid;
        private boolean hastens;

        /** Comes before whatever else wants the CPU: with a usual priority, some milliseconds may pass before it has one. */
        private void hasten() {
            long nowNs = clockNs.getAsLong();
            if (isReady && !hastens && tid != 0 && nowNs >= dearUntilNs && !isAtItFor(nowNs, DEAR_NS)) {
                hastens = Processes.setRealTime(tid);
            }
        }

        private boolean isAtItFor(long nowNs, long ns) {
            return !asked.isEmpty() && nowNs - sinceNs > ns;
        }

        private void takeItsTime() {
            if (hastens) {
                hastens = false;
                Processes.setUsual(tid, NICE);
            }
        }

        /** Whether it is just answering the same, asked before it was urgent. */
        private boolean becomesUrgent(Question question) {
            if (asked.size() != 1 || asked.getFirst().isUrgent() || !asked.getFirst().question().equals(question)) {
                return false;
            }
            asked = List.of(new Asked(question, true));
            return true;
        }

        /** All that is done for a question, while nobody waits for it. */
        private static void rehearse(ObjectSource source) {
            for (Question question : source.rehearsal()) {
                answer(List.of(question), source);
                // Linked at their first use: equals and hashCode of records.
                new HashSet<>(List.of(question)).contains(question);
            }
        }

        @Override
        public void run() {
            // An answer that stands in a queue for a CPU comes too late; the budget bounds what this takes from others.
            Processes.setThreadNice(NICE);
            try (ObjectSource source = sources.get()) {
                rehearse(source);
                begins(this);
                for (List<Asked> batch = take(this); batch != null; batch = take(this)) {
                    long cpuNs = Processes.threadCpuNs();
                    List<Fact> facts = answer(batch.stream().map(Asked::question).toList(), source);
                    Lane.this.answered(this, facts, Processes.threadCpuNs() - cpuNs);
                }
            }
        }

        private static List<Fact> answer(List<Question> questions, ObjectSource source) {
            return questions.size() == 1 ? questions.getFirst().answer(source)
                    : Question.answer(questions.stream().map(Question.OfHolders.class::cast).toList(), source);
        }
    }
}
