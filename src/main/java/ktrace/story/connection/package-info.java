/** What processes reach each other by, with both ends of it. */
package ktrace.story.connection;
