package io.camelody.http;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A call as bytes, for what no client library would send. */
final class RawCall implements AutoCloseable {

    private final Socket socket;

    RawCall(String url) throws IOException {
        URI uri = URI.create(url);
        socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(20_000);
    }

    /** The status of the answer to a call with these lines, the last being followed by an empty one. */
    static int status(String url, String... lines) throws IOException {
        return Integer.parseInt(answer(url, lines).split(" ")[1]);
    }

    /** All of the answer; the server is asked to hang up after it. */
    static String answer(String url, String... lines) throws IOException {
        try (RawCall call = new RawCall(url)) {
            call.send(String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n");
            return call.rest();
        }
    }

    void send(String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** What comes until this does, of which no byte more is read. */
    String until(String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("The server hung up after: " + read);
            }
            read.append((char) next);
        }
        return read.toString();
    }

    /** Whether something has come that was not read. */
    boolean hasMore() {
        try {
            return socket.getInputStream().available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What comes until the server hangs up. */
    String rest() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
