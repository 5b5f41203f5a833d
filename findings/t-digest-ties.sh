#!/usr/bin/env bash
# What:     a t-digest invents values between two that were recorded often. Of 90 % zeros and 10 % of 1000 the Java library
#           gives 530 for the quantile 0.901, and a share of only 0.45 at or below 0: half of the equal values are counted.
# Version:  com.tdunning:t-digest 3.3 (Maven Central), MergingDigest and AVLTreeDigest.
# Surprise: with two distinct values nothing needs to be approximated, and error is said to be small near the tails. The
#           distance to the nearest recorded value is 470, and cdf(1000), of the greatest value, is not 1.
# Who:      those who keep waits or retries in a t-digest: most of them 0, a few a timeout's length.
# Instead:  count zeros and other frequent values beside the digest; for a share "at most x" ask cdf just above x.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs Java 17 and Maven.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mvn -q -B dependency:copy -Dartifact=com.tdunning:t-digest:3.3 -DoutputDirectory=. > maven.log 2>&1 \
    || { cat maven.log >&2; exit 2; }
echo "version: com.tdunning:t-digest 3.3"

cat > Ties.java <<'JAVA'
import com.tdunning.math.stats.TDigest;

public class Ties {
    public static void main(String[] none) {
        show("MergingDigest", TDigest.createMergingDigest(100));
        show("AVLTreeDigest", TDigest.createAvlTreeDigest(100));
    }

    private static void show(String name, TDigest digest) {
        for (int i = 0; i < 100_000; i++) {
            digest.add(i % 10 == 9 ? 1000 : 0);
        }
        double quantile = digest.quantile(0.901);
        System.out.println(name + ": quantile 0.901 is "
                + (quantile == 0 || quantile == 1000 ? "a recorded value" : "between the values")
                + String.format("; cdf(0) %.2f, cdf(1000) below 1: %b", digest.cdf(0), digest.cdf(1000) < 0.999));
        System.err.println(name + ": quantiles 0.899 " + digest.quantile(0.899) + ", 0.901 " + quantile);
    }
}
JAVA
java -cp t-digest-3.3.jar Ties.java > seen.txt 2> values.txt || { cat values.txt >&2; exit 1; }
echo "expected: the quantile 0.901 is 1000, cdf(0) 0.90, cdf(1000) 1"
sed 's/^/seen:     /' seen.txt
sed 's/^/          /' values.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
MergingDigest: quantile 0.901 is between the values; cdf(0) 0.45, cdf(1000) below 1: true
AVLTreeDigest: quantile 0.901 is between the values; cdf(0) 0.45, cdf(1000) below 1: true
SEEN
