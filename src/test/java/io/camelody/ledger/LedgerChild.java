package io.camelody.ledger;

import io.camelody.ledger.SongLedger.Scope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What another process does with a ledger: it works on it, looks at it, or dies at a given point of a song's life. */
final class LedgerChild {

    private static final Scope REAL = new Scope(false, Optional.empty());

    private LedgerChild() {}

    public static void main(String[] arguments) {
        String url = arguments[0];
        switch (arguments[1]) {
            case "work" -> work(url);
            case "look" -> look(url, arguments[2]);
            case "copy" -> dieCopying(url, arguments[2]);
            default -> die(url, arguments[1]);
        }
    }

    private static void work(String url) {
        try {
            SongLedger.openForWork(url, Clock.systemUTC()).close();
            System.out.println("working");
        } catch (LedgerBusyException e) {
            System.out.println(e.getMessage());
            System.exit(7);
        }
    }

    private static void look(String url, String song) {
        try (SongLedger ledger = SongLedger.openBeside(url, Clock.systemUTC())) {
            System.out.println(ledger.catalog().find(song).orElseThrow().state());
        }
    }

    private static void dieCopying(String url, String to) {
        new LedgerCopy(LedgerSource.of(url), LedgerSource.of(to)).make((table, rows, of) -> {
            if (table.equals("task") && rows > 0) {
                Runtime.getRuntime().halt(9);
            }
        });
    }

    private static void die(String url, String where) {
        SongLedger ledger = SongLedger.openForWork(url, Clock.systemUTC());
        ledger.accept(List.of(SongLedgerContract.request("s1")), false);
        Claim claim = ledger.claims()
                .claimDue(SongState.ACCEPTED, "foxai", REAL, 1, Duration.ofMinutes(3))
                .get(0)
                .claim();
        if (where.equals("after-intent") || where.equals("after-submit")) {
            ledger.make(new Change.Intended(claim, 1, 35_000));
        }
        if (where.equals("after-submit")) {
            Instant soon = Instant.now();
            ledger.make(new Change.Submitted(claim, 1, List.of("t1"), soon, soon.plusSeconds(360)));
        }
        Runtime.getRuntime().halt(9);
    }
}
