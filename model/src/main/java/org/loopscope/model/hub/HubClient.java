package org.loopscope.model.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.IoReason;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.ProgramVersion;
import org.loopscope.model.base.RunControl;

/** Asks the Hub over HTTP. Follows redirects itself, so that the token goes to the Hub's own address and nowhere else. */
final class HubClient {
    private static final int MAX_REDIRECTS = 5;
    private static final long SLICE_MILLIS = 50;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> BUSY = Set.of(408, 429, 500, 502, 503, 504);
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    private final URI endpoint;
    private final Optional<String> token;
    private final Patience patience;
    private final HttpClient http;

    HubClient(HubEnvironment environment, Patience patience) throws LoopscopeException {
        this.endpoint = environment.endpoint();
        this.token = environment.token();
        this.patience = patience;
        this.http = HttpClient.newBuilder()
                .version(Version.HTTP_1_1)
                .followRedirects(Redirect.NEVER)
                .connectTimeout(patience.silence())
                .build();
    }

    URI endpoint() {
        return endpoint;
    }

    Patience patience() {
        return patience;
    }

    boolean hasToken() {
        return token.isPresent();
    }

    /** {@code path}, which begins with a slash, on the Hub. */
    URI at(String path) {
        return URI.create(endpoint + path);
    }

    /**
     * The answer from byte {@code from} of what is at {@code start}, after redirects, whatever its status; its body is
     * open.
     *
     * @throws IOException if there is no connection, the server is silent for too long, or asks to try again later
     * @throws LoopscopeException for a redirect that is not followed
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    HttpResponse<Body> get(URI start, long from, RunControl control) throws IOException, LoopscopeException {
        URI address = start;
        for (int hops = 0; hops <= MAX_REDIRECTS; hops++) {
            HttpResponse<Body> response = send(request(address, from), control);
            if (!REDIRECTS.contains(response.statusCode())) {
                if (BUSY.contains(response.statusCode())) {
                    response.body().close();
                    throw new ServerBusyException(response.statusCode(), retryAfter(response));
                }
                return response;
            }
            response.body().close();
            address = target(address, response);
        }
        throw new LoopscopeException(
                endpoint + " redirects more than " + MAX_REDIRECTS + " times; nothing was fetched.");
    }

    private HttpRequest request(URI address, long from) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("User-Agent", "loopscope/" + ProgramVersion.get())
                .header("Accept-Encoding", "identity");
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        if (token.isPresent() && maySeeToken(address)) {
            request.header("Authorization", "Bearer " + token.get());
        }
        return request.build();
    }

    /** The Hub itself, and not over an open line. */
    private boolean maySeeToken(URI address) {
        boolean same = address.getScheme().equals(endpoint.getScheme())
                && address.getHost().equalsIgnoreCase(endpoint.getHost())
                && address.getPort() == endpoint.getPort();
        return same && (address.getScheme().equals("https") || THIS_MACHINE.contains(address.getHost()));
    }

    private HttpResponse<Body> send(HttpRequest request, RunControl control) throws IOException {
        CompletableFuture<HttpResponse<Body>> answer = http.sendAsync(request, info -> new Body(patience.silence()));
        long deadline = System.nanoTime() + patience.silence().toNanos();
        try {
            while (System.nanoTime() < deadline) {
                control.checkCancelled();
                try {
                    return answer.get(SLICE_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    // look whether somebody cancelled, then wait on
                }
            }
            throw new IOException("no answer for " + patience.silence().toSeconds() + " seconds");
        } catch (ExecutionException e) {
            throw broken(Objects.requireNonNull(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the download was interrupted", e);
        } finally {
            answer.cancel(true); // nothing happens if it is there
        }
    }

    /** A connection that was there and broke before the answer could be given is told like one that broke within it. */
    private static IOException broken(Throwable cause) {
        if (cause instanceof IOException io && (isUnreachable(io) || io instanceof HttpTimeoutException)) {
            return io;
        }
        return new IOException("the connection broke (" + reason(cause) + ")", cause);
    }

    private URI target(URI from, HttpResponse<Body> response) throws LoopscopeException {
        String location = response.headers().firstValue("Location").orElse("");
        try {
            URI to = from.resolve(location);
            boolean web = "https".equals(to.getScheme())
                    || ("http".equals(to.getScheme()) && endpoint.getScheme().equals("http"));
            if (web && to.getHost() != null && !location.isEmpty()) {
                return to;
            }
        } catch (IllegalArgumentException e) {
            throw new LoopscopeException(
                    endpoint + " redirects to " + ForeignText.quoted(location) + ", which is no address.", e);
        }
        throw new LoopscopeException(endpoint + " redirects to " + ForeignText.quoted(location)
                + ", expected an address with " + endpoint.getScheme() + ".");
    }

    private static Duration retryAfter(HttpResponse<?> response) {
        String text = response.headers().firstValue("Retry-After").orElse("");
        return text.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(text)) : Duration.ZERO;
    }

    /** All of a small answer; null bytes are none that a caller expects. Longer than {@code limit} is refused. */
    byte[] read(Body body, int limit, String what, RunControl control) throws IOException, LoopscopeException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (List<ByteBuffer> piece = body.next(control); !piece.isEmpty(); piece = body.next(control)) {
            for (ByteBuffer buffer : piece) {
                byte[] bytes = new byte[buffer.remaining()];
                buffer.get(bytes);
                out.write(bytes);
            }
            if (out.size() > limit) {
                throw new LoopscopeException(
                        what + ": expected at most " + limit + " bytes from " + endpoint + ", found more.");
            }
        }
        return out.toByteArray();
    }

    /** One sentence for a failure that did not go away. */
    LoopscopeException given(String what, IOException failure) {
        if (isUnreachable(failure)) {
            return new LoopscopeException(
                    "No connection to " + endpoint + " (" + reason(failure)
                            + "); check the network, and HF_ENDPOINT if it is set.",
                    failure);
        }
        return new LoopscopeException(what + ": " + reason(failure) + "; try it again later.", failure);
    }

    private static boolean isUnreachable(IOException failure) {
        return failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException;
    }

    static String reason(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof UnresolvedAddressException) {
                return "its name is not known";
            }
        }
        if (failure instanceof ConnectException) {
            return "it does not accept connections";
        }
        return failure instanceof IOException io ? IoReason.of(io) : "a fault of the connection";
    }
}
