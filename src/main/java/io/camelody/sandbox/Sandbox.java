package io.camelody.sandbox;

import com.sun.net.httpserver.HttpServer;
import io.camelody.sample.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * SenseAudio, sunomusic and FoxAI on this machine, free of charge: their documented paths, fields and statuses, tasks
 * that take their time, and music that can be heard. It is stricter than they are: a field that their documents do not
 * have is refused. Other vendors play what was recorded of them ({@link Samples}). Nothing goes wrong unless a {@link Fault} says so. It listens on loopback alone, and calls
 * nobody but a callback on this machine.
 *
 * <p>From outside of the process, {@code GET /sandbox/calls} and {@code GET /sandbox/tasks} say what was heard and
 * made, {@code POST /sandbox/faults} takes faults in their text form, one a line, and {@code DELETE /sandbox/faults}
 * takes them back.
 *
 * <p>Thread-safe. Several can run in one process.
 */
public final class Sandbox implements AutoCloseable {

    /** The setting that lists what may be called, though it is not on the public internet. */
    public static final String ALLOW = "camelody.outgoing.allow";

    /** The vendors that it knows by their documents. */
    public static final List<String> VENDORS = List.of("senseaudio", "sunomusic", "foxai");

    /** The shortest that a vendor's settings allow. */
    private static final int LEAST_INTERVAL = 100;

    static {
        // the JDK's server writes head and body apart: without this every answer waits 40 ms for an acknowledgement
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private final SandboxSettings settings;
    private final List<Samples> recorded;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "sandbox");
        thread.setDaemon(true);
        return thread;
    });
    private final CallLog log;
    private final TaskBook book;
    private final Faults faults = new Faults();
    private final Callbacks callbacks = new Callbacks();
    private final FileHost files;

    private Sandbox(SandboxSettings settings, List<Samples> recorded, HttpServer server, Optional<Journal> journal) {
        this.settings = settings;
        this.recorded = recorded;
        this.server = server;
        log = new CallLog(settings.keep());
        book = new TaskBook(
                settings, journal, recorded.stream().collect(Collectors.toMap(Samples::vendor, Recorded::lengths)));
        files = new FileHost(settings, book);
    }

    /**
     * Starts listening.
     *
     * @throws UncheckedIOException if the port is taken
     */
    public static Sandbox start(SandboxSettings settings) {
        return start(settings, List.of(), Optional.empty());
    }

    /**
     * Starts listening, and remembers tasks in a file, so that they go on after a kill and a restart as a real vendor's do.
     *
     * @throws UncheckedIOException if the port is taken or the file cannot be written
     */
    public static Sandbox startWithMemory(SandboxSettings settings, Path file) {
        return startWithMemory(settings, file, List.of());
    }

    /**
     * The same, with other vendors beside the three.
     *
     * @param recorded the calls that were recorded of each; a vendor that lacks one that makes a song is left out
     */
    public static Sandbox startWithMemory(SandboxSettings settings, Path file, List<Samples> recorded) {
        return start(settings, recorded.stream().filter(Recorded::isWhole).toList(), Optional.of(new Journal(file)));
    }

    private static Sandbox start(SandboxSettings settings, List<Samples> recorded, Optional<Journal> journal) {
        HttpServer server;
        try {
            var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            server = HttpServer.create(new InetSocketAddress(loopback, settings.port()), 1024);
        } catch (IOException e) {
            throw new UncheckedIOException("The sandbox cannot listen on port " + settings.port() + ".", e);
        }
        var sandbox = new Sandbox(settings, recorded, server, journal);
        sandbox.listen();
        return sandbox;
    }

    private void listen() {
        List<Vendor> vendors = new ArrayList<>(List.of(
                new SenseAudio(desk("senseaudio")),
                new Sunomusic(desk("sunomusic"), callbacks),
                new Foxai(desk("foxai"))));
        recorded.forEach(samples -> vendors.add(new Recorded(samples, desk(samples.vendor()))));
        var control = new Control(log, book, faults);
        server.createContext("/", new Switchboard(settings, vendors, book, files, control));
        server.setExecutor(threads);
        server.start();
    }

    private Desk desk(String vendor) {
        return new Desk(vendor, settings, book, faults, url());
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** The properties that make Camelody use this sandbox: base URLs, keys, its address, and polling as quick as the songs are. */
    public Map<String, String> settings() {
        var properties = new LinkedHashMap<String, String>();
        properties.put("camelody.senseaudio.base-url", url());
        properties.put("camelody.sunomusic.base-url", url() + "/v1/music");
        properties.put("camelody.foxai.base-url", url() + "/api/v2");
        properties.put(ALLOW, "127.0.0.1");
        recorded.forEach(samples -> properties.put(
                "camelody." + samples.vendor() + ".base-url", url() + Recorded.PLACE + samples.vendor()));
        for (String vendor : vendors()) {
            String key = settings.apiKey().isEmpty() ? "sandbox" : settings.apiKey();
            properties.put("camelody." + vendor + ".api-key", key);
            properties.put("camelody." + vendor + ".poll-first-after", share(settings.latency(), 2, 20));
            properties.put("camelody." + vendor + ".poll-interval", share(settings.latency(), 10, LEAST_INTERVAL));
        }
        return properties;
    }

    /** Whether a vendor's calls may come here: any other has neither address nor key in {@link #settings}. */
    public boolean plays(String vendor) {
        return vendors().contains(vendor);
    }

    private List<String> vendors() {
        return Stream.concat(VENDORS.stream(), recorded.stream().map(Samples::vendor))
                .toList();
    }

    private static String share(Duration latency, int of, int least) {
        return Math.max(least, latency.toMillis() / of) + "ms";
    }

    private String url() {
        return "http://127.0.0.1:" + port();
    }

    /** Every call so far, in the order in which they came; those to {@code /sandbox} are not among them. */
    public List<HeardCall> heard() {
        return log.calls();
    }

    /** The calls of one vendor with this method, whose path begins so. */
    public List<HeardCall> heard(String vendor, String method, String pathPrefix) {
        return heard().stream()
                .filter(call -> call.vendor().equals(vendor)
                        && call.method().equals(method)
                        && call.path().startsWith(pathPrefix))
                .toList();
    }

    /** Every task that was made, which is every task that would have been charged for, oldest first. */
    public List<MadeTask> tasks() {
        return book.made();
    }

    /** The times that a key or a cookie was sent to the host of the files, in words without the secret. */
    public List<String> violations() {
        return files.violations();
    }

    /** From here on this one is told how far calls come, instead of the one before. */
    public void watch(Watcher watcher) {
        log.watch(watcher);
    }

    /** Lets something go wrong, after the faults that already wait. */
    public void fault(Fault fault) {
        faults.add(fault);
    }

    /** Takes back all faults; connections that a fault kept hanging are closed. */
    public void clearFaults() {
        faults.clear();
    }

    /** Stops at once; calls in progress are cut off. */
    @Override
    public void close() {
        faults.clear();
        callbacks.close();
        server.stop(0);
        threads.shutdownNow();
    }
}
