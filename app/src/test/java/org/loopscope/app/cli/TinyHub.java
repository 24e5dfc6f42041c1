package org.loopscope.app.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.loopscope.model.base.LoopscopeException;

/** A Hub on this machine with one random model, org/tiny, that answers as it should. */
public final class TinyHub implements AutoCloseable {
    private static final String COMMIT = "b".repeat(40);

    private final HttpServer server;
    private final Map<String, byte[]> answers = new TreeMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** @param folder where the model is made first */
    public TinyHub(Path folder) throws IOException, LoopscopeException {
        RandomCheckpoint.write(folder);
        ObjectNode list = new ObjectMapper().createObjectNode().put("sha", COMMIT);
        ArrayNode siblings = list.putArray("siblings");
        for (String name : List.of("config.json", "model.safetensors")) {
            byte[] content = Files.readAllBytes(folder.resolve(name));
            siblings.addObject()
                    .put("rfilename", name)
                    .put("size", content.length)
                    .putObject("lfs")
                    .put("sha256", sha256(content))
                    .put("size", content.length);
            answers.put("/org/tiny/resolve/" + COMMIT + "/" + name, content);
        }
        answers.put("/api/models/org/tiny/revision/main", list.toString().getBytes(StandardCharsets.UTF_8));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.add(exchange.getRequestURI().getPath());
            byte[] content = answers.get(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(content == null ? 404 : 200, content == null ? -1 : content.length);
            if (content != null) {
                exchange.getResponseBody().write(content);
            }
        }
    }

    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Paths that were asked for, in order. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    public long sizeBytes() {
        return answers.entrySet().stream()
                .filter(answer -> answer.getKey().contains("/resolve/"))
                .mapToLong(answer -> answer.getValue().length)
                .sum();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
