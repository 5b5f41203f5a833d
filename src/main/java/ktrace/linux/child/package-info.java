/**
 * Processes that ktrace starts: a COMMAND that is held until tracing has begun, and whoever closes descriptors when ktrace has ended.
 * A child of a JVM may only do what {@link ktrace.linux.child.ChildProgram} writes down before, for after fork(2) there is no JVM in it.
 */
package ktrace.linux.child;
