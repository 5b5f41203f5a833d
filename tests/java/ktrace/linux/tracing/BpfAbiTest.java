package ktrace.linux.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import ktrace.linux.uapi.CProgram;
import org.junit.jupiter.api.Test;

/** Every number of {@link BpfAbi} against the C compiler. */
class BpfAbiTest {
    /** Those that are no constant of the name with BPF_ before it: fields of union bpf_attr, mostly, or what else C says. */
    private static final Map<String, String> IN_C = Map.ofEntries(
            Map.entry("MAP_TYPE", field("map_type")), Map.entry("KEY_SIZE", field("key_size")),
            Map.entry("VALUE_SIZE", field("value_size")), Map.entry("MAX_ENTRIES", field("max_entries")),
            Map.entry("MAP_FLAGS", field("map_flags")), Map.entry("INNER_MAP_FD", field("inner_map_fd")),
            Map.entry("MAP_NAME", field("map_name")), Map.entry("MAP_BTF_FD", field("btf_fd")),
            Map.entry("BTF_KEY_TYPE_ID", field("btf_key_type_id")), Map.entry("BTF_VALUE_TYPE_ID", field("btf_value_type_id")),
            Map.entry("MAP_FD", field("map_fd")), Map.entry("KEY", field("key")), Map.entry("VALUE", field("value")),
            Map.entry("BATCH_KEYS", field("batch.keys")), Map.entry("BATCH_VALUES", field("batch.values")),
            Map.entry("BATCH_COUNT", field("batch.count")), Map.entry("BATCH_MAP_FD", field("batch.map_fd")),
            Map.entry("PROG_TYPE", field("prog_type")), Map.entry("INSN_CNT", field("insn_cnt")),
            Map.entry("INSNS", field("insns")), Map.entry("LICENSE", field("license")), Map.entry("LOG_LEVEL", field("log_level")),
            Map.entry("LOG_SIZE", field("log_size")), Map.entry("LOG_BUF", field("log_buf")),
            Map.entry("PROG_NAME", field("prog_name")), Map.entry("EXPECTED_ATTACH_TYPE", field("expected_attach_type")),
            Map.entry("ATTACH_BTF_ID", field("attach_btf_id")),
            Map.entry("RAW_TRACEPOINT_PROG_FD", field("raw_tracepoint.prog_fd")), Map.entry("BTF", field("btf")),
            Map.entry("BTF_SIZE", field("btf_size")), Map.entry("LINK_PROG_FD", field("link_create.prog_fd")),
            Map.entry("LINK_TARGET_FD", field("link_create.target_fd")),
            Map.entry("LINK_ATTACH_TYPE", field("link_create.attach_type")),
            Map.entry("ITER_LINK_FD", field("iter_create.link_fd")),
            Map.entry("INFO_BPF_FD", field("info.bpf_fd")), Map.entry("INFO_LEN", field("info.info_len")),
            Map.entry("INFO", field("info.info")), Map.entry("TEST_PROG_FD", field("test.prog_fd")),
            Map.entry("TEST_CTX_SIZE_IN", field("test.ctx_size_in")), Map.entry("TEST_CTX_IN", field("test.ctx_in")),
            Map.entry("PROG_FLAGS", field("prog_flags")), Map.entry("TEST_FLAGS", field("test.flags")), Map.entry("TEST_CPU", field("test.cpu")),
            Map.entry("RECURSION_MISSES", "offsetof(struct bpf_prog_info, recursion_misses)"));

    /** Beyond it nothing is filled; what newer headers have there stays out of it. */
    private static final List<String> OWN = List.of("ATTR_BYTES");

    private static String field(String path) {
        return "offsetof(union bpf_attr, " + path + ")";
    }

    /** Functions are in small letters there. */
    private static String nameInC(String name) {
        return name.startsWith("FUNC_") ? "BPF_FUNC_" + name.substring(5).toLowerCase(Locale.ROOT) : "BPF_" + name;
    }

    @Test
    void everyNumberIsThatOfC() throws IOException, InterruptedException, IllegalAccessException {
        CProgram.requireComparableHeaders();
        List<String> expected = new ArrayList<>();
        StringBuilder statements = new StringBuilder();
        for (Field constant : BpfAbi.class.getDeclaredFields()) {
            if (!OWN.contains(constant.getName())) {
                expected.add(constant.getName() + " " + constant.getInt(null));
                statements.append("printf(\"%s %%d\\n\", (int) (%s));\n".formatted(constant.getName(),
                        IN_C.getOrDefault(constant.getName(), nameInC(constant.getName()))));
            }
        }
        List<String> inC = CProgram.run("#include <stddef.h>\n#include <stdio.h>\n#include <linux/bpf.h>\n", statements.toString());
        assertEquals(expected, inC);
    }
}
