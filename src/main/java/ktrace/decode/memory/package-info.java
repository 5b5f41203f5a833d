/**
 * How calls on memory are shown: mappings and the policies of NUMA.
 *
 * <p>What others need of it is {@link ktrace.decode.memory.MemoryKinds#ALL}; a kind is added as a case in the class that shows
 * what is alike.
 */
package ktrace.decode.memory;
