/**
 * The live screen: everything at a glance, or one list of it at a time with a row that is chosen, which tells its chain. What keys do
 * is here; what they are is in {@code view.screen}, and how a summary is laid out in {@code view.summary}.
 */
package ktrace.view.tabs;
