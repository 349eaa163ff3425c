package io.camelody.audio;

import io.camelody.audio.BrokenDownloadException.Kind;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One GET that was answered with a file to come, or with the rest of one: follows redirects, sends no credentials and no
 * cookies.
 *
 * @param rest what follows; empty: the whole file
 */
record Download(Answer answer, Body body, Optional<Rest> rest) implements AutoCloseable {

    private static final int MOST_REDIRECTS = 5;

    /**
     * @param wanted the rest, where that is enough; a host that does not give it is asked for the whole file
     * @throws BrokenDownloadException if no file follows
     */
    static Download open(HttpClient http, AudioUrl first, Optional<Rest> wanted, Patience patience) {
        AudioUrl url = first;
        Optional<Rest> rest = wanted;
        for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
            Download download = get(http, url, rest, patience);
            try {
                Answer answer = download.answer;
                if (answer.isRedirect()) {
                    url = answer.target();
                } else if (rest.isPresent() && rest.get().isDeniedBy(answer)) {
                    rest = Optional.empty();
                } else if (rest.isPresent() && rest.get().isIn(answer)) {
                    return download;
                } else {
                    answer.requireWhole();
                    return new Download(answer, download.body, Optional.empty());
                }
            } catch (BrokenDownloadException e) {
                download.close();
                throw e;
            }
            download.close();
        }
        throw new BrokenDownloadException(
                Kind.BAD_URL, "The URL was redirected more than " + MOST_REDIRECTS + " times.", "url: " + first);
    }

    private static Download get(HttpClient http, AudioUrl url, Optional<Rest> rest, Patience patience) {
        if (Thread.currentThread().isInterrupted()) {
            throw new BrokenDownloadException(Kind.INTERRUPTED, "The fetch was interrupted.", "url: " + url);
        }
        // no timeout() here: newer JDKs apply it to the body too
        HttpRequest.Builder builder = HttpRequest.newBuilder(url.uri()).header("Accept-Encoding", "identity");
        rest.ifPresent(wanted -> builder.headers(wanted.headers().toArray(String[]::new)));
        HttpRequest request = builder.build();
        CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> call =
                http.sendAsync(request, BodyHandlers.ofPublisher());
        CompletableFuture<Download> download = call.thenApply(response -> {
            Body body = new Body(url, patience);
            response.body().subscribe(body);
            return new Download(new Answer(url, response.statusCode(), response.headers()), body, rest);
        });
        try {
            return await(download, url, patience);
        } catch (BrokenDownloadException e) {
            call.cancel(true);
            // the answer may have come just now
            download.thenAccept(Download::close);
            throw e;
        }
    }

    private static Download await(CompletableFuture<Download> download, AudioUrl url, Patience patience) {
        long start = System.nanoTime();
        try {
            Download opened = download.get(Math.max(0, patience.left()), TimeUnit.NANOSECONDS);
            patience.waited(System.nanoTime() - start);
            return opened;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new BrokenDownloadException(
                    Kind.UNREACHABLE, "The host gave no answer: " + cause + ".", "url: " + url, cause);
        } catch (TimeoutException e) {
            throw new BrokenDownloadException(Kind.STALLED, "The host did not answer in time.", "url: " + url);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokenDownloadException(Kind.INTERRUPTED, "The fetch was interrupted.", "url: " + url, e);
        }
    }

    /** How long the whole file is, if the host says so. */
    OptionalLong length() {
        return rest.isPresent() ? OptionalLong.of(rest.get().origin().length()) : answer.length();
    }

    @Override
    public void close() {
        body.close();
    }
}
