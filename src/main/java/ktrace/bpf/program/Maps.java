package ktrace.bpf.program;

import ktrace.bpf.kernel.BpfMap;

/**
 * What the programs share with each other and with ktrace.
 *
 * @param rings the ring of each CPU, by its number; none for a CPU that was not there
 * @param states {@link CpuState} of each CPU
 * @param tasks has an entry for each traced thread: {@link EventCode#TRACED} when its calls are recorded, 0 as long as it waits for
 *     its exec; and {@link EventCode#WATCHED} for one that is watched for its states alone
 * @param arguments by the number of a call, how many arguments are told of it ({@link SystemCalls#told})
 * @param uringRings the rings of io_uring that traced threads use, by their address; the latest of them
 * @param sets for each CPU, where {@link PolledSets} and {@link WaitedPaths} put a record together
 * @param paths by number of call, where its path is ({@link WaitedPaths#places})
 * @param wanted the processes that are to be traced or watched, while it is looked for their threads, and what the entries of
 *     these are to be
 */
public record Maps(BpfMap rings, BpfMap states, BpfMap tasks, BpfMap arguments, BpfMap uringRings, BpfMap sets, BpfMap paths,
        BpfMap wanted)
        implements AutoCloseable {
    @Override
    public void close() {
        rings.close();
        states.close();
        tasks.close();
        arguments.close();
        uringRings.close();
        sets.close();
        paths.close();
        wanted.close();
    }
}
