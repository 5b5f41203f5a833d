#!/usr/bin/env bash
# What:     the primitive-keyed and open-addressed collections of Agrona have one iterator each, handed out again at every
#           call, and it is its own Map.Entry. Two nested loops over one map end after the inner one; entries put aside (in a
#           list, or by stream().sorted()) are all the same object, whose content moves on. new ArrayList(entrySet()) works.
# Version:  org.agrona:agrona 2.6.0 (Maven Central), default constructors.
# Surprise: the classes implement java.util.Map and Set, and no exception is thrown: "top 10 by value" sorts one entry N times,
#           a comparison of all pairs sees N pairs instead of N * N. With another kind of map the same code is right.
# Who:      those who replace HashMap<Long, V> by Long2ObjectHashMap in a hot path, and leave its reports as they are.
# Instead:  shouldAvoidAllocation = false in the constructor, new ArrayList<>(map.entrySet()) before sorting, or forEach.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs Java 17 and Maven.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mvn -q -B dependency:copy -Dartifact=org.agrona:agrona:2.6.0 -DoutputDirectory=. > maven.log 2>&1 \
    || { cat maven.log >&2; exit 2; }
echo "version: org.agrona:agrona 2.6.0"

cat > Iterate.java <<'JAVA'
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.collections.Hashing;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongHashSet;

public class Iterate {
    public static void main(String[] none) {
        show("HashMap", new HashMap<>());
        show("Long2ObjectHashMap", new Long2ObjectHashMap<>());
        show("Long2ObjectHashMap, allocating", new Long2ObjectHashMap<>(8, Hashing.DEFAULT_LOAD_FACTOR, false));
        show("Long2LongHashMap", new Long2LongHashMap(-1));
        show("HashSet", new HashSet<>());
        show("LongHashSet", new LongHashSet());
    }

    private static void show(String name, Map<Long, Long> map) {
        for (long i = 0; i < 4; i++) {
            map.put(i, 10 - i);
        }
        int pairs = 0;
        for (long a : map.values()) {
            for (long b : map.values()) {
                pairs++;
            }
        }
        int sorted = distinct(map.entrySet().stream().sorted(Map.Entry.comparingByValue()).toList());
        int copied = distinct(new ArrayList<>(map.entrySet()));
        System.out.println(name + ": " + pairs + " pairs, " + sorted + " sorted, " + copied + " copied");
    }

    private static void show(String name, Set<Long> set) {
        for (long i = 0; i < 4; i++) {
            set.add(i);
        }
        int pairs = 0;
        for (long a : set) {
            for (long b : set) {
                pairs++;
            }
        }
        System.out.println(name + ": " + pairs + " pairs");
    }

    /** How many different keys the entries have. */
    private static int distinct(List<Map.Entry<Long, Long>> entries) {
        Set<Long> keys = new HashSet<>();
        for (Map.Entry<Long, Long> entry : entries) {
            keys.add(entry.getKey());
        }
        return keys.size();
    }
}
JAVA
java -cp agrona-2.6.0.jar Iterate.java > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: 16 pairs, 4 sorted and 4 copied entries of each collection of four"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
HashMap: 16 pairs, 4 sorted, 4 copied
Long2ObjectHashMap: 4 pairs, 1 sorted, 4 copied
Long2ObjectHashMap, allocating: 16 pairs, 4 sorted, 4 copied
Long2LongHashMap: 4 pairs, 1 sorted, 4 copied
HashSet: 16 pairs
LongHashSet: 4 pairs
SEEN
