package io.camelody.audio;

import io.camelody.audio.BrokenDownloadException.Kind;
import io.camelody.outgoing.OutgoingHttp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

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
    static Download open(OutgoingHttp http, AudioUrl first, Optional<Rest> wanted, Patience patience) {
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

    private static Download get(OutgoingHttp http, AudioUrl url, Optional<Rest> rest, Patience patience) {
        if (Thread.currentThread().isInterrupted()) {
            throw new BrokenDownloadException(Kind.INTERRUPTED, "The fetch was interrupted.", "url: " + url);
        }
        List<String> headers = new ArrayList<>(List.of("Accept-Encoding", "identity"));
        rest.ifPresent(wanted -> headers.addAll(wanted.headers()));
        Body body = new Body(http.get(url.uri(), headers), url, patience);
        try {
            return new Download(body.answer(), body, rest);
        } catch (BrokenDownloadException e) {
            body.close();
            throw e;
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
