package io.camelody.soak;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.cli.Ran;
import io.camelody.request.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Camelody's commands in a process beside the batch that sees the same disk as it, and what else somebody may do there: hold
 * the ledger's lock. SQLite follows symbolic links, so that a ledger on a small disk cannot be opened from the outside.
 */
final class Beside implements Commands, AutoCloseable {

    private static final String LOCK = "lock";

    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter commands;
    private final Path home;

    Beside(Place place) throws IOException {
        home = place.home();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Beside.class.getName()));
        process = new ProcessBuilder(place.command(command))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Runs a command on the home. */
    @Override
    public Ran camelody(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--home", home.toString()));
        return ask(all);
    }

    /** Takes the ledger's lock and gives it back after some seconds, by itself. */
    void lockLedger(int seconds) throws IOException {
        ask(List.of(LOCK, "jdbc:sqlite:" + home.resolve("data/ledger.db"), Integer.toString(seconds)));
    }

    private Ran ask(List<String> words) throws IOException {
        commands.write(Json.write(Json.MAPPER.valueToTree(words)));
        commands.newLine();
        commands.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("The process beside the batch has ended.");
        }
        JsonNode json = Json.parse(answer);
        return new Ran(
                json.path("code").intValue(),
                json.path("out").textValue(),
                json.path("err").textValue());
    }

    /** Reads a JSON array of words a line, and answers with a JSON object a line. */
    public static void main(String... none) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = System.out;
        System.setOut(System.err);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode words = Json.parse(line);
            Ran ran;
            if (words.path(0).asText().equals(LOCK)) {
                lock(words.path(1).asText(), words.path(2).asInt());
                ran = new Ran(0, "", "");
            } else {
                List<Object> arguments = new ArrayList<>();
                words.forEach(word -> arguments.add(word.asText()));
                ran = Ran.camelody(arguments.toArray());
            }
            out.println(Json.write(
                    Json.object().put("code", ran.code()).put("out", ran.out()).put("err", ran.err())));
            out.flush();
        }
    }

    private static void lock(String url, int seconds) {
        new Thread(() -> {
                    try (Connection connection = DriverManager.getConnection(url);
                            Statement statement = connection.createStatement()) {
                        statement.execute("BEGIN IMMEDIATE");
                        // how long it is locked is the trouble itself
                        TimeUnit.SECONDS.sleep(seconds);
                        statement.execute("ROLLBACK");
                    } catch (SQLException e) {
                        System.err.println("The ledger was not locked: " + e.getMessage());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                })
                .start();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
