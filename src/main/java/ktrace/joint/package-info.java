/**
 * Two collectors that are one: each takes what it takes at the least price, and what they tell is put together by its time, as what
 * is told of several CPUs is.
 */
package ktrace.joint;
