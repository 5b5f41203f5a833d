package ktrace.ctf.read;

import ktrace.ctf.layout.FieldReader;
import ktrace.ctf.mapping.EventMapping;

/**
 * How the events of one class are read, compiled when the first is met.
 *
 * @param context of this class alone
 * @param mapping null when ktrace has no use for them: they are only stepped over
 * @param cost of reading one besides its bits, see {@link ktrace.ctf.layout.PacketCursor#work}
 * @param absent wanted registers that no field fills
 */
record EventLayout(FieldReader context, FieldReader fields, int cost, EventMapping mapping, int[] absent, boolean hasTid,
        boolean hasVtid, boolean hasPid, boolean hasVpid) {
}
