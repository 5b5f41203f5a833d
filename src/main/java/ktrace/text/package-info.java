/**
 * Text from traced processes, made fit to be shown: what is escaped for whom, and how wide it is. Other grammars that such text
 * goes into stay with who writes them, and ask here which characters may not: JSON and CSV in {@code export}, string literals of C
 * in {@code decode}, TSDL in {@code ctf}. Touches nothing.
 */
package ktrace.text;
