package io.camelody.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import io.camelody.sample.Sample;
import io.camelody.sample.Samples;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordedCallsTest {

    private static final RecordedCalls CALLS = new RecordedCalls(
            Samples.read(
                    "acme",
                    Map.of(
                            "song",
                                    "{route: song-submit, given: {}, leaves: {}, call: {method: POST, path: /make, body: {kind: song}}}",
                            "words",
                                    "{route: lyrics-submit, given: {}, leaves: {}, call: {method: POST, path: /make, body: {kind: words}}}",
                            "asked",
                                    "{route: song-poll, given: [t-1], leaves: [], call: {path: /task/t-1/state, headers: {X-Key: Key test-key}}}")));

    @Test
    void aPathIsTheRecordedOneWithAnotherTasksIdWhateverTheMethodWhereNoneWasRecorded() {
        assertThat(find("GET", "/task/abc/state", "", Optional.of("song"))).contains(Sample.Route.SONG_POLL);
        assertThat(find("GET", "/task/abc", "", Optional.of("song"))).isEmpty();
        assertThat(find("GET", "/task/abc/state", "", Optional.of("lyrics"))).isEmpty();
        assertThat(find("GET", "/make", "", Optional.empty())).isEmpty();
    }

    @Test
    void ofCallsAtOnePlaceTheBodyTells() {
        assertThat(find("POST", "/make", "{\"kind\": \"song\"}", Optional.empty()))
                .contains(Sample.Route.SONG_SUBMIT);
        assertThat(find("POST", "/make", "{\"kind\": \"words\"}", Optional.empty()))
                .contains(Sample.Route.LYRICS_SUBMIT);
    }

    @Test
    void theKeyStandsWhereItWasRecorded() {
        Headers headers = new Headers();
        headers.set("X-Key", "Key sandbox");

        assertThat(CALLS.key(new Request("GET", "/", "", headers, ""))).isEqualTo("sandbox");
        assertThat(CALLS.key(new Request("GET", "/", "", new Headers(), ""))).isEmpty();
    }

    private static Optional<Sample.Route> find(String method, String path, String body, Optional<String> asked) {
        return CALLS.find(new Request(method, path, "", new Headers(), body), path, asked);
    }
}
