package io.camelody.audio;

import java.io.File;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Text of vendors and requests as the name of a file, without its ending, that every file system takes. */
final class SafeName {

    /** Of 255 that file systems have, and fewer where they encrypt: with an ending, and {@code .part} behind it. */
    static final int BYTES = 120;

    private static final String NONE = "clip";

    /** What Windows refuses, and braces, which Camel takes for an expression in the name of a file. */
    private static final String RESERVED = "<>:\"/\\|?*{}";

    /** Names of devices in Windows, whatever ending follows. */
    private static final Set<String> DEVICES = Stream.concat(
                    Stream.of("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"),
                    Stream.of("COM", "LPT")
                            .flatMap(port -> Stream.concat(
                                    IntStream.range(0, 10).mapToObj(i -> port + i),
                                    Stream.of("¹", "²", "³").map(i -> port + i))))
            .collect(Collectors.toUnmodifiableSet());

    /** What Java can write into a name here: with LANG=C no more than ASCII. Windows takes everything. */
    private static final Charset HERE = File.separatorChar == '\\'
            ? StandardCharsets.UTF_8
            : Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private SafeName() {}

    /** @param end what the name ends with, however long the text is */
    static String of(String text, String end) {
        return of(text, end, HERE);
    }

    static String of(String text, String end, Charset names) {
        StringBuilder plain = new StringBuilder();
        Normalizer.normalize(text, Normalizer.Form.NFC).codePoints().forEach(point -> append(plain, point));
        String name = cut(strip(written(plain.toString(), names)), BYTES - end.getBytes(StandardCharsets.UTF_8).length);
        name = strip(name);
        name = (name.isEmpty() ? NONE : name) + end;
        String device = name.replaceFirst("\\..*", "").strip().toUpperCase(Locale.ROOT);
        return DEVICES.contains(device) ? "_" + name : name;
    }

    /** Two names that are equal like this are one file on some file system. */
    static String folded(String name) {
        String composed = Normalizer.normalize(name, Normalizer.Form.NFC);
        return composed.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    /** The text up to so many bytes of UTF-8, and no half of a character. */
    static String cut(String text, int bytes) {
        int room = bytes;
        int end = 0;
        while (end < text.length()) {
            int point = text.codePointAt(end);
            room -= Character.toString(point).getBytes(StandardCharsets.UTF_8).length;
            if (room < 0) {
                break;
            }
            end += Character.charCount(point);
        }
        return text.substring(0, end);
    }

    private static void append(StringBuilder plain, int point) {
        switch (Character.getType(point)) {
            // a name that reads in another direction than it is written can pass for another one; so can one with what
            // has no width
            case Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED -> {}
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> {
                if (plain.length() > 0 && plain.charAt(plain.length() - 1) != ' ') {
                    plain.append(' ');
                }
            }
            default -> plain.appendCodePoint(RESERVED.indexOf(point) < 0 ? point : '-');
        }
    }

    private static String written(String name, Charset names) {
        if (names.newEncoder().canEncode(name)) {
            return name;
        }
        StringBuilder written = new StringBuilder();
        Normalizer.normalize(name, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .codePoints()
                .forEach(point -> {
                    String character = Character.toString(point);
                    written.append(names.newEncoder().canEncode(character) ? character : "_");
                });
        return written.toString();
    }

    /** A dot in front hides a file, a dash makes an option of it, and Windows drops dots and blanks at the end. */
    private static String strip(String name) {
        return name.replaceFirst("^[ .-]+", "").replaceFirst("[ .-]+$", "");
    }
}
