package io.camelody.cli;

import io.camelody.ledger.VendorPauses.Pause;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Says why a vendor is sent no paid calls, until when, and who lifts that. */
final class PauseLine {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    private PauseLine() {}

    static String of(Pause pause) {
        Instant until = pause.until();
        return "%s Nothing is bought of %s until %s; camelody resume %s lifts that."
                .formatted(SongTable.plain(pause.message()), pause.vendor(), TIME.format(until), pause.vendor());
    }
}
