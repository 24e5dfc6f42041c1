package org.loopscope.model.hub;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A small Hub with one repository on this machine. Every answer can be replaced by one that misbehaves. */
final class FakeHub implements AutoCloseable {
    static final String COMMIT = "c0ffee".repeat(6) + "abcd";

    /** What was asked: path with query, and the two headers that matter; empty where absent. */
    record Request(String path, String range, String authorization) {}

    /** An answer. */
    @FunctionalInterface
    interface Answer {
        void send(HttpExchange exchange) throws IOException;
    }

    final List<Request> requests = new CopyOnWriteArrayList<>();
    final Map<String, byte[]> files = new TreeMap<>();
    final ObjectNode list = new JsonMapper().createObjectNode().put("sha", COMMIT);
    private final String repo;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Deque<Answer>> instead = new ConcurrentHashMap<>();

    FakeHub(String repo) throws IOException {
        this.repo = repo;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** A file of the repository, listed with its true size and checksum. */
    ObjectNode add(String name, byte[] content, boolean large) {
        files.put(name, content);
        ObjectNode entry = siblings().addObject().put("rfilename", name).put("size", content.length);
        if (large) {
            entry.put("blobId", "f".repeat(40));
            entry.putObject("lfs")
                    .put("sha256", sha256(content))
                    .put("size", content.length)
                    .put("pointerSize", 134);
        } else {
            entry.put("blobId", gitId(content));
        }
        return entry;
    }

    private ArrayNode siblings() {
        return list.has("siblings") ? list.withArray("/siblings") : list.putArray("siblings");
    }

    static String sha256(byte[] content) {
        return hex("SHA-256", content);
    }

    /** As git names content: SHA-1 of the word blob, the size, a zero and the content. */
    static String gitId(byte[] content) {
        byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, all, head.length, content.length);
        return hex("SHA-1", all);
    }

    private static String hex(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    String listPath() {
        return "/api/models/" + repo + "/revision/main?blobs=true";
    }

    String filePath(String name) {
        return "/" + repo + "/resolve/" + COMMIT + "/" + name;
    }

    /** The next requests for {@code path} are answered by these, the later ones as they should be. */
    void instead(String path, Answer... answers) {
        instead.computeIfAbsent(path, p -> new ArrayDeque<>()).addAll(List.of(answers));
    }

    /** The next requests for {@code path} are answered as they should be. */
    void asUsual(String path) {
        instead.remove(path);
    }

    /** Ranges asked for when {@code name} was, in order; empty text where the whole was. */
    List<String> ranges(String name) {
        return requests.stream()
                .filter(request -> request.path().equals(filePath(name)))
                .map(Request::range)
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        requests.add(new Request(path, header(exchange, "Range"), header(exchange, "Authorization")));
        try (exchange) {
            Deque<Answer> answers = instead.getOrDefault(path, new ArrayDeque<>());
            Answer answer;
            synchronized (answers) {
                answer = answers.poll();
            }
            (answer == null ? (Answer) this::asItShouldBe : answer).send(exchange);
        }
    }

    private static String header(HttpExchange exchange, String name) {
        List<String> values = exchange.getRequestHeaders().get(name);
        return values == null ? "" : values.get(0);
    }

    void asItShouldBe(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        if (path.equals(listPath())) {
            send(exchange, 200, list.toString().getBytes(StandardCharsets.UTF_8));
            return;
        }
        byte[] content = files.get(path.substring(path.lastIndexOf('/') + 1));
        if (content == null) {
            send(exchange, 404, new byte[0]);
            return;
        }
        String range = header(exchange, "Range");
        if (range.isEmpty()) {
            send(exchange, 200, content);
            return;
        }
        int from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        send(exchange, 206, Arrays.copyOfRange(content, from, content.length));
    }

    static void send(HttpExchange exchange, int status, byte[] content) throws IOException {
        exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(content);
        }
    }

    static Answer status(int status, String... headers) {
        return exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
        };
    }

    /** The first {@code count} bytes of what was asked for, then the connection is cut. */
    Answer cutAfter(String name, int count) {
        return exchange -> {
            byte[] content = files.get(name);
            String range = header(exchange, "Range");
            int from = range.isEmpty() ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
            if (from > 0) {
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
            }
            exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
            exchange.getResponseBody().write(content, from, Math.min(count, content.length - from));
            exchange.getResponseBody().flush();
        };
    }

    /** Cuts the connection before a word is said. */
    static Answer silence() {
        return exchange -> {
            throw new IOException("cut on purpose");
        };
    }

    /** {@code content} in full, as if it were what was asked for. */
    static Answer content(byte[] content) {
        return exchange -> send(exchange, 200, content);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
