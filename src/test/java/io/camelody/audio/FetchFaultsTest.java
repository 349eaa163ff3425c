package io.camelody.audio;

import static io.camelody.audio.Sounds.framesOf;
import static io.camelody.audio.Sounds.wav;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import io.camelody.audio.BrokenDownloadException.Kind;
import io.camelody.testkit.StrictServer;
import io.camelody.testkit.TestAddresses;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong between us and an audio host, and on our own disk. */
@Timeout(20)
class FetchFaultsTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    private final StrictServer host = new StrictServer();
    private final AudioFetcher fetcher = fetcher(LONG, LONG);

    @AfterEach
    void everyScriptWasAskedForAndNothingElse() {
        host.close();
    }

    @Test
    void urlThatTheHostRefusesMayHaveExpired() {
        for (int status : new int[] {400, 401, 403, 404, 410}) {
            host.status("/" + status, status, "WWW-Authenticate", "Basic");

            var e = assertBroken(Kind.GONE, host.url("/" + status));

            assertThat(e.urlMayHaveExpired()).isTrue();
            assertThat(e).hasMessageContaining("status: " + status);
        }
    }

    @Test
    void hostInTroubleMaySayWhenToComeBack() {
        host.status("/500", 500).status("/503", 503, "Retry-After", "120").status("/429", 429, "Retry-After", "7");
        host.status("/202", 202, "Retry-After", "soon");

        assertThat(assertBroken(Kind.SERVER, host.url("/500")).retryAfter()).isEmpty();
        assertThat(assertBroken(Kind.SERVER, host.url("/503")).retryAfter()).contains(Duration.ofMinutes(2));
        assertThat(assertBroken(Kind.SERVER, host.url("/429")).retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(assertBroken(Kind.SERVER, host.url("/202")).retryAfter()).isEmpty();
    }

    @Test
    void dateToComeBackIsTakenAgainstTheHostsOwnClock() {
        Answer answer = new Answer(
                AudioUrl.of("https://cdn.example/a"),
                503,
                HttpHeaders.of(
                        Map.of(
                                "Date", List.of("Fri, 20 Nov 2026 10:00:00 GMT"),
                                "Retry-After", List.of("Fri, 20 Nov 2026 10:01:30 GMT")),
                        (name, value) -> true));

        var e = catchThrowableOfType(BrokenDownloadException.class, answer::requireWhole);

        assertThat(e.retryAfter()).contains(Duration.ofSeconds(90));
    }

    @Test
    void partialAnswerThatNobodyAskedForIsOfWrongLength() {
        host.status("/song", 206);

        assertBroken(Kind.WRONG_LENGTH, host.url("/song"));
    }

    @Test
    void hostWhereNobodyListensIsUnreachable() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertBroken(Kind.UNREACHABLE, "http://127.0.0.1:" + port + "/song.mp3");
        assertBroken(Kind.UNREACHABLE, "http://no-such-host.invalid/song.mp3");
    }

    @Test
    void connectionClosedWithoutAnAnswerIsUnreachable() {
        // and is not asked a second time by itself
        host.script("/song", exchange -> exchange.close());

        assertBroken(Kind.UNREACHABLE, host.url("/song"));
    }

    @Test
    void bodyShorterThanAnnouncedIsCut() {
        byte[] song = framesOf(30);
        host.script("/song", exchange -> {
            exchange.sendResponseHeaders(200, song.length);
            exchange.getResponseBody().write(song, 0, song.length / 2);
            exchange.getResponseBody().flush();
            exchange.close();
        });

        assertBroken(Kind.CUT, host.url("/song"));
    }

    @Test
    void chunkedBodyWithoutItsEndIsCut() {
        host.script("/song", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(framesOf(30));
            exchange.getResponseBody().flush();
            throw new IOException("the host dies");
        });

        assertBroken(Kind.CUT, host.url("/song"));
    }

    @Test
    void pageThatNeverEndsIsRefusedAtItsFirstBytes() {
        host.script("/song", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("<!DOCTYPE html>".getBytes(UTF_8));
            exchange.getResponseBody().flush();
            host.staySilent();
        });

        assertBroken(Kind.NOT_AUDIO, host.url("/song"));
    }

    @Test
    void audioIsAskedForAsItIsAndRefusedCompressed() throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(wav(1));
        }
        host.script("/song", exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, compressed.size());
            exchange.getResponseBody().write(compressed.toByteArray());
            exchange.close();
        });

        assertBroken(Kind.NOT_AUDIO, host.url("/song"));

        assertThat(host.heard().get(0).getFirst("Accept-Encoding")).isEqualTo("identity");
    }

    @Test
    void hostThatNeverAnswersStalls() {
        host.script("/song", exchange -> host.staySilent());

        assertBroken(Kind.STALLED, host.url("/song"), fetcher(Duration.ofMillis(300), LONG));
    }

    @Test
    void bodyThatGoesSilentWithoutClosingStalls() {
        host.script("/song", exchange -> {
            exchange.sendResponseHeaders(200, 1_000_000);
            exchange.getResponseBody().write(framesOf(10));
            exchange.getResponseBody().flush();
            host.staySilent();
        });

        assertBroken(Kind.STALLED, host.url("/song"), fetcher(Duration.ofMillis(300), LONG));
    }

    @Test
    void bodyThatTricklesStallsAlthoughItNeverPauses() {
        host.script("/song", exchange -> trickle(exchange));

        assertBroken(Kind.STALLED, host.url("/song"), fetcher(Duration.ofMillis(500), LONG));
    }

    @Test
    void bodyThatComesFastEnoughAndNeverEndsRunsOutOfTotalTime() {
        byte[] piece = framesOf(10);
        host.script("/song", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (!host.testEndsWithin(20)) {
                exchange.getResponseBody().write(piece);
                exchange.getResponseBody().flush();
            }
        });

        assertBroken(Kind.STALLED, host.url("/song"), fetcher(LONG, Duration.ofMillis(700)));
    }

    @Test
    void interruptEndsAFetchInTheMiddleOfTheBody() throws Throwable {
        host.script("/song", exchange -> {
            exchange.sendResponseHeaders(200, 1_000_000);
            exchange.getResponseBody().write(framesOf(30));
            exchange.getResponseBody().flush();
            host.staySilent();
        });

        assertEndedByInterrupt(() -> await().until(() -> Files.exists(part()) && Files.size(part()) > 0));
    }

    @Test
    void interruptEndsAFetchThatWaitsForAnAnswer() throws Throwable {
        CountDownLatch underWay = new CountDownLatch(1);
        host.script("/song", exchange -> {
            underWay.countDown();
            host.staySilent();
        });

        assertEndedByInterrupt(underWay::await);
    }

    @Test
    void interruptedThreadAsksNobody() {
        for (int i = 0; i < 50; i++) {
            Thread.currentThread().interrupt();

            assertBroken(Kind.INTERRUPTED, host.url("/song"));

            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private Path part() {
        return folder.resolve("clip.part");
    }

    private void assertEndedByInterrupt(ThrowingRunnable untilUnderWay) throws Throwable {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        CompletableFuture<Kind> outcome = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            var e = catchThrowableOfType(BrokenDownloadException.class, () -> fetch(host.url("/song"), fetcher));
            interrupted.complete(Thread.currentThread().isInterrupted());
            outcome.complete(e.kind());
        });
        thread.start();
        untilUnderWay.run();
        thread.interrupt();

        assertThat(outcome.get(5, TimeUnit.SECONDS)).isEqualTo(Kind.INTERRUPTED);
        assertThat(interrupted.get()).isTrue();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void fullDiskIsOurMatter() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full));
        Files.createSymbolicLink(folder.resolve("clip.part"), full);
        host.file("/song", "audio/wav", wav(20));

        var e = assertBroken(Kind.DISK, host.url("/song"));

        assertThat(e).hasMessageContaining("folder: " + folder);
    }

    @Test
    void missingFolderIsOurMatterAndAsksNoHost() {
        var e = catchThrowableOfType(
                BrokenDownloadException.class,
                () -> fetcher.fetchAudio(
                        host.url("/song"), folder.resolve("no"), "clip", OptionalDouble.empty(), (part, type) -> {}));

        assertThat(e.kind()).isEqualTo(Kind.DISK);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void redirectsAreFollowedUpToFive() {
        for (int i = 0; i < 5; i++) {
            host.status("/" + i, 302 + (i % 2) * 5, "Location", i % 2 == 0 ? "/" + (i + 1) : host.url("/" + (i + 1)));
        }
        host.file("/5", "audio/wav", wav(1));

        assertThat(fetch(host.url("/0"), fetcher).type()).isEqualTo(AudioType.WAV);
    }

    @Test
    void sixthRedirectIsRefused() {
        for (int i = 0; i < 6; i++) {
            host.status("/song", 301, "Location", "/song");
        }

        assertBroken(Kind.BAD_URL, host.url("/song"));
    }

    @Test
    void redirectToWhatIsNoAudioUrlIsRefused() {
        for (String target : new String[] {"file:///etc/passwd", "ftp://127.0.0.1/a", "/api/forbidden", "/None.mp3"}) {
            host.status("/song", 302, "Location", target);

            assertBroken(Kind.BAD_URL, host.url("/song"));
        }
    }

    @Test
    void redirectToNowhereIsTheHostsFault() {
        host.status("/song", 302);

        assertBroken(Kind.SERVER, host.url("/song"));
    }

    @Test
    void neitherCredentialsNorCookiesAreEverSent() {
        host.status("/song", 302, "Location", "/login", "Set-Cookie", "session=1; Path=/");
        host.status("/login", 307, "Location", "/song?token=1", "Set-Cookie", "session=2; Path=/");
        host.file("/song", "audio/wav", wav(1));
        host.status("/again", 401, "WWW-Authenticate", "Basic realm=\"songs\"");

        assertBroken(Kind.GONE, host.url("/again"));
        fetch(host.url("/song"), fetcher);

        assertThat(host.heard()).hasSize(4).allSatisfy(headers -> assertThat(headers.keySet())
                .doesNotContain("Authorization", "Cookie", "Proxy-authorization"));
    }

    @Test
    void redirectToAnotherHostIsFollowedWithoutCredentials() {
        try (StrictServer other = new StrictServer()) {
            host.status("/song", 302, "Location", other.url("/song").replace("127.0.0.1", "localhost"));
            other.file("/song", "audio/wav", wav(1));

            assertThat(fetch(host.url("/song"), fetcher).type()).isEqualTo(AudioType.WAV);

            assertThat(other.heard().get(0).keySet()).doesNotContain("Authorization", "Cookie", "Referer");
        }
    }

    @Test
    void redirectToAnAddressThatIsNotPublicIsRefused() {
        for (String target : new String[] {"127.0.0.2", "[::1]", "[::ffff:127.0.0.2]", "10.0.0.1", "169.254.169.254"}) {
            host.status("/song", 302, "Location", "http://" + target + ":" + host.port() + "/song?signature=secret");

            var e = assertBroken(Kind.NOT_ALLOWED, host.url("/song"));

            assertThat(e)
                    .hasMessageContaining("camelody.outgoing.allow")
                    .hasMessageContaining("is not called: it is not on the public internet")
                    .hasMessageNotContaining("secret");
            assertThat(e.urlMayHaveExpired()).isFalse();
        }
    }

    @Test
    void loopbackIsRefusedUnlessItIsAllowed() {
        AudioFetcher strict = new AudioFetcher(TestAddresses.allowing(""), FetchSettings.defaults());

        assertBroken(Kind.NOT_ALLOWED, host.url("/song"), strict);
        assertBroken(Kind.NOT_ALLOWED, host.url("/song").replace("127.0.0.1", "localhost"), strict);
    }

    @Test
    void fetchDoesNotNeedThePoolThatAllOfTheProcessShares() {
        CountDownLatch done = new CountDownLatch(1);
        List<ForkJoinTask<?>> busy = Stream.generate(
                        () -> ForkJoinPool.commonPool().submit(() -> awaitQuietly(done)))
                .limit(2L * Math.max(1, ForkJoinPool.getCommonPoolParallelism()))
                .collect(Collectors.toList());
        host.file("/song", "audio/wav", wav(1));

        try {
            assertThat(fetch(host.url("/song"), fetcher(Duration.ofSeconds(5), LONG))
                            .type())
                    .isEqualTo(AudioType.WAV);
        } finally {
            done.countDown();
            busy.forEach(ForkJoinTask::join);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void trickle(HttpExchange exchange) throws IOException {
        byte[] song = framesOf(60);
        exchange.sendResponseHeaders(200, song.length);
        for (int i = 0; i < song.length && !host.testEndsWithin(5); i++) {
            exchange.getResponseBody().write(song[i]);
            exchange.getResponseBody().flush();
        }
    }

    private static AudioFetcher fetcher(Duration stallTimeout, Duration totalTimeout) {
        FetchSettings settings =
                new FetchSettings(Duration.ofSeconds(5), stallTimeout, totalTimeout, Long.MAX_VALUE, 0.05);
        return new AudioFetcher(TestAddresses.loopback(), settings);
    }

    private AudioFile fetch(String url, AudioFetcher by) {
        return by.fetchAudio(url, folder, "clip", OptionalDouble.empty(), (part, type) -> {});
    }

    private BrokenDownloadException assertBroken(Kind kind, String url) {
        return assertBroken(kind, url, fetcher);
    }

    private BrokenDownloadException assertBroken(Kind kind, String url, AudioFetcher by) {
        var e = catchThrowableOfType(BrokenDownloadException.class, () -> fetch(url, by));

        assertThat(e).isNotNull();
        assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
        assertThat(folder).isEmptyDirectory();
        return e;
    }
}
