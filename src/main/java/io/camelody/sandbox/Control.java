package io.camelody.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import java.time.Instant;
import java.util.List;

/**
 * The sandbox from the outside: what it heard, what was made, and what shall go wrong, for tests in other processes.
 */
record Control(CallLog log, TaskBook book, Faults faults) {

    Answer answer(Request request) {
        return switch (request.method() + " " + request.path()) {
            case "GET /sandbox/calls" -> Answer.json(200, calls());
            case "GET /sandbox/tasks" -> Answer.json(200, tasks());
            case "POST /sandbox/faults" -> addFaults(request.body());
            case "DELETE /sandbox/faults" -> {
                faults.clear();
                yield Answer.json(200, Json.object().put("faults", "cleared"));
            }
            default ->
                Answer.text(
                        404,
                        "text/plain; charset=utf-8",
                        "GET /sandbox/calls, GET /sandbox/tasks, POST /sandbox/faults, DELETE /sandbox/faults\n");
        };
    }

    /** One fault a line, all or none. */
    private Answer addFaults(String text) {
        List<Fault> parsed;
        try {
            parsed = text.lines()
                    .filter(line -> !line.isBlank())
                    .map(Fault::parse)
                    .toList();
        } catch (IllegalArgumentException e) {
            return Answer.json(400, Json.object().put("error", e.getMessage()));
        }
        parsed.forEach(faults::add);
        return Answer.json(200, Json.object().put("added", parsed.size()));
    }

    private ArrayNode calls() {
        ArrayNode json = Json.MAPPER.createArrayNode();
        for (HeardCall call : log.calls()) {
            ObjectNode one = json.addObject()
                    .put("at", call.at().toString())
                    .put("vendor", call.vendor())
                    .put("method", call.method())
                    .put("path", call.path())
                    .put("query", call.query())
                    .put("body", call.body());
            one.put("status", call.status());
        }
        return json;
    }

    private ArrayNode tasks() {
        ArrayNode json = Json.MAPPER.createArrayNode();
        for (MadeTask task : book.made()) {
            Instant ended = task.endedAt();
            json.addObject()
                    .put("vendor", task.vendor())
                    .put("taskId", task.taskId())
                    .put("step", task.step())
                    .put("request", task.request())
                    .put("createdAt", task.createdAt().toString())
                    .put("endedAt", ended == null ? null : ended.toString());
        }
        return json;
    }
}
