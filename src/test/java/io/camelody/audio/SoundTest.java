package io.camelody.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No change of a file's sound goes unnoticed, whoever made it. */
final class SoundTest {

    @TempDir
    Path folder;

    /** A file, and where its sound begins and ends. */
    static Stream<Arguments> files() {
        byte[] mp3 = Sounds.mp3(1, false);
        byte[] wav = Sounds.wav(1);
        byte[] flac = Sounds.fixture("two-seconds.flac");
        byte[] ogg = Sounds.fixture("two-seconds-vorbis.ogg");
        byte[] m4a = Sounds.fixture("two-seconds.m4a");
        return Stream.of(
                Arguments.of(mp3, 0, mp3.length),
                Arguments.of(wav, 12, wav.length),
                Arguments.of(flac, at(flac, "\u00ff\u00f8"), flac.length),
                Arguments.of(ogg, ogg.length - 255, ogg.length),
                Arguments.of(ogg, at(ogg, "\u0001vorbis"), at(ogg, "\u0001vorbis") + 30),
                Arguments.of(ogg, at(ogg, "\u0005vorbis"), at(ogg, "\u0005vorbis") + 255),
                Arguments.of(m4a, at(m4a, "mdat") + 4, at(m4a, "mdat") + 4000),
                Arguments.of(m4a, at(m4a, "stsz") + 8, at(m4a, "stsz") + 60),
                Arguments.of(m4a, at(m4a, "stco") + 12, at(m4a, "stco") + 16));
    }

    @ParameterizedTest
    @MethodSource("files")
    void eachByteOfTheSoundCounts(byte[] audio, int from, int to) throws IOException {
        Path original = Files.write(folder.resolve("original"), audio);
        assertThat(Sound.isSame(original, original)).isTrue();

        for (int at = from; at < to; at += Math.max(1, (to - from) / 97)) {
            byte[] changed = audio.clone();
            changed[at] ^= 1;
            assertThat(isSame(original, changed)).as("byte " + at).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void aFileThatWasCutIsAnother(byte[] audio, int from, int to) throws IOException {
        Path original = Files.write(folder.resolve("original"), audio);

        assertThat(isSame(original, Sounds.firstPart(audio, 0.7))).isFalse();
    }

    @Test
    void tagsDoNotCount() throws IOException {
        byte[] frames = Sounds.frames(50);
        Path original = Files.write(folder.resolve("original"), frames);

        assertThat(isSame(original, Sounds.join(Sounds.id3(700), frames))).isTrue();
    }

    private boolean isSame(Path original, byte[] changed) throws IOException {
        try {
            return Sound.isSame(original, Files.write(folder.resolve("changed"), changed));
        } catch (UnplayableException e) {
            return false;
        }
    }

    private static int at(byte[] audio, String text) {
        return new String(audio, StandardCharsets.ISO_8859_1).indexOf(text);
    }
}
