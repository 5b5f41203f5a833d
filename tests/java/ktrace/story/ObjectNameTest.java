package ktrace.story;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ktrace.text.TextWidth;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectNameTest {
    @ParameterizedTest
    @CsvSource({
        "tcp 192.168.100.17:45678→10.20.30.40:6379, 60, tcp 192.168.100.17:45678→10.20.30.40:6379",
        "tcp 192.168.100.17:45678→10.20.30.40:6379, 30, tcp :45678→10.20.30.40:6379",
        "tcp 192.168.100.17:45678→10.20.30.40:6379, 24, tcp :45678→…0.30.40:6379",
        "tcp 192.168.100.17:45678→10.20.30.40:6379, 16, tcp :45678→:6379",
        "tcp 192.168.100.17:45678→10.20.30.40:6379, 12, tcp :6379",
        "60 tcp sockets of 127.0.0.1:6379, 24, 60 tcp sockets of :6379",
        "60 tcp sockets of 127.0.0.1:6379, 15, 60 tcp sockets",
        "tcp [fe80::1]:45678→[fe80::2]:6379, 30, tcp :45678→[fe80::2]:6379",
        "/var/lib/postgresql/15/main/base/16384/2619, 30, …/15/main/base/16384/2619",
        "/var/lib/postgresql/15/main/base/16384/2619, 12, …/16384/2619",
        "unix /run/user/1000/systemd/private-socket, 24, unix …/private-socket",
        "fifo /tmp/a-name-that-is-much-too-long.fifo, 21, fifo a-name-…ong.fifo",
        "pipe:[12345678901], 12, pipe:…78901]"})
    void whatTellsApartStays(String name, int columns, String shown) {
        assertEquals(shown, ObjectName.fit(name, columns, "…"));
    }

    @Test
    void itNeverTakesMoreThanItMay() {
        for (String name : new String[] {"tcp 192.168.100.17:45678→10.20.30.40:6379", "/var/lib/postgresql/15/main", "unix /run/x", "/"}) {
            for (int columns = 8; columns < 60; columns++) {
                String shown = ObjectName.fit(name, columns, "…");
                assertTrue(TextWidth.of(shown) <= columns, shown);
            }
        }
    }

    @Test
    void theListeningEndIsTheOneWithoutAPassingPort() {
        assertEquals("127.0.0.1:6379", ObjectName.listening("tcp 127.0.0.1:6379→127.0.0.1:40000"));
        assertEquals("[::1]:80", ObjectName.listening("tcp [::1]:50000→[::1]:80"));
        assertNull(ObjectName.listening("tcp 127.0.0.1:40000→127.0.0.1:40001"));
        assertNull(ObjectName.listening("tcp 0.0.0.0:80"));
        assertNull(ObjectName.listening("pipe:[1]"));
        assertNull(ObjectName.listening(null));
    }
}
