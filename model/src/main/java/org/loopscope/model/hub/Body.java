package org.loopscope.model.hub;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.RunControl;

/** The content of an answer, read piece by piece: unlike a stream, a read can be cancelled and does not wait for ever. */
final class Body implements BodySubscriber<Body>, AutoCloseable {
    private static final long SLICE_MILLIS = 50;

    /** A piece, the end (neither), or a failure. */
    private record Event(List<ByteBuffer> piece, @Nullable Throwable failure) {}

    private final Duration silence;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile @Nullable Subscription subscription;
    private volatile boolean closed;

    Body(Duration silence) {
        this.silence = silence;
    }

    /**
     * The next piece, empty at the end.
     *
     * @throws IOException if the connection broke, or nothing came for too long
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    List<ByteBuffer> next(RunControl control) throws IOException {
        long deadline = System.nanoTime() + silence.toNanos();
        while (System.nanoTime() < deadline) {
            control.checkCancelled();
            Event event = poll();
            if (event == null) {
                continue;
            }
            if (event.failure() != null) {
                throw new IOException(
                        "the connection broke (" + HubClient.reason(event.failure()) + ")", event.failure());
            }
            Subscription source = subscription;
            if (source != null) {
                source.request(1);
            }
            return event.piece();
        }
        throw new IOException("nothing came for " + silence.toSeconds() + " seconds");
    }

    private @Nullable Event poll() throws IOException {
        try {
            return events.poll(SLICE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the download was interrupted", e);
        }
    }

    @Override
    public CompletionStage<Body> getBody() {
        return CompletableFuture.completedFuture(this); // at once: the pieces are read while they come
    }

    @Override
    public void onSubscribe(Subscription source) {
        subscription = source;
        if (closed) {
            source.cancel();
        } else {
            source.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> piece) {
        if (piece.stream().anyMatch(ByteBuffer::hasRemaining)) {
            events.add(new Event(piece, null));
        } else {
            Subscription source = subscription;
            if (source != null) {
                source.request(1);
            }
        }
    }

    @Override
    public void onError(Throwable failure) {
        events.add(new Event(List.of(), failure));
    }

    @Override
    public void onComplete() {
        events.add(new Event(List.of(), null));
    }

    /** Ends the connection if there is more to come. */
    @Override
    public void close() {
        closed = true;
        Subscription source = subscription;
        if (source != null) {
            source.cancel();
        }
    }
}
