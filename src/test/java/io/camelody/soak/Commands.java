package io.camelody.soak;

import io.camelody.cli.Ran;
import java.io.IOException;

/** Camelody's commands on the ledger of the run, beside those who work on it. */
@FunctionalInterface
interface Commands {

    Ran camelody(String... arguments) throws IOException;
}
