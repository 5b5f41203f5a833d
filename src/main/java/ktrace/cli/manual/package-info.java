/** What is told of the commands besides their help: a manual page, and what shells complete. */
package ktrace.cli.manual;
