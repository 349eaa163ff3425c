package io.camelody.audio;

import static io.camelody.audio.Sounds.firstPart;
import static io.camelody.audio.Sounds.fixture;
import static io.camelody.audio.Sounds.frames;
import static io.camelody.audio.Sounds.id3;
import static io.camelody.audio.Sounds.join;
import static io.camelody.audio.Sounds.mp3;
import static io.camelody.audio.Sounds.wav;
import static io.camelody.audio.Sounds.wavHeader;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.camelody.audio.BrokenDownloadException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AudioFileTest {

    @TempDir
    Path folder;

    @Test
    void fileIsInspectedWhateverItsNameSays() throws IOException {
        AudioFile audio = inspect(wav(2));

        assertThat(audio.type()).isEqualTo(AudioType.WAV);
        assertThat(audio.bytes()).isEqualTo(Sounds.WAV_HEADER + 2 * 16_000);
        assertThat(audio.seconds()).hasValue(2);
        assertThat(audio.file()).isEqualTo(folder.resolve("sound"));
    }

    @Test
    void digestIsThatOfTheFile() throws IOException {
        AudioFile audio = inspect(frames(3));

        assertThat(audio.sha256()).isEqualTo("b911bae4abb5510fd163b95c84be8e23721f481790379b79940fe116f8f46754");
    }

    @Test
    void wavWithoutAKnownSizePlaysForWhatIsThere() throws IOException {
        byte[] pcm = new byte[32_000];

        assertThat(inspect(join(wavHeader(0xffff_ffffL), pcm)).seconds()).hasValue(2);
        assertThat(inspect(join(wavHeader(0x7fff_ffffL), pcm)).seconds()).hasValue(2);
        assertThat(inspect(join(wavHeader(0), pcm)).seconds()).hasValue(2);
    }

    @Test
    void wavWithLessSoundThanItsHeaderStatesIsRefused() throws IOException {
        assertThat(assertRefused(firstPart(wav(10), 0.3))).contains("of 160000 bytes of sound");
        assertThat(inspect(firstPart(wav(10), 0.97)).seconds().orElseThrow()).isCloseTo(9.7, within(0.1));
    }

    @Test
    void silenceIsSoundToo() throws IOException {
        byte[] second = Arrays.copyOfRange(wav(1), Sounds.WAV_HEADER, Sounds.WAV_HEADER + 16_000);
        byte[] silence = new byte[148 * 16_000];

        AudioFile audio = inspect(join(wavHeader(second.length + silence.length), second, silence));

        assertThat(audio.seconds()).hasValue(149);
    }

    @Test
    void wavWithoutSoundIsRefused() throws IOException {
        assertRefused(wavHeader(0));
        assertRefused(Arrays.copyOf(wavHeader(100), 30));
    }

    @Test
    void mp3OfConstantBitRateIsMeasured() throws IOException {
        AudioFile audio = inspect(mp3(2, false));

        assertThat(audio.type()).isEqualTo(AudioType.MP3);
        assertThat(audio.seconds().orElseThrow()).isCloseTo(2, within(0.1));
    }

    @Test
    void mp3OfVariableBitRateIsMeasured() throws IOException {
        assertThat(inspect(mp3(2, true)).seconds().orElseThrow()).isCloseTo(2, within(0.1));
    }

    @Test
    void halfAnMp3PlaysHalfAsLongWhateverItsHeaderSays() throws IOException {
        byte[] mp3 = join(mp3WithXingHeaderFor(1000), frames(500));

        assertThat(inspect(mp3).seconds().orElseThrow()).isCloseTo(501 * 1152 / 44_100.0, within(0.01));
    }

    @Test
    void tagsBeforeBetweenAndAfterMp3FramesAreSteppedOver() throws IOException {
        byte[] mp3 = join(
                id3(100_000),
                id3(100_000),
                frames(100),
                id3(100_000),
                frames(50),
                "TAG".getBytes(ISO_8859_1),
                new byte[125]);

        assertThat(inspect(mp3).seconds().orElseThrow()).isCloseTo(150 * 1152 / 44_100.0, within(0.001));
    }

    @Test
    void tagLargerThanTheMp3BehindItDoesNotMatter() throws IOException {
        assertThat(inspect(join(id3(1_500_000), frames(100))).seconds().orElseThrow())
                .isCloseTo(100 * 1152 / 44_100.0, within(0.001));
    }

    @Test
    void cutLastMp3FrameDoesNotCount() throws IOException {
        byte[] mp3 = frames(10);

        assertThat(inspect(Arrays.copyOf(mp3, mp3.length - 1)).seconds().orElseThrow())
                .isCloseTo(9 * 1152 / 44_100.0, within(0.001));
    }

    @Test
    void apeTagWithAPictureIsSteppedOver() throws IOException {
        byte[] tag = new byte[32 + 50_000];
        byte[] start = {'A', 'P', 'E', 'T', 'A', 'G', 'E', 'X', (byte) 0xd0, 7, 0, 0, 0x50, (byte) 0xc3};
        System.arraycopy(start, 0, tag, 0, start.length);
        // 50,000 bytes follow this header
        tag[23] = (byte) 0xa0;

        assertThat(inspect(join(frames(100), tag)).seconds().orElseThrow())
                .isCloseTo(100 * 1152 / 44_100.0, within(0.001));
    }

    @Test
    void aLittleJunkInAnMp3DoesNotMatterAndMoreIsRefused() throws IOException {
        byte[] cut = firstPart(frames(1), 0.7);

        assertThat(inspect(join(frames(500), cut, frames(500), noise(8_000)))
                        .seconds()
                        .orElseThrow())
                .isCloseTo(1000 * 1152 / 44_100.0, within(0.1));
        assertRefused(join(frames(500), noise(20_000)));
        assertRefused(join(frames(500), noise(20_000), frames(500)));
    }

    @Test
    void mp3WhoseFramesStopInTheMiddleIsRefused() throws IOException {
        byte[] mp3 = frames(5000);

        String why = assertRefused(join(firstPart(mp3, 0.3), noise((int) (mp3.length * 0.7))));

        assertThat(why).contains("its sound stops", "protected");
    }

    @Test
    void tagBeforeWhatIsNoSoundIsRefused() throws IOException {
        assertThat(assertRefused(join(id3(1000), noise(500_000)))).contains("protected");
    }

    @Test
    void m4aThatSaysItIsProtectedIsRefused() throws IOException {
        String m4a = new String(fixture("two-seconds.m4a"), ISO_8859_1);
        int description = m4a.indexOf("stsd");

        for (String entry : new String[] {"enca", "encv", "drms"}) {
            String renamed =
                    m4a.substring(0, description) + m4a.substring(description).replaceFirst("mp4a", entry);
            assertThat(assertRefused(renamed.getBytes(ISO_8859_1))).contains("protected (DRM)");
        }
        for (String[] box : new String[][] {{"esds", "sinf"}, {"udta", "pssh"}}) {
            assertThat(m4a).contains(box[0]);
            assertThat(assertRefused(m4a.replace(box[0], box[1]).getBytes(ISO_8859_1)))
                    .contains("protected (DRM)");
        }
    }

    @Test
    void fragmentedM4aWithKeysInItsFragmentsIsRefused() throws IOException {
        String m4a = new String(fixture("fragmented.m4a"), ISO_8859_1);

        assertThat(assertRefused(m4a.replace("mfhd", "pssh").getBytes(ISO_8859_1)))
                .contains("protected (DRM)");
    }

    @Test
    void mp3NeedsThreeFramesThatFollowEachOther() throws IOException {
        assertThat(inspect(frames(3)).type()).isEqualTo(AudioType.MP3);
        assertRefused(frames(2));
        assertRefused(join(frames(2), new byte[1], frames(2)));
        assertRefused(id3(1000));
        assertRefused(Arrays.copyOf(id3(100_000), 2000));
    }

    @Test
    void m4aIsMeasured() throws IOException {
        AudioFile audio = inspect(fixture("two-seconds.m4a"));

        assertThat(audio.type()).isEqualTo(AudioType.M4A);
        assertThat(audio.seconds().orElseThrow()).isCloseTo(2, within(0.1));
    }

    @Test
    void headerOfAnM4aMayStandAtEitherEnd() throws IOException {
        byte[] m4a = fixture("two-seconds.m4a");
        byte[] turned = turned(m4a);

        assertThat(turned).isNotEqualTo(m4a);
        assertThat(inspect(turned).seconds()).isEqualTo(inspect(m4a).seconds());
        for (byte[] whole : List.of(m4a, turned)) {
            assertRefused(firstPart(whole, 0.95));
            assertRefused(firstPart(whole, 0.3));
        }
    }

    @Test
    void fragmentedM4aDoesNotSayHowLongItPlays() throws IOException {
        assertThat(inspect(fixture("fragmented.m4a")).seconds()).isEmpty();
    }

    @Test
    void cutM4aIsRefused() throws IOException {
        assertRefused(firstPart(fixture("two-seconds.m4a"), 0.5));
        assertRefused(firstPart(fixture("two-seconds.m4a"), 0.95));
        assertRefused(firstPart(fixture("fragmented.m4a"), 0.7));
    }

    @Test
    void junkBehindAnM4aDoesNotMatter() throws IOException {
        AudioFile audio = inspect(join(fixture("two-seconds.m4a"), "junk, more of it".getBytes(ISO_8859_1)));

        assertThat(audio.seconds().orElseThrow()).isCloseTo(2, within(0.1));
    }

    @Test
    void videoWithoutSoundIsRefused() throws IOException {
        String m4a = new String(fixture("two-seconds.m4a"), ISO_8859_1);

        assertRefused(m4a.replace("soun", "vide").getBytes(ISO_8859_1));
    }

    @Test
    void flacIsMeasured() throws IOException {
        AudioFile audio = inspect(fixture("two-seconds.flac"));

        assertThat(audio.type()).isEqualTo(AudioType.FLAC);
        assertThat(audio.seconds()).hasValue(2);
    }

    @Test
    void flacIsMeasuredByItsFrames() throws IOException {
        byte[] flac = fixture("two-seconds.flac");
        // a stream's header does not know the number of samples
        Arrays.fill(flac, 22, 26, (byte) 0);
        flac[21] &= (byte) 0xf0;

        assertThat(inspect(flac).seconds()).hasValue(2);
        assertThat(inspect(firstPart(flac, 0.75)).seconds().orElseThrow()).isBetween(0.5, 1.7);
    }

    @Test
    void flacWithLessSoundThanItStatesIsRefused() throws IOException {
        byte[] flac = fixture("two-seconds.flac");

        assertRefused(firstPart(flac, 0.75));
        byte[] half = firstPart(flac, 0.75);
        assertThat(assertRefused(join(half, noise(flac.length - half.length)))).contains("protected");
    }

    @Test
    void flacFrameCountsOnlyInItsPlaceAndWithItsCheckSum() throws IOException {
        byte[] flac = fixture("two-seconds.flac");
        int firstFrame = 8256;

        byte[] again = Arrays.copyOfRange(flac, firstFrame, flac.length);
        assertThat(inspect(join(flac, again)).seconds()).hasValue(2);
        flac[firstFrame + 3] ^= 0x02;
        assertRefused(flac);
    }

    @Test
    void flacWithoutSoundIsRefused() throws IOException {
        byte[] streamInfo = Arrays.copyOf(fixture("two-seconds.flac"), 42);
        // the flag of the last block before the sound
        streamInfo[4] |= (byte) 0x80;

        assertRefused(streamInfo);
        assertRefused(join(streamInfo, new byte[1000]));
    }

    @Test
    void oggIsMeasuredForVorbisAndOpus() throws IOException {
        AudioFile vorbis = inspect(fixture("two-seconds-vorbis.ogg"));
        AudioFile opus = inspect(fixture("two-seconds-opus.ogg"));

        assertThat(vorbis.type()).isEqualTo(AudioType.OGG);
        assertThat(vorbis.seconds().orElseThrow()).isCloseTo(2, within(0.01));
        assertThat(opus.type()).isEqualTo(AudioType.OGG);
        assertThat(opus.seconds().orElseThrow()).isCloseTo(2, within(0.001));
    }

    @Test
    void cutOggPlaysUpToItsLastWholePage() throws IOException {
        byte[] opus = fixture("two-seconds-opus.ogg");

        assertThat(inspect(firstPart(opus, 0.8)).seconds().orElseThrow()).isCloseTo(1, within(0.01));
    }

    @Test
    void oggWithoutTheMarkOfItsEndIsWhole() throws IOException {
        byte[] opus = fixture("two-seconds-opus.ogg");
        int last = new String(opus, ISO_8859_1).lastIndexOf("OggS");
        assertThat(opus[last + 5] & 4).as("end of stream").isEqualTo(4);

        opus[last + 5] &= ~4;

        assertThat(inspect(opus).seconds().orElseThrow()).isCloseTo(2, within(0.001));
    }

    @Test
    void oggWhosePagesStopInTheMiddleIsRefusedEvenIfItsLastIsThere() throws IOException {
        byte[] opus = fixture("two-seconds-opus.ogg");

        assertThat(assertRefused(join(opus, noise(20_000)))).contains("its sound stops", "protected");
        assertRefused(join(opus, noise(20_000), opus));
        assertThat(inspect(join(opus, noise(4_000), opus)).seconds().orElseThrow())
                .isCloseTo(2, within(0.001));
    }

    @Test
    void oggWithoutSoundIsRefused() throws IOException {
        assertRefused(Arrays.copyOf(fixture("two-seconds-opus.ogg"), 200));
    }

    @Test
    void fileOfNoKnownTypeIsRefused() throws IOException {
        assertRefused("<!DOCTYPE html><html>".getBytes(ISO_8859_1));
        assertRefused(new byte[0]);
    }

    @Test
    void missingFileIsTheDisksMatter() {
        var e = catchThrowableOfType(
                BrokenDownloadException.class, () -> AudioFile.inspect(folder.resolve("not-there.mp3")));

        assertThat(e.kind()).isEqualTo(Kind.DISK);
    }

    @Test
    void existingFindsTheAudioUnderItsNameOfWhateverType() throws IOException {
        Files.write(folder.resolve("clip.wav"), wav(1));

        assertThat(AudioFile.existing(folder, Set.of("clip.wav", "clip.mp3"), "clip")
                        .orElseThrow()
                        .file())
                .isEqualTo(folder.resolve("clip.wav"));
        assertThat(AudioFile.existing(folder, Set.of("clip.wav"), "other")).isEmpty();
    }

    @Test
    void existingFindsNoDamagedFileAndNoPart() throws IOException {
        Files.write(folder.resolve("clip.mp3"), new byte[5000]);
        Files.write(folder.resolve("clip.part"), wav(1));

        assertThat(AudioFile.existing(folder, Set.of("clip.wav", "clip.mp3"), "clip"))
                .isEmpty();
    }

    private AudioFile inspect(byte[] content) throws IOException {
        return AudioFile.inspect(Files.write(folder.resolve("sound"), content));
    }

    private String assertRefused(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("refused"), content);

        var e = catchThrowableOfType(BrokenDownloadException.class, () -> AudioFile.inspect(file));

        assertThat(e).isNotNull();
        assertThat(e.kind()).isEqualTo(Kind.NOT_AUDIO);
        assertThat(file).exists();
        return e.getMessage();
    }

    /** The same boxes with the one that holds the sound and the header in each other's place. */
    private static byte[] turned(byte[] m4a) {
        List<byte[]> boxes = new ArrayList<>();
        for (int at = 0; at < m4a.length; ) {
            int size = ByteBuffer.wrap(m4a).getInt(at);
            boxes.add(Arrays.copyOfRange(m4a, at, at + size));
            at += size;
        }
        List<String> types =
                boxes.stream().map(box -> new String(box, 4, 4, ISO_8859_1)).toList();
        Collections.swap(boxes, types.indexOf("moov"), types.indexOf("mdat"));
        return join(boxes.toArray(byte[][]::new));
    }

    private static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(7).nextBytes(noise);
        return noise;
    }

    private static byte[] mp3WithXingHeaderFor(int frames) {
        byte[] frame = frames(1);
        // Layer III of MPEG 1, mono: the header stands behind 17 bytes of side information
        byte[] xing = {'X', 'i', 'n', 'g', 0, 0, 0, 1, 0, 0, (byte) (frames >> 8), (byte) frames};
        System.arraycopy(xing, 0, frame, 21, xing.length);
        return frame;
    }
}
