package io.camelody.request;

import java.io.Closeable;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Has the next element of a source made while the last one is worked on, in a thread of its own. It is one ahead and no more,
 * so memory stays that of two. What fails there is thrown here. Not thread-safe; the source is nobody else's until this is
 * closed, which waits for the thread.
 */
public final class Ahead<T> implements Iterator<T>, Closeable {

    private final Iterator<T> source;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(reading -> {
        Thread made = new Thread(reading, "camelody-ahead");
        made.setDaemon(true);
        return made;
    });
    private Future<Optional<T>> next;

    public Ahead(Iterator<T> source) {
        this.source = source;
        this.next = thread.submit(this::make);
    }

    private Optional<T> make() {
        return source.hasNext() ? Optional.of(source.next()) : Optional.empty();
    }

    @Override
    public boolean hasNext() {
        return await().isPresent();
    }

    @Override
    public T next() {
        T made = await().orElseThrow(NoSuchElementException::new);
        next = thread.submit(this::make);
        return made;
    }

    private Optional<T> await() {
        try {
            return next.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("Reading ahead was interrupted"));
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        while (!next.isDone()) {
            try {
                next.get();
            } catch (ExecutionException e) {
                // nobody asks for it any more
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
