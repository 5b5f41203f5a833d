package ktrace.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Which call of one run is which of another: the pairing in order that has the most calls with the same text, and among those the
 * most with the same name. Only calls of the same name are paired.
 */
final class Alignment {
    private static final int SAME_TEXT = 8;
    private static final int SAME_NAME = 3;

    private Alignment() { }

    static List<CallTranscript.Call[]> of(List<CallTranscript.Call> left, List<CallTranscript.Call> right,
            Function<CallTranscript.Call, String> leftText, Function<CallTranscript.Call, String> rightText) {
        String[] leftTexts = left.stream().map(leftText).toArray(String[]::new);
        String[] rightTexts = right.stream().map(rightText).toArray(String[]::new);
        String[] leftNames = left.stream().map(CallTranscript.Call::name).toArray(String[]::new);
        String[] rightNames = right.stream().map(CallTranscript.Call::name).toArray(String[]::new);
        int rows = left.size();
        int columns = right.size();
        // score of the best pairing of what is left from (row, column) on; steps: 0 pair, 1 skip left, 2 skip right
        byte[][] steps = new byte[rows][columns];
        int[] below = new int[columns + 1];
        int[] here = new int[columns + 1];
        for (int row = rows - 1; row >= 0; row--) {
            here[columns] = 0;
            for (int column = columns - 1; column >= 0; column--) {
                int worth = leftTexts[row].equals(rightTexts[column]) ? SAME_TEXT
                        : leftNames[row].equals(rightNames[column]) ? SAME_NAME : Integer.MIN_VALUE / 2;
                int paired = worth + below[column + 1];
                int best = Math.max(paired, Math.max(below[column], here[column + 1]));
                here[column] = best;
                steps[row][column] = (byte) (best == paired ? 0 : best == below[column] ? 1 : 2);
            }
            int[] swap = below;
            below = here;
            here = swap;
        }
        List<CallTranscript.Call[]> pairs = new ArrayList<>();
        for (int row = 0, column = 0; row < rows && column < columns;) {
            switch (steps[row][column]) {
                case 0 -> pairs.add(new CallTranscript.Call[] {left.get(row++), right.get(column++)});
                case 1 -> row++;
                default -> column++;
            }
        }
        return pairs;
    }
}
