package ktrace.facts;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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
    /** How many may wait. */
    private static final int LIMIT = 4096;
    /** With more than this waiting, what is asked {@link Urgency#LATER} is not taken. */
    private static final int FEW = 256;
    private static final int MAX_STUCK = 8;
    private static final int NICE = -10;

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
    private final ArrayDeque<Asked> waiting = new ArrayDeque<>();
    private Worker current;
    private int stuck;
    private boolean closed;
    // -- read without it ----------------------------------------------------------------------------------------------------
    private volatile int urgentPending;
    private volatile Thread poller;

    Lane(String name, Supplier<? extends ObjectSource> sources, Sink sink, LongSupplier clockNs, long deadlineNs, CpuBudget budget) {
        this.name = name;
        this.sources = sources;
        this.sink = sink;
        this.clockNs = clockNs;
        this.deadlineNs = deadlineNs;
        this.budget = budget;
    }

    /** Whether the question is taken. */
    synchronized boolean ask(Question question, Urgency urgency) {
        boolean isUrgent = urgency == Urgency.NOW;
        ArrayDeque<Asked> queue = isUrgent ? urgent : waiting;
        if (closed || queue.size() >= (urgency == Urgency.LATER ? FEW : LIMIT) || current == null && stuck >= MAX_STUCK) {
            return false;
        }
        queue.add(new Asked(question, isUrgent));
        if (isUrgent) {
            urgentPending++;
        }
        if (current == null) {
            start();
        } else {
            notifyAll();
        }
        return true;
    }

    /** Has a thread get ready before there is anything to answer. */
    synchronized void begin() {
        if (current == null) {
            start();
        }
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

    /** Gives up the question that has taken longer than its deadline, if there is one, and goes on without its thread. */
    synchronized Question giveUpLate(long nowNs) {
        Worker worker = current;
        if (worker == null || worker.asked.isEmpty() || nowNs - worker.sinceNs <= deadlineNs) {
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
        facts.forEach(fact -> sink.answered(fact, timeNs, asked.isUrgent()));
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
                if (!urgent.isEmpty() || pauseNs == 0 && !waiting.isEmpty()) {
                    List<Asked> batch = new ArrayList<>();
                    Asked first = urgent.isEmpty() ? waiting.remove() : urgent.remove();
                    batch.add(first);
                    if (first.question() instanceof Question.OfHolders) {
                        batch.addAll(waiting);
                        waiting.clear();
                    }
                    worker.sinceNs = clockNs.getAsLong();
                    worker.asked = batch;
                    return batch;
                }
                wait(pauseNs == 0 ? 0 : Math.max(1, pauseNs / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    private synchronized void answered(Worker worker, List<Fact> facts, long cpuNs) {
        budget.spend(clockNs.getAsLong(), cpuNs);
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

        @Override
        public void run() {
            // An answer that stands in a queue for a CPU comes too late; the budget bounds what this takes from others.
            Processes.setThreadNice(NICE);
            try (ObjectSource source = sources.get()) {
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
