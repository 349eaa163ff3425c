package io.camelody.cli;

import io.camelody.ledger.Reason;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongDocument;
import io.camelody.ledger.SongState;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Songs as lines in columns. The first page sets the widths, so that a list of any length can be printed as it is read. */
final class SongTable {

    private static final List<String> HEAD =
            List.of("ID", "VENDOR", "STATE", "REASON", "WHEN", "PRICE", "FILES OR MESSAGE");

    private static final int MESSAGE = 80;

    private final PrintWriter out;
    private final Instant now;
    private final DateTimeFormatter time;
    private int[] widths;

    SongTable(PrintWriter out, Instant now, ZoneId zone) {
        this.out = out;
        this.now = now;
        this.time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(zone);
    }

    void print(List<Song> page) {
        List<List<String>> lines = page.stream().map(this::line).toList();
        if (widths == null) {
            widths = new int[HEAD.size() - 1];
            for (int i = 0; i < widths.length; i++) {
                int column = i;
                int widest = lines.stream()
                        .mapToInt(line -> line.get(column).length())
                        .max()
                        .orElse(0);
                widths[i] = Math.max(HEAD.get(i).length(), widest);
            }
            print(HEAD.toArray(String[]::new));
        }
        lines.forEach(line -> print(line.toArray(String[]::new)));
    }

    boolean isEmpty() {
        return widths == null;
    }

    private void print(String[] cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(cells[i])
                    .append(" ".repeat(Math.max(0, widths[i] - cells[i].length())))
                    .append("  ");
        }
        out.println(line.append(cells[widths.length]).toString().stripTrailing());
    }

    private List<String> line(Song song) {
        String when = song.finishedAt()
                .map(time::format)
                .orElseGet(() -> words(Duration.between(song.acceptedAt(), now)) + " ago");
        return List.of(
                song.id(),
                song.vendor(),
                song.state().word(),
                song.reason().map(Reason::word).orElse("-"),
                when,
                "$" + SongDocument.dollars(song.price()).toPlainString(),
                rest(song));
    }

    private static String rest(Song song) {
        if (song.state() == SongState.DELIVERED) {
            int files = SongDocument.summary(song).path("files").size();
            return files == 1 ? "1 file" : files + " files";
        }
        String message = plain(song.message().orElse(""));
        return message.length() <= MESSAGE ? message : message.substring(0, MESSAGE - 1) + "…";
    }

    /** In one line, and without the control characters that a vendor's words could move a terminal with. */
    static String plain(String text) {
        return text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    }

    /** In the largest unit that is whole by then. */
    private static String words(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m";
        }
        return seconds < 48 * 3600 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
    }
}
