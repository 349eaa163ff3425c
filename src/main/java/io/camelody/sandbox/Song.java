package io.camelody.sandbox;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A piece of music that a person can tell from the next one: the instrument follows the style, the key, the tempo, the
 * chords and the tune follow the clip. The same clip sounds the same each time. Playable, and exactly as long as it
 * says.
 */
final class Song {

    private static final int[][] PROGRESSIONS = {
        {0, 2, 3, 1}, {0, 3, 1, 2}, {3, 1, 0, 2}, {0, 1, 2, 1}, {0, 1, 3, 2}, {3, 2, 1, 2}
    };
    /** Fewer frames are not recognised as an MP3 by some players. */
    private static final int FEWEST_FRAMES = 10;

    private Song() {}

    /** How long a song of about this many bytes of MP3 is, in seconds. */
    static double secondsOf(int bytes) {
        int frames = (int) Math.max(FEWEST_FRAMES, bytes * 1000L / 208_980);
        return Math.round(frames * 100.0 * Mp3Encoder.FRAME_SAMPLES / Mp3Encoder.RATE) / 100.0;
    }

    static Blob mp3(String clipId, String style, String title, double seconds) {
        int frames = (int) Math.max(1, Math.round(seconds * Mp3Encoder.RATE / Mp3Encoder.FRAME_SAMPLES));
        var pieces = new ArrayList<Blob.Piece>();
        byte[] tag = id3(title, clipId);
        pieces.add(new Blob.Piece(tag, tag.length));
        arrange(pieces, clipId, style, Palette.Format.MP3, frames);
        return Blob.of(pieces);
    }

    static Blob wav(String clipId, String style, double seconds) {
        int bytes = 2 * (int) Math.round(seconds * Mp3Encoder.RATE);
        int frames = (bytes / 2 + Mp3Encoder.FRAME_SAMPLES - 1) / Mp3Encoder.FRAME_SAMPLES;
        byte[] header = ByteBuffer.allocate(44)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(36 + bytes)
                .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(16)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(Mp3Encoder.RATE)
                .putInt(Mp3Encoder.RATE * 2)
                .putShort((short) 2)
                .putShort((short) 16)
                .put("data".getBytes(StandardCharsets.US_ASCII))
                .putInt(bytes)
                .array();
        var pieces = new ArrayList<Blob.Piece>();
        pieces.add(new Blob.Piece(header, header.length));
        arrange(pieces, clipId, style, Palette.Format.WAV, frames);
        return Blob.of(pieces).first(44L + bytes);
    }

    private static void arrange(
            List<Blob.Piece> pieces, String clipId, String style, Palette.Format format, int frames) {
        long hash = Hash.of(clipId);
        int instrument = Hash.below(Hash.of(style), Synth.INSTRUMENTS);
        var palette = Palette.of(instrument * Palette.VARIANTS + Hash.below(hash, Palette.VARIANTS), format);
        int[] chords = PROGRESSIONS[Hash.below(Hash.mix(hash), PROGRESSIONS.length)];
        int cells = frames / palette.cellFrames();
        for (int i = 0; i < cells; i++) {
            boolean last = i > 0 && i == cells - 1;
            // eight patterns and again: what comes back is what one remembers
            int pattern = Hash.below(Hash.mix(hash + 1 + i % 8), Palette.PATTERNS);
            int cell = last ? Palette.ENDING : chords[i % chords.length] * Palette.PATTERNS + pattern;
            pieces.add(palette.cell(cell).first(palette.cellFrames()));
        }
        int rest = cells == 0 ? 0 : Palette.SILENCE;
        pieces.add(palette.cell(rest).first(frames % palette.cellFrames()));
    }

    private static byte[] id3(String title, String clipId) {
        byte[] name = frame("TIT2", title.isEmpty() ? "Camelody sandbox" : title);
        byte[] id = frame("TXXX", "clip id\0" + clipId);
        return ByteBuffer.allocate(10 + name.length + id.length)
                .put(new byte[] {'I', 'D', '3', 4, 0, 0})
                .putInt(syncSafe(name.length + id.length))
                .put(name)
                .put(id)
                .array();
    }

    private static byte[] frame(String name, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(11 + text.length)
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .putInt(syncSafe(1 + text.length))
                .putShort((short) 0)
                .put((byte) 3)
                .put(text)
                .array();
    }

    private static int syncSafe(int size) {
        return (size & 0x7f) | (size & 0x3f80) << 1 | (size & 0x1fc000) << 2;
    }
}
