package io.camelody.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class SongTest {

    @Test
    void anMp3IsFramesFromEndToEndAndAsLongAsItSays() {
        for (double seconds : new double[] {.3, 1, 12, 13.7, 240}) {
            byte[] song = Song.mp3("clip", "pop", "Söng", seconds).bytes();

            assertThat(frames(song) * 576 / 22_050.0).as("%s s", seconds).isCloseTo(seconds, within(.02));
        }
    }

    @Test
    void aWavIsAsLongAsItSays() {
        byte[] song = Song.wav("clip", "pop", 12.3).bytes();

        assertThat(song).hasSize(44 + 2 * (int) (12.3 * 22_050)).startsWith("RIFF".getBytes());
        assertThat(Integer.reverseBytes(ByteBuffer.wrap(song).getInt(40))).isEqualTo(song.length - 44);
    }

    @Test
    void aSongIsTheSameEachTimeAndUnlikeTheNext() {
        var songs = new HashSet<ByteBuffer>();
        for (int i = 0; i < 50; i++) {
            byte[] song = Song.wav("clip " + i, "pop", 12).bytes();

            assertThat(Song.wav("clip " + i, "pop", 12).bytes()).isEqualTo(song);
            songs.add(ByteBuffer.wrap(song));
        }
        assertThat(songs).hasSize(50);
    }

    @Test
    void aClipOfSoManyBytesHasAboutSoManyAndSaysItsLength() {
        for (int bytes : new int[] {1000, 5000, 50_000}) {
            double seconds = Song.secondsOf(bytes);

            byte[] clip = Song.mp3("clip", "pop", "", seconds).bytes();

            assertThat(frames(clip) * 576 / 22_050.0).isCloseTo(seconds, within(.02));
            assertThat(clip.length).isCloseTo(Math.max(bytes, 2090), within(320));
        }
    }

    @Test
    void aCoverIsAPictureOfItsOwn() throws IOException {
        byte[] cover = Cover.png("clip", 256);

        var picture = ImageIO.read(new ByteArrayInputStream(cover));

        assertThat(picture.getWidth()).isEqualTo(256);
        assertThat(picture.getHeight()).isEqualTo(256);
        assertThat(cover).isNotEqualTo(Cover.png("another clip", 256));
    }

    /** Follows the frame headers to the very end; whatever is none fails. */
    private static int frames(byte[] mp3) {
        assertThat(mp3).startsWith("ID3".getBytes());
        int at = 10 + (mp3[6] << 21 | mp3[7] << 14 | mp3[8] << 7 | mp3[9]);
        int frames = 0;
        for (; at < mp3.length; frames++) {
            // MPEG-2, layer III, no checksum; 64 kbit/s, 22,050 Hz
            assertThat(mp3[at] & 0xff).isEqualTo(0xff);
            assertThat(mp3[at + 1] & 0xff).isEqualTo(0xf3);
            assertThat(mp3[at + 2] & 0xfd).isEqualTo(0x80);
            // the data of a frame begins in the frame itself: no bit reservoir
            assertThat(mp3[at + 4]).isZero();
            at += 208 + (mp3[at + 2] >> 1 & 1);
        }
        assertThat(at).isEqualTo(mp3.length);
        return frames;
    }
}
