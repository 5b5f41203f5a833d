/** Who comes into view besides those that were asked for. */
package ktrace.system.wide;
