/** Those who compute while others wait, in words. */
package ktrace.story.computing;
