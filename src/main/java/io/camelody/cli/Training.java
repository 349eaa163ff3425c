package io.camelody.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * What the launcher has Java make a class archive of: the service in an empty home, the current directory, until its inbox and its
 * sandbox have made one song. Ends with 0 when the song is there, and with 1 when it is not there within two minutes.
 */
final class Training {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(100);

    private Training() {}

    public static void main(String[] args) throws IOException {
        Path inbox = Files.createDirectories(Path.of("inbox"));
        Files.writeString(inbox.resolve("song.jsonl"), "{\"vendor\": \"foxai\", \"prompt\": \"a song to learn by\"}\n");
        Thread watch = new Thread(Training::watch, "camelody-training");
        watch.setDaemon(true);
        watch.start();
        Camelody.main(new String[] {"run", "--sandbox", "--property", "camelody.http.port=0"});
    }

    private static void watch() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!isThere() && System.nanoTime() < end) {
                // seen from outside: who listened for it in here would be learned too, and come with every start
                Thread.sleep(LOOK.toMillis());
            }
            // a stop like any other would end with 130
            Runtime.getRuntime().halt(isThere() ? 0 : 1);
        } catch (InterruptedException | IOException e) {
            Runtime.getRuntime().halt(1);
        }
    }

    private static boolean isThere() throws IOException {
        Path songs = Path.of("songs");
        if (!Files.isDirectory(songs)) {
            return false;
        }
        try (Stream<Path> folders = Files.list(songs)) {
            return folders.anyMatch(folder -> Files.exists(folder.resolve("song.json")));
        }
    }
}
