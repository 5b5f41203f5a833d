/** Those who cannot go on, in words. */
package ktrace.story.stuck;
