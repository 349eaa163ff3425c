package io.camelody.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelody.settings.BadSettingsException;
import io.camelody.settings.PropertyFiles;
import io.camelody.settings.Settings;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class S3SettingsTest {

    @Test
    void aBucketIsAllThatMustBeSet() {
        S3Settings settings = read(Map.of("camelody.s3.bucket", "b"));

        assertThat(settings.bucket()).isEqualTo("b");
        assertThat(settings.region()).isEqualTo("us-east-1");
        assertThat(settings.endpoint()).isEmpty();
        assertThat(settings.accessKey()).isEmpty();
    }

    @Test
    void everythingThatIsWrongIsSaid() {
        assertThatThrownBy(() -> read(Map.of(
                        "camelody.s3.region", "",
                        "camelody.s3.access-key", "only one",
                        "camelody.s3.endpoint", "minio:9000",
                        "camelody.s3.path-style", "yes",
                        "camelody.s3.part-bytes", "1000")))
                .isInstanceOf(BadSettingsException.class)
                .hasMessageContainingAll(
                        "Expected camelody.s3.bucket to name a bucket, as camelody.sinks has s3; it is not set.",
                        "Expected camelody.s3.region",
                        "camelody.s3.secret-key to be set both, or neither",
                        "Expected camelody.s3.endpoint to be an http or https URL, got: \"minio:9000\"",
                        "Expected camelody.s3.path-style to be one of true, false",
                        "Expected camelody.s3.part-bytes");
    }

    @Test
    void keysAreShownNowhere() {
        S3Settings settings = read(Map.of(
                "camelody.s3.bucket", "b", "camelody.s3.access-key", "AKIA1", "camelody.s3.secret-key", "hidden"));

        assertThat(settings.toString()).doesNotContain("AKIA1", "hidden");
    }

    private static S3Settings read(Map<String, String> values) {
        PropertyFiles files = PropertyFiles.load(Path.of("no home"), Map.of(), values);
        Settings settings = new Settings(files::find, PropertyFiles::variable);
        S3Settings read = S3Settings.read(settings);
        settings.demandGood();
        return read;
    }
}
