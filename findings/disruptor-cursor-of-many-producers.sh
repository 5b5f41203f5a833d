#!/usr/bin/env bash
# What:     RingBuffer.getCursor() is the last published sequence with one producer, and the last claimed sequence with
#           ProducerType.MULTI, the default. There it moves before anything is published, and stays put when it is.
# Version:  com.lmax:disruptor 4.0.0 (Maven Central).
# Surprise: the same call on the same ring changes its meaning with a constructor argument. remainingCapacity() counts
#           claimed slots in both.
# Who:      those who show "cursor - handler's sequence" as the backlog, read slots up to the cursor by hand, or
#           take a cursor that moves as a sign that a producer lives: a stuck claim looks like work waiting for the reader.
# Instead:  isAvailable(sequence) for one slot; a SequenceBarrier to learn up to where slots may be read.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs Java 17 and Maven.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mvn -q -B dependency:copy -Dartifact=com.lmax:disruptor:4.0.0 -DoutputDirectory=. > maven.log 2>&1 \
    || { cat maven.log >&2; exit 2; }
echo "version: com.lmax:disruptor 4.0.0"

cat > Cursor.java <<'JAVA'
import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.dsl.ProducerType;

public class Cursor {
    public static void main(String[] none) {
        for (ProducerType type : ProducerType.values()) {
            RingBuffer<Object> ring = RingBuffer.create(type, Object::new, 8, new BlockingWaitStrategy());
            ring.addGatingSequences(new Sequence());
            ring.next(3);
            long claimed = ring.getCursor();
            long free = ring.remainingCapacity();
            ring.publish(0);
            System.out.println(type + " claimed 0..2: cursor " + claimed + ", free " + free + "; published 0: cursor "
                    + ring.getCursor() + ", 1 available " + ring.isAvailable(1));
        }
    }
}
JAVA
java -cp 'disruptor-4.0.0.jar' Cursor.java > seen.txt
echo "expected: with both types the cursor is -1 after the claim and 0 after the publication"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
SINGLE claimed 0..2: cursor -1, free 5; published 0: cursor 0, 1 available false
MULTI claimed 0..2: cursor 2, free 5; published 0: cursor 2, 1 available false
SEEN
