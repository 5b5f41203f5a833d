/** The file that an export makes, what it tells of what the trace lacks, and how far it is. */
package ktrace.cli.export;
