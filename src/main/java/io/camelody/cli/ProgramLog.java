package io.camelody.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LogbackServiceProvider;
import ch.qos.logback.core.ConsoleAppender;

/**
 * The command line's log, on standard error: what a person must do, and what will be tried again. With {@code CAMELODY_LOG=INFO}
 * each finished song too. It is set up here since a file of XML takes longer to read than all else at that point of a start; the
 * program names this class, so that it is nobody else's who has this jar on the class path.
 */
public final class ProgramLog extends LogbackServiceProvider {

    private static final String LEVEL = "CAMELODY_LOG";
    private static final String LINE = "%d{HH:mm:ss} %-5level %msg%n%ex";

    /** From here on, and before the first logger is asked for. */
    static void use() {
        System.setProperty("slf4j.provider", ProgramLog.class.getName());
        // it would tell of the line above
        System.setProperty("slf4j.internal.verbosity", "WARN");
    }

    @Override
    public void initialize() {
        LoggerContext context = (LoggerContext) getLoggerFactory();
        context.setName("default");
        context.setMDCAdapter(getMDCAdapter());
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(standardError(context));
        context.getLogger("io.camelody").setLevel(Level.toLevel(System.getenv().getOrDefault(LEVEL, "WARN")));
        // a connection that is lost is made anew, and what cannot be written is told by us
        context.getLogger("com.zaxxer.hikari").setLevel(Level.ERROR);
        // a stop that waits for no more says so itself
        context.getLogger("org.apache.camel.impl.engine.DefaultShutdownStrategy")
                .setLevel(Level.ERROR);
        // a file that stays in its inbox is told by us
        context.getLogger("org.apache.camel.component.file.GenericFileOnCompletion")
                .setLevel(Level.ERROR);
        context.start();
    }

    private static ConsoleAppender<ILoggingEvent> standardError(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(UTF_8);
        // a line of the log takes the place of the bar, which is drawn again below it
        encoder.setPattern((Progress.isOnTerminal() ? "\r\u001b[K" : "") + LINE);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("err");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }
}
