package io.camelody.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import picocli.CommandLine;

/** A command that was run in this process, with what it said. */
public record Ran(int code, String out, String err) {

    public static Ran camelody(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Camelody.commandLine();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        return new Ran(line.execute(words), out.toString(), err.toString());
    }

    /** In a thread of its own: a downloading client answers in the pool that all of the process shares, which this would fill. */
    static CompletableFuture<Ran> inAThread(Supplier<Ran> command) {
        return CompletableFuture.supplyAsync(command, work -> new Thread(work, "command").start());
    }
}
