package ktrace.ctf;

/**
 * How the events of one class are read, compiled when the first is met.
 *
 * @param context of this class alone
 * @param mapping null when ktrace has no use for them: they are only stepped over
 * @param absent wanted registers that no field fills
 */
record EventLayout(FieldReader context, FieldReader fields, EventMapping mapping, int[] absent, boolean hasTid, boolean hasVtid,
        boolean hasPid) {
}
