package io.camelody.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

/** Holds an answer against a document's sample: the same fields, of the same types, all the way down. */
final class Shapes {

    private Shapes() {}

    static void assertSame(JsonNode answer, JsonNode sample, String at) {
        assertThat(answer.getNodeType()).as("type of %s", at).isEqualTo(sample.getNodeType());
        if (sample.isObject()) {
            assertThat(answer.fieldNames())
                    .toIterable()
                    .as("fields of %s", at)
                    .containsExactlyInAnyOrderElementsOf(sample::fieldNames);
            sample.fieldNames()
                    .forEachRemaining(name -> assertSame(answer.get(name), sample.get(name), at + "." + name));
        }
        if (sample.isArray()) {
            for (int i = 0; i < answer.size(); i++) {
                assertSame(answer.get(i), sample.get(Math.min(i, sample.size() - 1)), at + "[" + i + "]");
            }
        }
    }
}
