package io.camelody.audio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AudioTypeTest {

    @ParameterizedTest
    @CsvSource({
        "ID3......., MP3",
        "\u00ff\u00fb\u0010\u00c4, MP3",
        "\u00ff\u00f3\u0084\u00c4, MP3",
        "RIFF....WAVEfmt , WAV",
        "RF64....WAVEds64, WAV",
        "....ftypM4A , M4A",
        "....ftypisom, M4A",
        "fLaC, FLAC",
        "OggS, OGG"
    })
    void firstBytesTellTheType(String head, AudioType type) {
        assertThat(AudioType.ofFirstBytes(head.getBytes(ISO_8859_1))).contains(type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ID",
                "<html>",
                "{\"code\":0}",
                "RIFF....WEBP",
                "RIFF....AVI ",
                "....ftypheic",
                "....ftypavif",
                // AAC without a container, Layer II, a bit rate that does not exist
                "\u00ff\u00f1\u0050\u0080",
                "\u00ff\u00fd\u0010\u00c4",
                "\u00ff\u00fb\u00f0\u00c4",
                "\u00ff\u00d8\u00ff\u00e0"
            })
    void otherFirstBytesAreNoAudio(String head) {
        assertThat(AudioType.ofFirstBytes(head.getBytes(ISO_8859_1))).isEmpty();
    }

    @Test
    void typeKnowsItsSuffixAndMediaType() {
        assertThat(AudioType.MP3.suffix()).isEqualTo("mp3");
        assertThat(AudioType.MP3.mediaType()).isEqualTo("audio/mpeg");
    }
}
