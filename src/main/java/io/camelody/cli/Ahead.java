package io.camelody.cli;

import io.camelody.http.Page;
import java.security.NoSuchAlgorithmException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.module.loaders.BuiltinModuleLoader;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;

/**
 * What a start needs a moment later and takes long to load, loaded by threads beside it. Who needs it waits for what is
 * missing, or loads it himself, and it is he who tells of what fails.
 */
final class Ahead {

    private static final String SQLITE = "jdbc:sqlite:";

    private static final AtomicReference<Beside<Scope>> JQ = new AtomicReference<>();

    private Ahead() {}

    /** What does not depend on any setting, by one thread and in the order in which it is needed. */
    static void loadProgram(boolean withWeb) {
        Beside<Scope> jq = new Beside<>(Ahead::readJq);
        JQ.set(jq);
        Beside.begin("ahead", () -> {
            jq.run();
            PublicSuffixMatcherLoader.getDefault();
            if (withWeb) {
                new Page();
            }
            loadTrust();
        });
    }

    /** The certificates that calls are made with. */
    private static void loadTrust() {
        try {
            SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            // the first call says so
        }
    }

    /** SQLite's library, if the ledger is one of SQLite. */
    static void loadDriver(String ledgerUrl) {
        if (ledgerUrl.startsWith(SQLITE)) {
            Beside.begin("ahead-driver", () -> {
                try {
                    DriverManager.getConnection(SQLITE + ":memory:").close();
                } catch (SQLException | LinkageError e) {
                    // the ledger says so
                }
            });
        }
    }

    /** The functions of jq, as Camel's language would read them, for one context, which adds its own; empty for any after it. */
    static Optional<Scope> jq() {
        return Optional.ofNullable(JQ.getAndSet(null)).map(Beside::get);
    }

    private static Scope readJq() {
        Scope scope = Scope.newEmptyScope();
        scope.setModuleLoader(BuiltinModuleLoader.getInstance());
        BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_7, scope);
        return scope;
    }
}
