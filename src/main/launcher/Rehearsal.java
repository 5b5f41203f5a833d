import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the build has ktrace trace once, so that Java learns the way of the events of servers: an event loop and a thread for each
 * connection, with clients that want answers of them, locks, queues, pipes, naps, files and programs. Run by `install`, as source.
 */
final class Rehearsal {
    private static final int CLIENTS = 8;

    private Rehearsal() {
    }

    interface Work {
        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("ktrace-rehearsal");
        Path path = directory.resolve("socket");
        ServerSocketChannel tcp = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
        List<Thread> threads = new ArrayList<>();
        start(() -> loop(tcp));
        start(() -> threadForEach(unix));
        for (int i = 0; i < CLIENTS; i++) {
            threads.add(start(() -> ask(tcp.getLocalAddress(), 15_000)));
            threads.add(start(() -> ask(unix.getLocalAddress(), 5_000)));
        }
        queue(threads);
        pipe(threads);
        ReentrantLock lock = new ReentrantLock();
        for (int i = 0; i < 4; i++) {
            threads.add(start(() -> contend(lock)));
        }
        threads.add(start(() -> files(directory)));
        threads.add(start(Rehearsal::programs));
        for (Thread thread : threads) {
            thread.join();
        }
        Files.delete(path);
        Files.delete(directory);
        // The servers wait for connections that never come.
        System.exit(0);
    }

    private static Thread start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** One thread that answers all, as redis and nginx do. */
    private static void loop(ServerSocketChannel server) throws IOException {
        Selector selector = Selector.open();
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        while (server.isOpen()) {
            selector.select(key -> {
                try {
                    if (key.isAcceptable()) {
                        SocketChannel connection = server.accept();
                        connection.configureBlocking(false);
                        connection.register(selector, SelectionKey.OP_READ);
                    } else if (!echo((SocketChannel) key.channel(), buffer)) {
                        key.channel().close();
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private static void threadForEach(ServerSocketChannel server) throws IOException {
        while (true) {
            SocketChannel connection = server.accept();
            start(() -> {
                ByteBuffer buffer = ByteBuffer.allocateDirect(64);
                while (echo(connection, buffer)) {
                    Thread.onSpinWait();
                }
                connection.close();
            });
        }
    }

    private static boolean echo(SocketChannel connection, ByteBuffer buffer) throws IOException {
        buffer.clear();
        if (connection.read(buffer) < 0) {
            return false;
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
            connection.write(buffer);
        }
        return true;
    }

    private static void ask(SocketAddress server, int times) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        try (SocketChannel connection = SocketChannel.open(server)) {
            for (int i = 0; i < times; i++) {
                buffer.clear();
                connection.write(buffer);
                buffer.clear();
                while (buffer.hasRemaining() && connection.read(buffer) >= 0) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    private static void queue(List<Thread> threads) {
        SynchronousQueue<Integer> queue = new SynchronousQueue<>();
        threads.add(start(() -> {
            for (int i = 0; i < 10_000; i++) {
                queue.put(i);
            }
        }));
        threads.add(start(() -> {
            for (int i = 0; i < 10_000; i++) {
                queue.take();
            }
        }));
    }

    private static void pipe(List<Thread> threads) throws IOException {
        Pipe pipe = Pipe.open();
        threads.add(start(() -> {
            ByteBuffer block = ByteBuffer.allocateDirect(4096);
            for (int i = 0; i < 10_000; i++) {
                block.clear();
                pipe.sink().write(block);
            }
            pipe.sink().close();
        }));
        threads.add(start(() -> {
            ByteBuffer block = ByteBuffer.allocateDirect(4096);
            while (pipe.source().read(block.clear()) >= 0) {
                Thread.onSpinWait();
            }
        }));
    }

    private static void contend(ReentrantLock lock) {
        for (int i = 0; i < 2_000; i++) {
            lock.lock();
            try {
                LockSupport.parkNanos(1_000);
            } finally {
                lock.unlock();
            }
        }
    }

    private static void files(Path directory) throws IOException {
        Path file = directory.resolve("file");
        for (int i = 0; i < 3_000; i++) {
            Files.write(file, new byte[100]);
            Files.readAllBytes(file);
            Files.delete(file);
        }
    }

    private static void programs() throws Exception {
        for (int i = 0; i < 30; i++) {
            new ProcessBuilder("true").start().waitFor();
        }
    }
}
