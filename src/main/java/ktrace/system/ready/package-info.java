/** Why a thread that is ready does not run. */
package ktrace.system.ready;
