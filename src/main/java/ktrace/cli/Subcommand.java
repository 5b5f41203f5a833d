package ktrace.cli;

import java.util.List;
import ktrace.cli.options.UserError;

/** One of ktrace's commands: an object whose options picocli has filled. */
interface Subcommand {
    /**
     * Does it; gives the exit status.
     *
     * @param command the words after {@code --}, or null when there was no {@code --}
     * @throws UserError for what the user can put right
     */
    int run(List<String> command);
}
