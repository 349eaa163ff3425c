package io.camelody.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;

/**
 * FoxAI with a number of tasks that all run, {@code task-0}, {@code task-1}, …, as cheap as it can be and as strict as FoxAI is. From a
 * moment on that it is told, every hundredth task ends, one after the other within twenty seconds.
 */
final class FlightVendor {

    static final int EVERY = 100;
    static final Duration ENDING = Duration.ofSeconds(20);
    private static final int MOST_IDS = 25;

    private final long[] askedAt;
    private volatile long endsFrom = Long.MAX_VALUE;
    private long calls;
    private long ids;
    private long longestGap;
    private long refused;

    private FlightVendor(int tasks) {
        askedAt = new long[tasks];
    }

    /** The number of tasks. Says its port, and ends with what reads from it. */
    public static void main(String[] arguments) throws IOException {
        // else an answer on a kept connection waits 40 ms for an acknowledgement of its head
        System.setProperty("sun.net.httpserver.nodelay", "true");
        FlightVendor vendor = new FlightVendor(Integer.parseInt(arguments[0]));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.createContext("/api/v2/music/task", vendor::status);
        server.createContext("/figures", vendor::figures);
        server.createContext("/end", vendor::end);
        server.start();
        System.out.println("port " + server.getAddress().getPort());
    }

    /** When a task ends, if {@link #EVERY} says that it does. */
    static Instant endOf(int task, int tasks, Instant from) {
        return from.plusMillis(ENDING.toMillis() * task / tasks);
    }

    private void status(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getRawQuery();
        String[] asked = query == null || !query.startsWith("ids=")
                ? new String[0]
                : query.substring(4).split(",|%2C");
        Set<Integer> tasks = new TreeSet<>();
        for (String id : asked) {
            if (id.matches("task-\\d{1,7}") && Integer.parseInt(id.substring(5)) < askedAt.length) {
                tasks.add(Integer.parseInt(id.substring(5)));
            }
        }
        boolean isGood = asked.length > 0 && tasks.size() == asked.length && asked.length <= MOST_IDS;
        note(tasks, isGood);
        if (!isGood) {
            answer(exchange, 400, "{\"success\":false,\"message\":\"bad ids\"}");
            return;
        }
        StringBuilder json = new StringBuilder("[");
        for (int task : tasks) {
            json.append(json.length() > 1 ? "," : "").append(json(task));
        }
        answer(exchange, 200, json.append("]").toString());
    }

    private String json(int task) {
        boolean over = task % EVERY == 0
                && endsFrom != Long.MAX_VALUE
                && System.currentTimeMillis()
                        >= endOf(task, askedAt.length, Instant.ofEpochMilli(endsFrom))
                                .toEpochMilli();
        return ("{\"status\":\"%s\",\"task_id\":\"task-%d\",\"gen_params\":{\"topic\":\"a slow waltz for two voices\","
                        + "\"is_instrumental\":false},\"data\":%s,\"created_at\":\"2026-03-16T08:00:00Z\",\"updated_at\":\"2026-03-16T08:00:10Z\"}")
                .formatted(over ? "failed" : "processing", task, over ? "\"over\"" : "null");
    }

    private synchronized void note(Set<Integer> tasks, boolean isGood) {
        long now = System.currentTimeMillis();
        calls++;
        refused += isGood ? 0 : 1;
        ids += tasks.size();
        for (int task : tasks) {
            longestGap = Math.max(longestGap, askedAt[task] == 0 ? 0 : now - askedAt[task]);
            askedAt[task] = now;
        }
    }

    /** Since it was asked last: calls, ids, calls that were refused, the longest time between two calls about a task, tasks never asked about. */
    private synchronized void figures(HttpExchange exchange) throws IOException {
        long unasked = 0;
        for (long at : askedAt) {
            unasked += at == 0 ? 1 : 0;
        }
        answer(exchange, 200, calls + " " + ids + " " + refused + " " + longestGap + " " + unasked);
        calls = 0;
        ids = 0;
        longestGap = 0;
    }

    /** Answers the moment from which tasks end, in epoch milliseconds. */
    private void end(HttpExchange exchange) throws IOException {
        endsFrom = System.currentTimeMillis();
        answer(exchange, 200, Long.toString(endsFrom));
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
