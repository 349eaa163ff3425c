package io.camelody.cli;

import io.camelody.ledger.SongLedger;
import java.io.PrintWriter;

/**
 * Ctrl-C and SIGTERM: no more work is taken, what is under way is handed back within seconds, and the process ends with 130.
 * What cannot be waited for is in the ledger, and the next run goes on from there.
 */
final class Interruption {

    private final Thread hook;

    private Interruption(Thread hook) {
        this.hook = hook;
    }

    static Interruption listen(Engine engine, SongLedger ledger, Progress progress, PrintWriter err) {
        Thread hook = new Thread(
                () -> {
                    progress.close();
                    err.println("Stopping; what is under way is handed back. Run the same again to go on.");
                    engine.close();
                    ledger.close();
                    Runtime.getRuntime().halt(Camelody.INTERRUPTED);
                },
                "camelody-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        return new Interruption(hook);
    }

    void forget() {
        Runtime.getRuntime().removeShutdownHook(hook);
    }
}
