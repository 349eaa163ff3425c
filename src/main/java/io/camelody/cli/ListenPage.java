package io.camelody.cli;

import io.camelody.audio.ClipWords;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of clips to listen through, which needs nothing but the files beside it.
 *
 * <p>What vendors and requests say is text on it, whatever it looks like, and its policy has a browser refuse any script but its
 * own and any call to elsewhere. It is written as clips come, in memory that does not grow with them.
 */
final class ListenPage {

    private static final String SONGS = "{{songs}}\n";
    private static final Pattern TURNING = Pattern.compile("[\\u202a-\\u202e\\u2066-\\u2069]");

    private final Writer out;
    private final String tail;

    /** @param made said under the heading */
    ListenPage(Writer out, String made) throws IOException {
        String style = resource("page/look.css") + resource("listen/listen.css");
        String script = resource("listen/listen.js");
        String policy =
                "default-src 'none'; img-src 'self' file:; media-src 'self' file:; style-src '%s'; script-src '%s'"
                        .formatted(hash(style), hash(script));
        String page = resource("listen/index.html")
                .replaceFirst("\\{\\{policy}}", Matcher.quoteReplacement(policy))
                .replaceFirst("\\{\\{style}}", Matcher.quoteReplacement(style))
                .replaceFirst("\\{\\{script}}", Matcher.quoteReplacement(script))
                .replaceFirst("\\{\\{made}}", Matcher.quoteReplacement(escaped(made)));
        int songs = page.indexOf(SONGS);
        this.out = out;
        this.tail = page.substring(songs + SONGS.length());
        out.write(page.substring(0, songs));
    }

    /**
     * @param title as it is called on the page, two clips of one song apart
     * @param audio its file, as a relative URL
     * @param cover the same, if it has one
     * @param seconds how long it plays, if that is known
     */
    record Clip(String title, ClipWords words, String audio, Optional<String> cover, Optional<Double> seconds) {}

    void add(Clip clip) throws IOException {
        String title = escaped(clip.title);
        out.write("<li><button type=\"button\" class=\"play\" aria-label=\"Play %s\"></button>".formatted(title));
        out.write("<div class=\"cover\">");
        if (clip.cover.isPresent()) {
            out.write("<img src=\"%s\" alt=\"\" loading=\"lazy\" width=\"64\" height=\"64\">"
                    .formatted(escaped(clip.cover.get())));
        }
        out.write("</div><div><h2 dir=\"auto\">%s</h2>".formatted(title));
        if (clip.words.style().isPresent()) {
            out.write("<p dir=\"auto\">%s</p>"
                    .formatted(escaped(clip.words.style().get())));
        }
        out.write("<p class=\"muted\">%s · <a href=\"%s\">%s</a></p></div>"
                .formatted(escaped(facts(clip)), escaped(clip.audio), suffix(clip.audio)));
        if (clip.words.lyrics().isPresent()) {
            out.write("<details><summary>Lyrics</summary><div class=\"lyrics\" dir=\"auto\">%s</div></details>"
                    .formatted(escaped(clip.words.lyrics().get())));
        }
        out.write("</li>\n");
    }

    void end() throws IOException {
        out.write(tail);
    }

    private static String facts(Clip clip) {
        List<String> facts = new ArrayList<>();
        facts.add(clip.words.vendor());
        clip.words.model().ifPresent(facts::add);
        clip.seconds.map(Math::round).ifPresent(seconds -> facts.add("%d:%02d".formatted(seconds / 60, seconds % 60)));
        return String.join(" · ", facts);
    }

    private static String suffix(String file) {
        return escaped(file.substring(file.lastIndexOf('.') + 1).toUpperCase(Locale.ROOT));
    }

    /** As text, also in quotes. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        unturned(text).chars().forEach(sign -> {
            switch (sign) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                case 0 -> {}
                default -> escaped.append((char) sign);
            }
        });
        return escaped.toString();
    }

    /** Without the signs that have the text behind them read in another order than it is written, {@code gpj.exe} as an image. */
    static String unturned(String text) {
        return TURNING.matcher(text).replaceAll("");
    }

    private static String hash(String text) {
        try {
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(sha256);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = ListenPage.class.getResourceAsStream("/camelody/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("A part of the page could not be read from the jar: " + name, e);
        }
    }
}
