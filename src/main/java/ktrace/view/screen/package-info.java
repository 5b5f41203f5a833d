/**
 * What a terminal can do, whatever is shown on it: styled lines and tables of them, the characters that draw, keys, the alternate
 * screen, and writing until nobody reads any more. The only place that knows escape sequences.
 */
package ktrace.view.screen;
