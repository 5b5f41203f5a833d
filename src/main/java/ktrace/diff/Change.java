package ktrace.diff;

/**
 * What became of one row.
 *
 * @param length how long each took, or of a reason nothing
 * @param rate how many there were, or how much time, in a second
 * @param costNs what it costs more in each second of the second run: of what stands out, or where nothing was tested of all
 */
public record Change(Row row, Figures before, Figures after, Shift length, Shift rate, double costNs) {
    /** Whether it is a change, as far as can be said. */
    public boolean standsOut() {
        return length.standsOut() || rate.standsOut();
    }

    public boolean isWorse() {
        return costNs > 0;
    }

    /** Too few to tell, or sums without durations. */
    public boolean isTested() {
        return length.isTested() || rate.isTested();
    }

    /**
     * One figure in both runs.
     *
     * @param p how likely it differs as much by chance, corrected for the number of all that were looked at; NaN where it was not tested
     */
    public record Shift(double before, double after, double p, boolean standsOut) {
        public boolean isTested() {
            return !Double.isNaN(p);
        }
    }
}
