package io.camelody.sandbox;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The host of audio and covers: ranges, an ETag, a length; no length while a song is still being made. It is not the
 * vendor's API: a request that brings a key or a cookie is refused, and remembered as a violation.
 */
final class FileHost {

    private static final Pattern FILE =
            Pattern.compile("/files/([a-z0-9-]+)/(?:(image_|image_large_)?([0-9a-f-]{36})\\.(mp3|wav|png)|stream)");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
    private static final List<String> SECRETS = List.of("Authorization", "api-key", "Cookie");

    private final SandboxSettings settings;
    private final TaskBook book;
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    FileHost(SandboxSettings settings, TaskBook book) {
        this.settings = settings;
        this.book = book;
    }

    static Fault.Call call(Request request) {
        return request.path().endsWith(".png") ? Fault.Call.COVER : Fault.Call.AUDIO;
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    Answer answer(Request request, boolean expire) {
        for (String secret : SECRETS) {
            if (request.headers().containsKey(secret)) {
                violations.add(request.method() + " " + request.path() + " was sent a header " + secret);
                throw new Refused(400, "A file was asked for with a header " + secret + ".");
            }
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            throw new Refused(405, "Expected GET or HEAD, got: " + request.method() + ".");
        }
        Matcher file = FILE.matcher(request.path());
        if (!file.matches()) {
            throw new Refused(404, "No such file.");
        }
        String clipId = file.group(3) == null ? request.parameter("item_id") : file.group(3);
        Task.Clip clip = book.findClip(clipId)
                .filter(found -> found.task().vendor().equals(file.group(1)))
                .filter(found -> !found.isStruck(Trouble.Plain.CLIP_GONE) && !found.isStruck(Trouble.Plain.CLIP_ERROR))
                .orElseThrow(() -> new Refused(404, "No such file."));
        if (expire) {
            clip.version().incrementAndGet();
        }
        String version = request.parameter("v");
        if (!version.equals(clip.version().get() == 0 ? "" : clip.version().toString())) {
            throw new Refused(403, "This URL has expired.");
        }
        return file(request, clip, file.group(4) == null ? "mp3" : file.group(4), file.group(2));
    }

    private Answer file(Request request, Task.Clip clip, String type, String cover) {
        Task task = clip.task();
        Instant now = book.now();
        double progress = task.progress(now);
        if (task.isDoomed() || progress < Desk.STREAMING || progress < 1 && type.equals("wav")) {
            throw new Refused(404, "No such file yet.");
        }
        Answer whole =
                switch (type) {
                    case "png" -> Answer.of(200, "image/png", Blob.of(Cover.png(clip.id(), side(cover))));
                    case "wav" -> Answer.of(200, "audio/wav", Song.wav(clip.id(), style(task), clip.seconds()));
                    default ->
                        Answer.of(200, "audio/mpeg", Song.mp3(clip.id(), style(task), title(task), clip.seconds()));
                };
        if (progress < 1 && type.equals("mp3")) {
            double share = (progress - Desk.STREAMING) / (1 - Desk.STREAMING);
            Blob begun = whole.body().first((long) (whole.length() * share));
            return new Answer(200, whole.headers(), begun, 0, begun.length(), true);
        }
        String tag = "\"" + clip.id() + "-" + whole.length() + "\"";
        String modified = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                task.endsAt().truncatedTo(ChronoUnit.SECONDS).atZone(ZoneOffset.UTC));
        Answer answer = whole.with("Accept-Ranges", "bytes").with("ETag", tag).with("Last-Modified", modified);
        String condition = request.header("If-Range");
        return condition.isEmpty() || condition.equals(tag) || condition.equals(modified)
                ? ranged(answer, request.header("Range"))
                : answer;
    }

    private static Answer ranged(Answer whole, String header) {
        Matcher range = RANGE.matcher(header.strip());
        // several ranges and other units may be ignored, and are
        if (!range.matches() || range.group(1).isEmpty() && range.group(2).isEmpty()) {
            return whole;
        }
        long length = whole.length();
        long last = range.group(2).isEmpty() ? length - 1 : Long.parseLong(range.group(2));
        long from = range.group(1).isEmpty() ? Math.max(0, length - last) : Long.parseLong(range.group(1));
        long to = range.group(1).isEmpty() ? length : Math.min(length, last + 1);
        if (from >= to) {
            return Answer.text(416, "text/plain", "").with("Content-Range", "bytes */" + length);
        }
        Answer part = new Answer(206, whole.headers(), whole.body(), from, to, false);
        return part.with("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + length);
    }

    private int side(String cover) {
        return settings.audioBytes() > 0 ? 16 : "image_large_".equals(cover) ? 512 : 256;
    }

    private static String style(Task task) {
        return task.text("style") + task.text("tags") + task.text("topic") + task.text("gpt_description_prompt");
    }

    private static String title(Task task) {
        return task.text("title");
    }
}
