package io.camelody.cli;

import io.camelody.ledger.SinkDelivery;
import io.camelody.ledger.SongCatalog.SinkWait;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.stream.Collectors;

/** Says which sinks are waited for, until when and why, and who goes on then. */
final class SinkWaitLine {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.systemDefault());

    private SinkWaitLine() {}

    static String of(SinkWait wait) {
        boolean one = wait.songs() == 1;
        String sinks = wait.next().sinks().stream()
                .filter(SinkDelivery::isWaiting)
                .map(sink -> "%s until %s (%s)"
                        .formatted(
                                sink.sink(),
                                TIME.format(sink.dueAt()),
                                SongTable.plain(sink.message().orElse(""))))
                .collect(Collectors.joining(", "));
        return "%d %s: %s%s. camelody run goes on with %s then, and so does the same batch."
                .formatted(
                        wait.songs(),
                        one ? "song waits for its sinks" : "songs wait for their sinks",
                        one ? "" : "first " + wait.next().id() + ", ",
                        sinks,
                        one ? "it" : "them");
    }
}
