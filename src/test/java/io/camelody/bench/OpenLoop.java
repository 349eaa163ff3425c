package io.camelody.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends requests for songs at a steady rate, whatever becomes of those before: a server that stands still for a second is seen by
 * all that were due in that second. Times are counted from when a request was due, and not from when it left.
 */
final class OpenLoop {

    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(30);

    private OpenLoop() {}

    /** URL, requests a second, seconds of which nothing is counted, seconds. Prints one line of figures. */
    public static void main(String[] arguments) throws Exception {
        URI songs = URI.create(arguments[0] + "/songs");
        int rate = Integer.parseInt(arguments[1]);
        send(songs, "warm", rate, Integer.parseInt(arguments[2]));
        System.out.println(send(songs, "song", rate, Integer.parseInt(arguments[3])));
    }

    private static String send(URI songs, String name, int rate, int seconds) throws InterruptedException {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        int count = rate * seconds;
        long[] nanos = new long[count];
        AtomicInteger accepted = new AtomicInteger();
        CountDownLatch open = new CountDownLatch(count);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            int number = i;
            long due = start + TimeUnit.SECONDS.toNanos(1) / rate * i;
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            HttpRequest request = HttpRequest.newBuilder(songs)
                    .timeout(ANSWERED_WITHIN)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(
                            "{\"id\":\"%s-%d\",\"vendor\":\"foxai\",\"prompt\":\"a tango about rain, number %d\"}"
                                    .formatted(name, number, number)))
                    .build();
            client.sendAsync(request, BodyHandlers.ofString()).whenComplete((answer, failure) -> {
                nanos[number] = System.nanoTime() - due;
                if (failure == null && answer.statusCode() == 202) {
                    accepted.incrementAndGet();
                }
                open.countDown();
            });
        }
        open.await();
        double took = (System.nanoTime() - start) / 1e9;
        Arrays.sort(nanos);
        return String.format(
                Locale.ROOT,
                "%d %.1f %.2f %.2f %.2f %.2f",
                accepted.get(),
                count / took,
                millis(nanos, .5),
                millis(nanos, .99),
                millis(nanos, .999),
                millis(nanos, 1));
    }

    private static double millis(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] / 1e6;
    }
}
