package org.loopscope.app.fuzz;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A Hub on this machine whose list of files is whatever a case says. */
final class ListingServer implements AutoCloseable {
    static {
        System.setProperty("sun.net.httpserver.nodelay", "true"); // else each answer waits 40 ms
    }

    private final HttpServer server;
    private final byte[] config;
    private volatile byte[] listing = {};

    ListingServer(byte[] config) throws IOException {
        this.config = config;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] content = exchange.getRequestURI().getPath().startsWith("/api/") ? listing : config;
            exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
        }
    }

    void list(byte[] content) {
        listing = content;
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
