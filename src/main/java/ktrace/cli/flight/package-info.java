/** Flight recordings: what asks for them to be written, and what tells each of them how things were at its begin. */
package ktrace.cli.flight;
