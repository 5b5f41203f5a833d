package ktrace.system.family;

import java.util.List;
import ktrace.event.Evidence.Interrupt;
import ktrace.event.Fact;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.system.Family;
import ktrace.system.Machine;
import ktrace.system.ProcessEntry;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.call.ChangesDescriptors;
import ktrace.system.objects.Ring;
import ktrace.system.objects.RingRequest;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;

/**
 * Linux AIO, io_submit(2): whoever waits in io_getevents(2) waits for what was submitted, which is for the disk, if it is no poll.
 * The blocks lie in the program's memory; they are asked for when a thread waits for them, and are believed as long as none of them
 * can have been replaced: until all that was submitted is done.
 */
final class LinuxAio implements Family {
    private static final int IOCB_CMD_POLL = 5;
    private static final int RING_POLL = 6;
    private static final int RING_FSYNC = 3;

    @Override
    public List<ObjectKind> kinds() {
        return List.of();
    }

    @Override
    public void calls(Calls calls) {
        calls.add("io_submit", new Submit());
        calls.add("io_getevents io_pgetevents", new GetEvents());
        calls.add("io_destroy", new ChangesDescriptors(
                (machine, thread, zero) -> machine.rings().allDone(context(machine, thread))));
    }

    private static Ring context(Machine machine, ThreadEntry thread) {
        return machine.rings().aio(thread.args[0], thread.process.tgid);
    }

    @Override
    public void learned(Machine machine, Fact fact) {
        if (!(fact instanceof Fact.Submitted(int tgid, long name, long listAddress, int operation, int fd))) {
            return;
        }
        ProcessEntry process = machine.process(tgid);
        Ring context = machine.rings().aio(name, tgid);
        if (process == null || context.untold == 0 || context.untoldList != listAddress) {
            return;
        }
        context.untold--;
        context.told++;
        RingRequest request = machine.rings().begin(context, operation == IOCB_CMD_POLL ? RING_POLL : RING_FSYNC);
        TrackedObject object = process.fds.get(fd);
        if (object != null) {
            machine.rings().on(request, fd, object);
        }
    }

    private static final class Submit extends SystemCall {
        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            if (result > 0 && result <= Integer.MAX_VALUE) {
                Ring context = context(machine, thread);
                context.underWay += (int) result;
                context.untoldList = thread.args[2];
                context.untold = (int) result;
            }
        }

        @Override
        public ObjectKind waitsUninterruptiblyFor(ThreadEntry thread) {
            return ObjectKind.DISK;
        }
    }

    private static final class GetEvents extends SystemCall {
        @Override
        public void enter(Machine machine, ThreadEntry thread, long nowNs) {
            thread.ring = context(machine, thread);
            settle(machine, thread, nowNs);
        }

        @Override
        public void ask(Machine machine, ThreadEntry thread, long nowNs) {
            Ring context = thread.ring;
            if (context != null && context.untold > 0) {
                machine.askSubmitted(thread.process, thread.args[0], context.untoldList, context.untold);
            }
        }

        @Override
        public void settle(Machine machine, ThreadEntry thread, long nowNs) {
            RingRequest sole = sole(thread);
            if (sole != null && sole.object() != null) {
                machine.rings().on(sole, sole.fd(), machine.settled(thread.process, sole.fd(), sole.object(), nowNs));
                thread.object = sole.object();
            }
        }

        /** Null where it is not known of all requests what they are, or these are different ones. */
        private static RingRequest sole(ThreadEntry thread) {
            return thread.ring == null || thread.ring.told != thread.ring.underWay ? null : thread.ring.sole();
        }

        @Override
        public ObjectKind waitsFor(ThreadEntry thread) {
            RingRequest sole = sole(thread);
            return sole == null || sole.object() == null ? ObjectKind.DISK : sole.kind();
        }

        @Override
        public ObjectKind waitsUninterruptiblyFor(ThreadEntry thread) {
            return ObjectKind.DISK;
        }

        @Override
        public Interrupt interruptedBy(ThreadEntry thread, long result) {
            return result >= 0 && result < thread.args[1] ? Interrupt.TIMED_OUT : super.interruptedBy(thread, result);
        }

        @Override
        public List<Peer> peers(Machine machine, ThreadEntry thread, TrackedObject object) {
            return object == null ? List.of() : machine.peers(object, thread.process, Way.READ);
        }

        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            Ring context = thread.ring;
            if (context != null && result > 0) {
                context.underWay -= (int) Math.min(result, context.underWay);
                if (context.underWay == 0) {
                    machine.rings().allDone(context);
                } else if (context.sole() == null) {
                    // Which of them are left, is not known.
                    context.told = -1;
                } else {
                    context.told = Math.min(context.told, context.underWay);
                }
            }
        }
    }
}
