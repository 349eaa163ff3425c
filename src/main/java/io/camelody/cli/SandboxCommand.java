package io.camelody.cli;

import io.camelody.sandbox.Fault;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.settings.PropertyFiles;
import io.camelody.settings.Settings;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code camelody sandbox}: the three vendors on this machine, until it is stopped. */
@Command(
        name = "sandbox",
        description = {
            "Runs SenseAudio, sunomusic and FoxAI on this machine, free of charge, until Ctrl-C.",
            "What it has made lives as long as it runs, so a batch that is killed finds its songs again."
        },
        footer = {
            "",
            "A fault is vendor:call:times:trouble, each of the first three also *:",
            "  foxai:submit:2:status=503    two refused submits",
            "  sunomusic:poll:1:fail=error  a song that fails",
            "  *:audio:1:cut                a download that breaks off",
            "",
            "Example: camelody sandbox --latency 500ms --fault '*:submit:1:lost'"
        })
final class SandboxCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "P",
            description = "The port on 127.0.0.1; 0 for any that is free. Default: ${DEFAULT-VALUE}.",
            defaultValue = "4010")
    private int port;

    @Option(
            names = "--latency",
            paramLabel = "D",
            converter = DurationOption.class,
            description = "How long a song takes, such as 500ms or 20s. Default: 3s.")
    private Optional<Duration> latency = Optional.empty();

    @Option(names = "--failures", paramLabel = "0..1", description = "The share of songs that fail. Default: 0.")
    private Optional<Double> failures = Optional.empty();

    @Option(
            names = "--song-length",
            paramLabel = "D",
            converter = DurationOption.class,
            description = "How long a song plays. Default: 12s.")
    private Optional<Duration> songLength = Optional.empty();

    @Option(
            names = "--fault",
            paramLabel = "TEXT",
            description = "Something that goes wrong. Can be given more than once.")
    private List<String> faults = new ArrayList<>();

    @Option(names = "--seed", paramLabel = "N", description = "The same seed and requests give the same songs.")
    private Optional<Long> seed = Optional.empty();

    @Override
    public Integer call() {
        SandboxSettings settings = settings();
        List<Fault> parsed = parseFaults();
        try (Interruption interruption = Interruption.listen(spec.commandLine().getErr(), "");
                Sandbox sandbox = interruption.closes(start(settings))) {
            parsed.forEach(sandbox::fault);
            print(sandbox);
            new CountDownLatch(1).await();
            return Camelody.OK;
        } catch (InterruptedException e) {
            return Camelody.INTERRUPTED;
        }
    }

    private SandboxSettings settings() {
        if (port < 0 || port > 65_535) {
            throw new UsageException("Expected --port to be from 0 to 65535, got: \"%d\".".formatted(port));
        }
        try {
            SandboxSettings settings = SandboxSettings.defaults().withPort(port);
            settings = latency.map(settings::withLatency).orElse(settings);
            settings = failures.map(settings::withFailureShare).orElse(settings);
            settings = songLength.map(settings::withSongLength).orElse(settings);
            return seed.map(settings::withSeed).orElse(settings);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private List<Fault> parseFaults() {
        try {
            return faults.stream().map(Fault::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private Sandbox start(SandboxSettings settings) {
        try {
            return Sandbox.start(settings);
        } catch (UncheckedIOException e) {
            throw new UsageException("The sandbox cannot listen on port %d: %s. Give another with --port, or 0 for any."
                    .formatted(port, e.getCause().getMessage()));
        }
    }

    private void print(Sandbox sandbox) {
        PrintWriter out = spec.commandLine().getOut();
        String url = "http://127.0.0.1:" + sandbox.port();
        out.printf("The sandbox listens on %s: senseaudio, sunomusic and foxai. Ctrl-C ends it.%n%n", url);
        out.println("To use it, paste this where you run camelody:");
        sandbox.settings()
                .forEach((name, value) -> out.printf("  export %s=%s%n", PropertyFiles.variable(name), value));
        out.printf("%nWhat it heard and made:   curl %s/sandbox/calls%n", url);
        out.printf("                          curl %s/sandbox/tasks%n", url);
        out.printf("Let something go wrong:   curl -d 'foxai:submit:1:status=503' %s/sandbox/faults%n", url);
        out.printf("Nothing more goes wrong:  curl -X DELETE %s/sandbox/faults%n", url);
        out.flush();
    }

    static final class DurationOption implements ITypeConverter<Duration> {

        @Override
        public Duration convert(String text) {
            return Settings.durationOf(text)
                    .orElseThrow(() -> new TypeConversionException(
                            "expected a number and a unit, such as 500ms, 3s or 6m, got: \"" + text + "\""));
        }
    }
}
