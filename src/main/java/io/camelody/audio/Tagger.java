package io.camelody.audio;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jaudiotagger.audio.AudioFile;
import org.jaudiotagger.audio.AudioFileIO;
import org.jaudiotagger.tag.FieldDataInvalidException;
import org.jaudiotagger.tag.FieldKey;
import org.jaudiotagger.tag.Tag;
import org.jaudiotagger.tag.TagException;
import org.jaudiotagger.tag.TagField;
import org.jaudiotagger.tag.flac.FlacTag;
import org.jaudiotagger.tag.id3.AbstractTag;
import org.jaudiotagger.tag.id3.ID3v22Tag;
import org.jaudiotagger.tag.id3.ID3v23Tag;
import org.jaudiotagger.tag.id3.ID3v24Frame;
import org.jaudiotagger.tag.id3.ID3v24Tag;
import org.jaudiotagger.tag.id3.framebody.FrameBodyTXXX;
import org.jaudiotagger.tag.id3.valuepair.TextEncoding;
import org.jaudiotagger.tag.images.Artwork;
import org.jaudiotagger.tag.images.StandardArtwork;
import org.jaudiotagger.tag.mp4.Mp4Tag;
import org.jaudiotagger.tag.mp4.field.Mp4TagReverseDnsField;
import org.jaudiotagger.tag.reference.PictureTypes;
import org.jaudiotagger.tag.vorbiscomment.VorbisCommentTag;
import org.jaudiotagger.tag.wav.WavInfoTag;
import org.jaudiotagger.tag.wav.WavTag;

/**
 * Writes what is said about a clip into its file: ID3v2.4 into MP3, ID3v2.4 and INFO into WAV, Vorbis comments into FLAC and
 * Ogg Vorbis, iTunes' atoms into M4A. What tags are there already, the vendor's, stay beside it; of an MP3 those of the ID3v2 that it begins with,
 * and the ID3v1 or APE behind its sound, but not a second ID3v2 or an APE between.
 *
 * <p>An MP3's tags stand before its sound, and are given as bytes. Any other file is changed in place, so it is a copy of one
 * that is still there. Memory does not grow with it. What cannot be tagged (Opus, WAV above 4 GB, M4A in fragments, whatever is odd) is an {@link IOException}, and the file is of no use then.
 */
final class Tagger {

    /** Nobody's own level is touched: only a library that would write to the error stream by itself is kept from it. */
    private static final Logger LIBRARY = Logger.getLogger("org.jaudiotagger");

    static {
        if (LIBRARY.getLevel() == null) {
            LIBRARY.setLevel(Level.OFF);
        }
    }

    /** A FLAC's picture may have 16 MB, and nobody's cover has. */
    private static final long LARGEST_COVER = 8 << 20;

    private Tagger() {}

    /** @param cover an image; left out where the format or its size does not allow it */
    static void write(Path file, AudioType type, ClipWords words, Optional<Path> cover) throws IOException {
        orUntaggable(() -> {
            AudioFileIO io = new AudioFileIO();
            AudioFile audio = io.readFile(file.toFile());
            fill(whole(audio, words), type, words, cover);
            io.writeFile(audio, null);
            return null;
        });
    }

    /**
     * The same as the ID3v2.4 that an MP3 is to begin with.
     *
     * @param start what stands before its first frame: tags, or nothing
     * @return at least as many bytes
     */
    static byte[] id3(byte[] start, ClipWords words, Optional<Path> cover) throws IOException {
        return orUntaggable(() -> {
            ID3v24Tag tag = read(start);
            fill(tag, AudioType.MP3, words, cover);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            tag.write(bytes, start.length);
            if (bytes.size() < start.length) {
                // an estate may have told the library to leave nothing free
                throw new IOException("Its tags came out shorter than those that it has.");
            }
            return bytes.toByteArray();
        });
    }

    private interface Tagging<T> {
        T tag() throws Exception;
    }

    private static <T> T orUntaggable(Tagging<T> tagging) throws IOException {
        try {
            return tagging.tag();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("The tags could not be written: " + e.getMessage(), e);
        }
    }

    private static ID3v24Tag read(byte[] start) throws TagException {
        // by the version that follows "ID3"
        int version = start.length > 3 && start[0] == 'I' && start[1] == 'D' && start[2] == '3' ? start[3] : 0;
        return switch (version) {
            case 4 -> new ID3v24Tag(ByteBuffer.wrap(start), "");
            case 3 -> new ID3v24Tag((AbstractTag) new ID3v23Tag(ByteBuffer.wrap(start), ""));
            case 2 -> new ID3v24Tag((AbstractTag) new ID3v22Tag(ByteBuffer.wrap(start), ""));
            default -> new ID3v24Tag();
        };
    }

    private static void fill(Tag tag, AudioType type, ClipWords words, Optional<Path> cover)
            throws FieldDataInvalidException, IOException {
        for (Map.Entry<FieldKey, String> field : standard(words).entrySet()) {
            tag.setField(field.getKey(), field.getValue());
        }
        for (Map.Entry<String, String> field : own(words).entrySet()) {
            setOwn(tag, field.getKey(), field.getValue());
        }
        if (cover.isPresent() && isWelcome(cover.get(), type)) {
            tag.deleteArtworkField();
            tag.setField(artwork(cover.get()));
        }
    }

    /** The tag that has room for everything, set in the file: of a WAV its ID3, beside the INFO that older players read. */
    private static Tag whole(AudioFile audio, ClipWords words) throws TagException {
        Tag tag = audio.getTagOrCreateDefault();
        audio.setTag(tag);
        if (!(tag instanceof WavTag wav)) {
            return tag;
        }
        WavInfoTag info = wav.isExistingInfoTag() ? wav.getInfoTag() : new WavInfoTag();
        for (Map.Entry<FieldKey, String> field : standard(words).entrySet()) {
            if (field.getKey() != FieldKey.LYRICS) {
                info.setField(field.getKey(), field.getValue());
            }
        }
        ID3v24Tag id3 = wav.isExistingId3Tag() ? new ID3v24Tag(wav.getID3Tag()) : new ID3v24Tag();
        wav.setInfoTag(info);
        wav.setID3Tag(id3);
        return id3;
    }

    private static Map<FieldKey, String> standard(ClipWords words) {
        Map<FieldKey, String> fields = new LinkedHashMap<>();
        words.title().ifPresent(title -> fields.put(FieldKey.TITLE, plain(title)));
        words.style().ifPresent(style -> fields.put(FieldKey.GENRE, plain(style)));
        words.lyrics().ifPresent(lyrics -> fields.put(FieldKey.LYRICS, plain(lyrics)));
        words.prompt().ifPresent(prompt -> fields.put(FieldKey.COMMENT, plain(prompt)));
        return fields;
    }

    private static Map<String, String> own(ClipWords words) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("CAMELODY_SONG", words.songId());
        fields.put("CAMELODY_VENDOR", words.vendor());
        words.model().ifPresent(model -> fields.put("CAMELODY_MODEL", plain(model)));
        return fields;
    }

    /** A zero byte ends a text in ID3, and parts one value from the next. */
    private static String plain(String text) {
        return text.replace("\0", "");
    }

    private static void setOwn(Tag tag, String name, String value) throws FieldDataInvalidException {
        if (tag instanceof Mp4Tag) {
            tag.setField(new Mp4TagReverseDnsField("----:com.apple.iTunes:" + name, "com.apple.iTunes", name, value));
        } else if (tag instanceof FlacTag flac) {
            flac.setField(name, value);
        } else if (tag instanceof VorbisCommentTag comments) {
            comments.setField(name, value);
        } else {
            ID3v24Frame frame = new ID3v24Frame("TXXX");
            frame.setBody(new FrameBodyTXXX(TextEncoding.UTF_8, name, value));
            tag.setField((TagField) frame);
        }
    }

    private static boolean isWelcome(Path cover, AudioType type) throws IOException {
        boolean isWeb = cover.toString().endsWith(".webp") || cover.toString().endsWith(".gif");
        return Files.size(cover) <= LARGEST_COVER && !(type == AudioType.M4A && isWeb);
    }

    private static Artwork artwork(Path cover) throws IOException {
        Artwork artwork = new StandardArtwork() {
            /** Its width and height: the library would decode the picture for them, with AWT. */
            @Override
            public boolean setImageFromData() {
                return true;
            }
        };
        artwork.setBinaryData(Files.readAllBytes(cover));
        artwork.setMimeType(MediaTypes.ofName(cover.getFileName().toString()));
        artwork.setPictureType(PictureTypes.DEFAULT_ID);
        artwork.setDescription("");
        return artwork;
    }
}
