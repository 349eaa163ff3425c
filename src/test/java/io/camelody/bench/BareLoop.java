package io.camelody.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/**
 * What Camelody is compared with: a program of its own that makes the same calls to FoxAI and writes the same files, and
 * does nothing else. No ledger, no checks, nothing is safe from a crash.
 */
final class BareLoop {

    private static final int AT_ONCE = 8;
    private static final int IDS = 25;
    private static final Pattern TASK = Pattern.compile("\"task_id\":\"([^\"]+)\"");
    private static final Pattern FILE = Pattern.compile("\"(?:audio_url|image_large_url)\":\"([^\"]+)\"");

    private final HttpClient http = HttpClient.newHttpClient();
    private final String api;
    private final Path folder;

    private BareLoop(String api, Path folder) {
        this.api = api;
        this.folder = folder;
    }

    /** Base URL, songs, folder. */
    public static void main(String[] arguments) throws Exception {
        BareLoop loop = new BareLoop(arguments[0] + "/music/task", Path.of(arguments[2]));
        var threads = Executors.newFixedThreadPool(AT_ONCE);
        List<Callable<Void>> shares = new ArrayList<>();
        for (int from = 0; from < Integer.parseInt(arguments[1]); from += IDS) {
            int first = from;
            shares.add(() -> loop.make(first));
        }
        for (Future<Void> share : threads.invokeAll(shares)) {
            share.get();
        }
        threads.shutdown();
    }

    private Void make(int first) throws IOException, InterruptedException {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < IDS; i++) {
            HttpRequest submit = HttpRequest.newBuilder(URI.create(api))
                    .header("api-key", "bench")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(
                            "{\"topic\":\"Song %d\",\"is_instrumental\":false}".formatted(first + i)))
                    .build();
            var answer = TASK.matcher(http.send(submit, BodyHandlers.ofString()).body());
            answer.find();
            ids.add(answer.group(1));
        }
        HttpRequest status = HttpRequest.newBuilder(URI.create(api + "?ids=" + String.join(",", ids)))
                .header("api-key", "bench")
                .build();
        var files = FILE.matcher(http.send(status, BodyHandlers.ofString()).body());
        while (files.find()) {
            URI file = URI.create(files.group(1));
            String path = file.getPath();
            Path place = folder.resolve(path.substring(path.lastIndexOf('/') + 1));
            http.send(HttpRequest.newBuilder(file).build(), BodyHandlers.ofFile(place));
        }
        Files.writeString(folder.resolve("songs-" + first + ".txt"), String.join("\n", ids));
        return null;
    }
}
