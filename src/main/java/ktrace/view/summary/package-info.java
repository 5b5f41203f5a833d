/**
 * A summary as lines of so many columns: its sections, how much of each fits into a page, and the page that keys change. Takes
 * rows, sentences and figures from {@code story}, and writes nowhere.
 */
package ktrace.view.summary;
