package io.camelody.sandbox;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;

/** Sends an answer as it is, or in the way that a trouble would have it: cut in the middle, or drop by drop. */
final class Delivery {

    private Delivery() {}

    static void send(HttpExchange exchange, Answer answer, Trouble trouble, Faults faults)
            throws IOException, InterruptedException {
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        long length = answer.length();
        if (head || length == 0) {
            exchange.getResponseHeaders().set("Content-Length", Long.toString(length));
            exchange.sendResponseHeaders(answer.status(), -1);
            exchange.getResponseBody().close();
            return;
        }
        // 0 is this server's word for: no length is announced
        exchange.sendResponseHeaders(answer.status(), answer.grows() && trouble != Trouble.Plain.CUT ? 0 : length);
        try (OutputStream out = exchange.getResponseBody()) {
            if (trouble == Trouble.Plain.CUT) {
                answer.body().writeTo(out, answer.from(), answer.from() + length / 2);
                out.flush();
                throw new IOException("A fault cut the answer.");
            } else if (trouble == Trouble.Plain.DRIP) {
                drip(out, answer, faults);
            } else {
                answer.body().writeTo(out, answer.from(), answer.to());
            }
        }
    }

    private static void drip(OutputStream out, Answer answer, Faults faults) throws IOException, InterruptedException {
        long at = answer.from();
        do {
            answer.body().writeTo(out, at, ++at);
            out.flush();
        } while (at < answer.to() && !faults.clearedWithinASecond());
        answer.body().writeTo(out, at, answer.to());
    }
}
