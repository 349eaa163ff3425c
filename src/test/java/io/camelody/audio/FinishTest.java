package io.camelody.audio;

import static io.camelody.audio.Sounds.fixture;
import static io.camelody.audio.Sounds.id3;
import static io.camelody.audio.Sounds.join;
import static io.camelody.audio.Sounds.mp3;
import static io.camelody.audio.Sounds.wav;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.camelody.testkit.LogLines;
import io.camelody.testkit.SmallDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jaudiotagger.audio.AudioFileIO;
import org.jaudiotagger.audio.mp3.MP3File;
import org.jaudiotagger.tag.FieldKey;
import org.jaudiotagger.tag.Tag;
import org.jaudiotagger.tag.wav.WavTag;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the sinks get of a clip that was fetched. */
final class FinishTest {

    private static final String LYRICS = "Erste Zeile\nzweite \u00e4\u97f3\n".repeat(40);

    private static final ClipWords WORDS = new ClipWords(
            "s1",
            "foxai",
            Optional.of("v4.5-all"),
            Optional.of("T\u00e4ngo \ud83c\udfb5"),
            Optional.of("nu tango, slow"),
            Optional.of(LYRICS),
            Optional.of("A song\nabout rain"),
            "2026-11-20");

    /** Of a disk: what is smaller takes as much. */
    private static final int PAGE = 4096;

    @TempDir
    Path folder;

    private Path cover;

    @BeforeEach
    void cover() throws IOException {
        byte[] png = join(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}, new byte[3000]);
        cover = Files.write(folder.resolve("clip-1.png"), png);
    }

    static Stream<Arguments> taggable() {
        return Stream.of(
                Arguments.of("mp3", mp3(2, false)),
                Arguments.of("mp3", mp3(2, true)),
                Arguments.of("mp3", join(id3(0), mp3(1, false))),
                Arguments.of(
                        "mp3",
                        join(mp3(1, false), "TAGold title".getBytes(StandardCharsets.ISO_8859_1), new byte[116])),
                Arguments.of("wav", wav(2)),
                Arguments.of("wav", withInfo(wav(2))),
                Arguments.of("flac", fixture("two-seconds.flac")),
                Arguments.of("ogg", fixture("two-seconds-vorbis.ogg")),
                Arguments.of("m4a", fixture("two-seconds.m4a")));
    }

    @ParameterizedTest
    @MethodSource("taggable")
    void aClipSaysWhatItIsAndSoundsAsItDid(String suffix, byte[] audio) throws Exception {
        AudioFile finished = finish(suffix, audio);

        Path original = Files.write(folder.resolve("original"), audio);
        assertThat(Sound.isSame(original, finished.file())).isTrue();
        assertThat(namesIn(folder)).containsExactlyInAnyOrder("clip-1." + suffix, "clip-1.png", "original");
        Tag tag = AudioFileIO.read(finished.file().toFile()).getTag();
        if (tag instanceof WavTag wav) {
            assertThat(wav.getInfoTag().getFirst(FieldKey.TITLE)).isEqualTo("T\u00e4ngo \ud83c\udfb5");
            tag = wav.getID3Tag();
        }
        assertThat(tag.getFirst(FieldKey.TITLE)).isEqualTo("T\u00e4ngo \ud83c\udfb5");
        assertThat(tag.getFirst(FieldKey.GENRE)).isEqualTo("nu tango, slow");
        assertThat(tag.getFirst(FieldKey.COMMENT)).isEqualTo("A song\nabout rain");
        assertThat(tag.getFirst(FieldKey.LYRICS).strip()).isEqualTo(LYRICS.strip());
        assertThat(tag.getFirstArtwork().getBinaryData()).isEqualTo(Files.readAllBytes(cover));
        assertThat(own(tag)).contains("s1", "foxai", "v4.5-all");
    }

    @Test
    void anMp3HasId3OfVersion24() throws Exception {
        AudioFile finished = finish("mp3", mp3(1, false));

        MP3File mp3 = (MP3File) AudioFileIO.read(finished.file().toFile());
        assertThat(mp3.getID3v2Tag().getIdentifier()).isEqualTo("ID3v2.40");
        assertThat(mp3.getID3v2Tag().hasFrame("USLT")).isTrue();
    }

    /** Of a copy as well as of a part whose start was replaced before its end was reached. */
    @ParameterizedTest
    @MethodSource("taggable")
    void aRetryInTheMiddleGivesTheSameFile(String suffix, byte[] audio) throws IOException {
        byte[] first = Files.readAllBytes(finish(suffix, audio).file());
        Files.write(folder.resolve("clip-1.part"), Sounds.firstPart(first, 0.5));
        Files.write(folder.resolve(".clip-1.part." + suffix), Sounds.firstPart(first, 0.5));

        byte[] second = Files.readAllBytes(finish(suffix, audio).file());

        assertThat(second).isEqualTo(first);
    }

    /** Its sound is longer than what is moved at once, and the new tags longer and shorter than that. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3_000, 90_000, 300_000})
    void theSoundOfAnMp3IsMovedWhole(int imageBytes) throws IOException {
        byte[] audio = join(id3(40_000), mp3(60, false));
        cover = Files.write(cover, Arrays.copyOf(Files.readAllBytes(cover), Math.max(8, imageBytes)));

        AudioFile finished = finish("mp3", audio);

        Path original = Files.write(folder.resolve("original"), audio);
        assertThat(Sound.isSame(original, finished.file())).isTrue();
        assertThat(AudioFile.inspect(finished.file()).seconds())
                .isEqualTo(AudioFile.inspect(original).seconds());
    }

    /** What has other bytes than its origin is never continued, should the process die in it. */
    @Test
    void aPartHasNoOriginFromItsFirstOtherByteOn() throws IOException {
        byte[] audio = mp3(60, false);
        Path path = folder.resolve("clip-1.part");
        try (PartFile part = new PartFile(path)) {
            part.begin(Optional.of(new Origin("http://host/song", "\"1\"", audio.length)));
            part.write(ByteBuffer.wrap(audio));
            part.finish();

            new Finish(true, new FileNames("clip-{n}")).finish(part, AudioType.MP3, WORDS, Optional.of(cover));

            assertThat(namesIn(folder)).containsExactlyInAnyOrder("clip-1.part", "clip-1.png");
            part.keep();
        }
        assertThat(path).doesNotExist();
    }

    static Stream<Arguments> untaggable() {
        return Stream.of(
                Arguments.of("ogg", fixture("two-seconds-opus.ogg")),
                Arguments.of("m4a", fixture("fragmented.m4a")),
                Arguments.of("wav", join(new byte[] {'R', 'F', '6', '4'}, rest(wav(1)))),
                Arguments.of("mp3", join(id3(17 << 20), mp3(1, false))),
                Arguments.of("m4a", join(fixture("two-seconds.m4a"), nested(6))));
    }

    @ParameterizedTest
    @MethodSource("untaggable")
    void aClipThatCannotBeTaggedIsDeliveredAsItCameWithOneWarning(String suffix, byte[] audio) throws IOException {
        try (LogLines log = new LogLines()) {
            AudioFile finished = finish(suffix, audio);

            assertThat(finished.file()).hasBinaryContent(audio);
            assertThat(namesIn(folder)).containsExactlyInAnyOrder("clip-1." + suffix, "clip-1.png");
            assertThat(log.with("")).singleElement().asString().contains("WARN", "without tags", "song: s1");
        }
    }

    /** The library says of it what it says of a clip that cannot be tagged. */
    @ParameterizedTest
    @ValueSource(strings = {"mp3", "wav", "flac"})
    void aFullDiskLeavesTheClipForTheNextTry(String suffix) throws IOException {
        byte[] audio =
                suffix.equals("mp3") ? mp3(2, false) : suffix.equals("wav") ? wav(2) : fixture("two-seconds.flac");
        Path large = Files.write(folder.resolve("large.png"), Arrays.copyOf(Files.readAllBytes(cover), 100_000));
        try (SmallDisk disk = SmallDisk.over(folder, 2)) {
            Path small = disk.from(folder);
            try (PartFile part = part(small, audio)) {
                part.written();
                Finish finish = new Finish(true, new FileNames("clip-{n}"));
                disk.fillBut(PAGE);

                assertThatThrownBy(() -> finish.finish(part, type(suffix), WORDS, Optional.of(large)))
                        .isInstanceOf(BrokenDownloadException.class);

                assertThat(part.path()).hasBinaryContent(audio);
                disk.makeRoom();
                assertThat(namesIn(small)).containsExactly("clip-1.part");
                finish.finish(part, type(suffix), WORDS, Optional.of(large));
                assertThat(Files.size(part.path())).isGreaterThan(audio.length + 50_000);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("taggable")
    void anInterruptDestroysNothing(String suffix, byte[] audio) throws IOException {
        try (PartFile part = part(folder, audio)) {
            Thread.currentThread().interrupt();
            Throwable broken = catchThrowable(() ->
                    new Finish(true, new FileNames("clip-{n}")).finish(part, type(suffix), WORDS, Optional.of(cover)));

            assertThat(Thread.interrupted()).isTrue();
            Path original = Files.write(folder.resolve("original"), audio);
            assertThat(Sound.isSame(original, part.written())).isTrue();
            if (broken != null) {
                assertThat(broken).isInstanceOf(BrokenDownloadException.class);
                assertThat(part.written()).hasBinaryContent(audio);
            }
        }
    }

    @Test
    void withTagsOffTheFileIsWhatTheVendorHas() throws IOException {
        byte[] audio = mp3(1, false);

        try (PartFile part = part(folder, audio)) {
            new Finish(false, new FileNames("clip-{n}")).finish(part, AudioType.MP3, WORDS, Optional.of(cover));

            assertThat(part.written()).hasBinaryContent(audio);
        }
    }

    private AudioFile finish(String suffix, byte[] audio) throws IOException {
        try (PartFile part = part(folder, audio)) {
            new Finish(true, new FileNames("clip-{n}")).finish(part, type(suffix), WORDS, Optional.of(cover));
            part.renameTo(folder.resolve("clip-1." + suffix));
        }
        return AudioFile.inspect(folder.resolve("clip-1." + suffix));
    }

    /** As it has come, and been looked into. */
    private static PartFile part(Path folder, byte[] audio) throws IOException {
        PartFile part = new PartFile(folder.resolve("clip-1.part"));
        part.begin(Optional.empty());
        part.write(ByteBuffer.wrap(audio));
        part.finish();
        return part;
    }

    private static AudioType type(String suffix) {
        return Stream.of(AudioType.values())
                .filter(type -> type.suffix().equals(suffix))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String own(Tag tag) {
        return Stream.of("TXXX", "CAMELODY_SONG", "CAMELODY_VENDOR", "CAMELODY_MODEL")
                .flatMap(name -> Stream.of(name, "----:com.apple.iTunes:" + name))
                .flatMap(name -> tag.getFields(name).stream())
                .map(Object::toString)
                .toList()
                .toString();
    }

    /** As ffmpeg writes it: INFO with the program's name before the sound. */
    private static byte[] withInfo(byte[] wav) {
        byte[] list = "LIST\26\0\0\0INFOISFT\12\0\0\0Lavf60.16\0".getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = join(Arrays.copyOf(wav, 36), list, Arrays.copyOfRange(wav, 36, wav.length));
        ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putInt(4, all.length - 8);
        return all;
    }

    /** A second movie of boxes in one another. */
    private static byte[] nested(int depth) {
        ByteBuffer boxes = ByteBuffer.allocate(8 * depth);
        for (int i = 0; i < depth; i++) {
            boxes.putInt(8 * (depth - i)).put((i == 0 ? "moov" : "trak").getBytes(StandardCharsets.US_ASCII));
        }
        return boxes.array();
    }

    private static byte[] rest(byte[] wav) {
        return Arrays.copyOfRange(wav, 4, wav.length);
    }
}
