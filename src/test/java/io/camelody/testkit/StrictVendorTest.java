package io.camelody.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.request.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;

class StrictVendorTest {

    @RepeatedTest(20)
    void tasksThatAreTakenAtOnceHaveNamesOfTheirOwn() throws Exception {
        try (StrictVendor vendor = new StrictNewapi("key")) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(vendor.url() + "/suno/submit/lyrics"))
                    .header("Authorization", "Bearer key")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"prompt\": \"a ferry\"}"))
                    .build();
            HttpClient client = HttpClient.newHttpClient();
            List<Integer> callers = IntStream.range(0, 16).boxed().toList();

            List<String> names = AtOnce.forEach(callers, caller -> taskId(client, request));

            assertThat(names).doesNotHaveDuplicates();
            assertThat(vendor.tasks()).hasSize(callers.size());
        }
    }

    private static String taskId(HttpClient client, HttpRequest request) {
        try {
            return Json.parse(client.send(request, BodyHandlers.ofString()).body())
                    .path("data")
                    .textValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
