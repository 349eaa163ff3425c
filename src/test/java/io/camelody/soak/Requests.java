package io.camelody.soak;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import io.camelody.testkit.VendorBooks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Request files, written bit by bit: requests of every kind, and lines among them that are none. */
final class Requests {

    private static final double MALFORMED = 0.04;

    /** Each is one line that has to be refused. */
    private static final List<String> BAD = List.of(
            "not a request",
            "{\"prompt\": \"cut in the midd",
            "42",
            "[]",
            "{}",
            "{\"prompt\": 17}",
            "{\"prompt\": \"  \"}",
            "{\"promt\": \"a waltz\"}",
            "{\"prompt\": \"a waltz\", \"vendor\": \"nobody\"}",
            "{\"prompt\": \"a waltz\", \"id\": \"../../waltz\"}",
            "{\"prompt\": \"a waltz\", \"styleWeight\": 7, \"vendor\": \"senseaudio\"}",
            "{\"prompt\": \"a waltz\", \"timeout\": \"soon\"}",
            "{\"prompt\": \"a waltz\", \"extend\": {\"clipId\": \"c\", \"at\": 3}, \"vendor\": \"foxai\"}");

    private final List<Path> folders;
    private final int most;
    private final Random random;
    private int good;
    private int bad;
    private int files;

    /** @param folders in which they are put by turns */
    Requests(List<Path> folders, int most, long seed) throws IOException {
        this.folders = folders;
        this.most = most;
        this.random = new Random(seed);
        for (Path folder : folders) {
            Files.createDirectories(folder);
        }
    }

    /** Requests so far, whose tags count from 0. */
    int good() {
        return good;
    }

    int bad() {
        return bad;
    }

    /** Writes a file with the requests that are due. @param share of all, from 0 to 1 */
    void writeUpTo(double share) throws IOException {
        int due = (int) Math.min(most, Math.ceil(share * most));
        List<String> lines = new ArrayList<>();
        while (good < due) {
            if (random.nextDouble() < MALFORMED) {
                lines.add(BAD.get(random.nextInt(BAD.size())));
                bad++;
            } else {
                lines.add(Json.write(request(VendorBooks.tag(good++))));
            }
        }
        if (!lines.isEmpty()) {
            write(lines);
        }
    }

    private void write(List<String> lines) throws IOException {
        // an array of requests can only hold what is JSON
        boolean asArray = lines.stream().allMatch(line -> line.startsWith("{") && line.endsWith("}")) && files % 3 == 2;
        Path folder = folders.get(files % folders.size());
        String name = "wave-%05d.%s".formatted(files++, asArray ? "json" : "jsonl");
        String text = asArray ? "[" + String.join(",\n", lines) + "]" : String.join("\n", lines) + "\n";
        Path part = folder.resolve(name + ".part");
        Files.writeString(part, text);
        Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private ObjectNode request(String tag) {
        ObjectNode request = Json.object();
        if (random.nextBoolean()) {
            request.put("id", tag);
        }
        switch (random.nextInt(8)) {
            case 0 -> request.put("vendor", "auto");
            case 1 -> request.putArray("vendor").add("foxai").add("sunomusic");
            case 2 -> request.putArray("vendor").add("senseaudio").add("foxai");
            case 3, 4 -> request.put("vendor", "senseaudio");
            case 5 -> request.put("vendor", "sunomusic");
            default -> request.put("vendor", "foxai");
        }
        if (random.nextInt(4) == 0) {
            request.put("lyrics", tag + " goes up, " + tag + " comes down").put("style", "waltz");
        } else {
            request.put("prompt", tag + " counts its days");
        }
        if (random.nextInt(4) == 0) {
            request.put("onRefused", "next");
        }
        if (random.nextInt(3) == 0) {
            request.put("title", "The one called " + tag);
        }
        return request;
    }
}
