package io.camelody.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class FaultTest {

    @Test
    void theTextFormNamesVendorCallTimesAndTrouble() {
        assertThat(Fault.parse("foxai:submit:2:status=503"))
                .isEqualTo(new Fault("foxai", Fault.Call.SUBMIT, 2, new Trouble.Status(503)));
        assertThat(Fault.parse("*:*:*:lost")).isEqualTo(new Fault(null, null, Integer.MAX_VALUE, Trouble.Plain.LOST));
        assertThat(Fault.parse("senseaudio:lyrics-poll:1:word=THINKING").trouble())
                .isEqualTo(new Trouble.Word("THINKING"));
        assertThat(Fault.parse("sunomusic:submit:1:shape=data-ids").trouble()).isEqualTo(Trouble.Shape.DATA_IDS);
        assertThat(Fault.parse("foxai:audio:1:type=text/html; charset=utf-8").trouble())
                .isEqualTo(new Trouble.Type("text/html; charset=utf-8"));
        assertThat(Fault.parse("foxai:poll:1:fail=no: never").trouble()).isEqualTo(new Trouble.Fail("no: never"));
    }

    @Test
    void aStatusTakesHeadersAndABody() {
        assertThat(Fault.parse("foxai:poll:1:status=429 Retry-After=3 X-A=b body={\"a\": \"b=c: d\"}")
                        .trouble())
                .isEqualTo(new Trouble.Status(429, Map.of("Retry-After", "3", "X-A", "b"), "{\"a\": \"b=c: d\"}"));
        assertThat(Fault.parse("foxai:poll:1:status=200 body=[]").trouble())
                .isEqualTo(new Trouble.Status(200, Map.of(), "[]"));
    }

    @Test
    void everyPlainTroubleAndShapeHasATextForm() {
        for (Trouble.Plain trouble : Trouble.Plain.values()) {
            String text = trouble.name().toLowerCase().replace('_', '-');
            assertThat(Fault.parse("*:*:1:" + text).trouble()).isEqualTo(trouble);
        }
        for (Trouble.Shape shape : Trouble.Shape.values()) {
            String text = shape.name().toLowerCase().replace('_', '-');
            assertThat(Fault.parse("*:*:1:shape=" + text).trouble()).isEqualTo(shape);
        }
    }

    @Test
    void whatIsNoFaultIsRefusedWithWhatWasExpected() {
        assertRefused("foxai:submit", "vendor:call:times:trouble");
        assertRefused("suno:submit:1:lost", "sunomusic");
        assertRefused("foxai:pol:1:lost", "lyrics-poll");
        assertRefused("foxai:poll:often:lost", "how many times");
        assertRefused("foxai:poll:0:lost", "at least 1");
        assertRefused("foxai:poll:1:explode", "stay-streaming");
        assertRefused("foxai:poll:1:shape=round", "data-ids");
        assertRefused("foxai:poll:1:status=99", "200 to 599");
        assertRefused("foxai:poll:1:status=429 Retry-After", "Name=value");
    }

    private static void assertRefused(String text, String expected) {
        assertThatThrownBy(() -> Fault.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(expected);
    }
}
