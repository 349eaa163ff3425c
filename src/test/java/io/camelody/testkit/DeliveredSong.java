package io.camelody.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.audio.AudioFile;
import io.camelody.audio.BrokenDownloadException;
import io.camelody.audio.Sound;
import io.camelody.request.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder of a delivered song, looked at byte by byte beside what the sandbox serves. */
public record DeliveredSong(Path folder) {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final int MOST_EXPIRIES = 50;

    /** What keeps the song from being whole, if anything does. */
    public Optional<String> flaw() throws IOException, InterruptedException {
        Path document = folder.resolve("song.json");
        if (!Files.isRegularFile(document)) {
            return Optional.of("it has no song.json");
        }
        int files = 0;
        for (JsonNode clip : Json.parse(Files.readString(document)).path("clips")) {
            if (clip.hasNonNull("file")) {
                files++;
                Optional<String> flaw = flaw(clip);
                if (flaw.isPresent()) {
                    return flaw;
                }
            }
        }
        return files == 0 ? Optional.of("it has no clips") : leftOver();
    }

    private Optional<String> flaw(JsonNode clip) throws IOException, InterruptedException {
        String name = clip.path("file").textValue();
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            return Optional.of(name + " is not there");
        }
        try {
            AudioFile audio = AudioFile.inspect(file);
            if (audio.bytes() != clip.path("bytes").longValue()
                    || !audio.sha256().equals(clip.path("sha256").textValue())) {
                return Optional.of(name + " is not what song.json says");
            }
        } catch (BrokenDownloadException e) {
            return Optional.of(name + " is broken: " + e.getMessage());
        }
        String url = clip.path("audioUrl").textValue();
        Optional<byte[]> served = served(url);
        return served.isEmpty() || plays(file, served.get())
                ? Optional.empty()
                : Optional.of(name + " is not what the vendor has at " + url);
    }

    /** Beside the tags it is what the vendor has. */
    private static boolean plays(Path file, byte[] served) throws IOException {
        Path original = Files.createTempFile("served", null);
        try {
            Files.write(original, served);
            return Sound.isSame(file, original);
        } finally {
            Files.delete(original);
        }
    }

    private Optional<String> leftOver() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.matches("song\\.json|clip-\\d\\.(mp3|wav|png)"))
                    .map(name -> name + " was left")
                    .findFirst();
        }
    }

    /** A URL may have expired since: the newer one differs in its version. Empty where a fault took the clip away later. */
    private static Optional<byte[]> served(String url) throws IOException, InterruptedException {
        String plain = url.replaceFirst("[?&]v=\\d+$", "");
        for (int version = 0; version < MOST_EXPIRIES; version++) {
            String at = version == 0 ? plain : plain + (plain.contains("?") ? "&" : "?") + "v=" + version;
            HttpResponse<byte[]> answer = CLIENT.send(
                    HttpRequest.newBuilder(URI.create(at)).build(), HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 403) {
                return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
            }
        }
        throw new IOException("The sandbox does not serve " + url);
    }

    /** The folders of songs that have been delivered. */
    public static List<String> delivered(Path songs) throws IOException {
        if (!Files.isDirectory(songs)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(songs)) {
            return folders.filter(folder -> Files.exists(folder.resolve("song.json")))
                    .map(folder -> folder.getFileName().toString())
                    .toList();
        }
    }
}
