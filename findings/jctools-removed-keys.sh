#!/usr/bin/env bash
# What:     JCTools' NonBlockingHashMap, NonBlockingIdentityHashMap and NonBlockingHashSet keep a removed key alive: it is not
#           collected while the map lives on, although size() is 0 and get() gives null.
# Version:  org.jctools:jctools-core 4.0.5 (Maven Central).
# Surprise: they are drop-in replacements of ConcurrentHashMap, which lets go of a key at once. Here the slot keeps the key for
#           a later put of an equal one until the table is copied, which a map that is seldom written never does. Values are let
#           go.
# Who:      those who key by threads, class loaders, sessions or buffers: a removed session hangs on with all that it refers to,
#           and the heap dump shows it in a map that is empty.
# Instead:  small keys (ids; NonBlockingHashMapLong has no objects as keys), or clear() where the map is known to be empty.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs Java 17 and Maven.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mvn -q -B dependency:copy -Dartifact=org.jctools:jctools-core:4.0.5 -DoutputDirectory=. > maven.log 2>&1 \
    || { cat maven.log >&2; exit 2; }
echo "version: org.jctools:jctools-core 4.0.5"

cat > Removed.java <<'JAVA'
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jctools.maps.NonBlockingHashMap;
import org.jctools.maps.NonBlockingIdentityHashMap;

public class Removed {
    public static void main(String[] none) throws Exception {
        show(new ConcurrentHashMap<>());
        show(new NonBlockingHashMap<>());
        show(new NonBlockingIdentityHashMap<>());
    }

    private static void show(Map<Object, Object> map) throws Exception {
        WeakReference<Object> key = new WeakReference<>(new byte[1 << 20]);
        WeakReference<Object> value = new WeakReference<>(new byte[1 << 20]);
        map.put(key.get(), value.get());
        map.remove(key.get());
        String before = state(key, value);
        map.clear();
        System.out.println(map.getClass().getSimpleName() + ": size " + map.size() + ", " + before + "; after clear(): "
                + state(key, value));
        Reference.reachabilityFence(map);
    }

    private static String state(WeakReference<Object> key, WeakReference<Object> value) throws Exception {
        for (int i = 0; i < 20 && (key.get() != null || value.get() != null); i++) {
            System.gc();
            Thread.sleep(10);
        }
        return "key " + (key.get() == null ? "gone" : "alive") + ", value " + (value.get() == null ? "gone" : "alive");
    }
}
JAVA
java -cp jctools-core-4.0.5.jar Removed.java > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: key and value gone after remove()"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
ConcurrentHashMap: size 0, key gone, value gone; after clear(): key gone, value gone
NonBlockingHashMap: size 0, key alive, value gone; after clear(): key gone, value gone
NonBlockingIdentityHashMap: size 0, key alive, value gone; after clear(): key gone, value gone
SEEN
