package io.camelody.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class ProgramLogTest {

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final ProgramLog log = new ProgramLog();

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(said, true, UTF_8));
        log.initialize();
    }

    @AfterEach
    void listenNoMore() {
        System.setErr(before);
        System.clearProperty("camelody.terminal");
    }

    @Test
    void warningIsOneLineWithItsTimeOnStandardError() {
        logger("io.camelody.Any").warn("Grün is {}", "green");

        assertThat(said.toString(UTF_8)).matches("\\d\\d:\\d\\d:\\d\\d WARN  Grün is green\\R");
    }

    @Test
    void failureIsToldWithItsTrace() {
        logger("io.camelody.Any").error("It failed", new IllegalStateException("why"));

        assertThat(said.toString(UTF_8)).contains("ERROR It failed", "IllegalStateException: why", "\tat io.camelody.");
    }

    @Test
    void whatNobodyNeedsIsNotTold() {
        logger("io.camelody.Any").info("a song more");
        logger("org.apache.camel.Any").info("routes");
        logger("com.zaxxer.hikari.pool.PoolBase").warn("a connection was lost");
        logger("org.apache.camel.impl.engine.DefaultShutdownStrategy").warn("waiting");

        assertThat(said.toString(UTF_8)).isEmpty();
    }

    @Test
    void lineTakesThePlaceOfTheProgressOnATerminal() {
        System.setProperty("camelody.terminal", "80");
        ProgramLog onTerminal = new ProgramLog();
        onTerminal.initialize();

        onTerminal.getLoggerFactory().getLogger("any").warn("Look");

        assertThat(said.toString(UTF_8)).startsWith("\r\u001b[K").endsWith("Look" + System.lineSeparator());
    }

    private Logger logger(String name) {
        return log.getLoggerFactory().getLogger(name);
    }
}
