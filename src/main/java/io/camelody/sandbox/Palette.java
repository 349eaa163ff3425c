package io.camelody.sandbox;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The cells of one voice (an instrument in a key, a scale and a tempo): two beats of bass, chord and melody each,
 * rendered and encoded once. Songs are sequences of cells, so a song costs no more than a list.
 *
 * <p>There are {@link #VOICES} voices in two formats, about 20 MB if all are in use, and never more. Thread-safe.
 */
final class Palette {

    static final int VARIANTS = 4;
    static final int VOICES = Synth.INSTRUMENTS * VARIANTS;
    static final int CHORDS = 4;
    static final int PATTERNS = 4;
    static final int ENDING = CHORDS * PATTERNS;
    static final int SILENCE = ENDING + 1;

    enum Format {
        MP3,
        WAV
    }

    /** Sound, with the place where each frame ends. */
    record Cell(byte[] bytes, int[] frameEnds) {

        Blob.Piece first(int frames) {
            return new Blob.Piece(bytes, frames == 0 ? 0 : frameEnds[frames - 1]);
        }
    }

    private static final int[][] SCALES = {{0, 2, 4, 5, 7, 9, 11}, {0, 2, 3, 5, 7, 8, 10}, {0, 2, 3, 5, 7, 9, 10}};
    /** The root of each chord as a degree of the scale. */
    private static final int[] ROOTS = {0, 3, 4, 5};
    /** Melodies: steps above the chord's root, each an eighth; -1 rests. */
    private static final int[][] MELODIES = {{4, -1, 2, 4}, {0, 2, 4, 7}, {7, 6, 4, 2}, {2, -1, -1, 0}};

    private static final Slot[] SLOTS = new Slot[VOICES * Format.values().length];

    static {
        Arrays.setAll(SLOTS, i -> new Slot());
    }

    /** A lock of its own for each palette: one that is being made holds up nobody else. */
    private static final class Slot {
        private Palette palette;

        synchronized Palette palette(int voice, Format format) {
            if (palette == null) {
                palette = new Palette(voice, format);
            }
            return palette;
        }
    }

    private final int cellFrames;
    private final List<Cell> cells;

    static Palette of(int voice, Format format) {
        return SLOTS[voice * Format.values().length + format.ordinal()].palette(voice, format);
    }

    private Palette(int voice, Format format) {
        long hash = Hash.mix(voice);
        int root = 50 + voice * 5 % 12;
        int[] scale = SCALES[Hash.below(hash, SCALES.length)];
        int tempo = 92 + 12 * (voice % VARIANTS);
        cellFrames = (int) Math.round(120.0 / tempo * Mp3Encoder.RATE / Mp3Encoder.FRAME_SAMPLES);
        int cellSamples = cellFrames * Mp3Encoder.FRAME_SAMPLES;
        var synth = new Synth(voice / VARIANTS);
        short[] sound = new short[(SILENCE + 1) * cellSamples];
        for (int cell = 0; cell < SILENCE; cell++) {
            float[] mix = new float[cellSamples];
            draw(synth, mix, root, scale, cell);
            for (int i = 0; i < cellSamples; i++) {
                sound[cell * cellSamples + i] = (short) (Math.tanh(mix[i]) * 30_000);
            }
        }
        cells = format == Format.MP3 ? mp3(sound) : wav(sound);
    }

    int cellFrames() {
        return cellFrames;
    }

    Cell cell(int number) {
        return cells.get(number);
    }

    private static void draw(Synth synth, float[] mix, int root, int[] scale, int cell) {
        int degree = cell == ENDING ? 0 : ROOTS[cell / PATTERNS];
        // the encoder smears a sound over two frames: a cell that is silent there can stand beside any other
        int room = mix.length - 2 * Mp3Encoder.FRAME_SAMPLES;
        boolean ending = cell == ENDING;
        int strikes = ending ? 1 : 2;
        for (int strike = 0; strike < strikes; strike++) {
            int from = room * strike / strikes;
            synth.note(mix, pitch(root - 12, scale, degree), .4, from, room / strikes);
            for (int tone = 0; tone <= 4; tone += 2) {
                synth.note(mix, pitch(root, scale, degree + tone), .16, from, room / strikes);
            }
        }
        int[] melody = ending ? new int[] {7} : MELODIES[cell % PATTERNS];
        for (int i = 0; i < melody.length; i++) {
            if (melody[i] >= 0) {
                int from = room * i / melody.length;
                synth.note(mix, pitch(root + 12, scale, degree + melody[i]), .45, from, room / melody.length);
            }
        }
    }

    private static int pitch(int root, int[] scale, int degree) {
        return root + degree / scale.length * 12 + scale[degree % scale.length];
    }

    private List<Cell> mp3(short[] sound) {
        List<byte[]> frames = Mp3Encoder.frames(sound);
        var made = new ArrayList<Cell>();
        for (int cell = 0; cell <= SILENCE; cell++) {
            var bytes = new ByteArrayOutputStream();
            int[] ends = new int[cellFrames];
            for (int i = 0; i < cellFrames; i++) {
                // the sound of a cell begins late in the frame after its own
                bytes.writeBytes(frames.get(cell * cellFrames + i + 1));
                ends[i] = bytes.size();
            }
            made.add(new Cell(bytes.toByteArray(), ends));
        }
        return made;
    }

    private List<Cell> wav(short[] sound) {
        int frameBytes = Mp3Encoder.FRAME_SAMPLES * 2;
        int[] ends = new int[cellFrames];
        Arrays.setAll(ends, i -> (i + 1) * frameBytes);
        var made = new ArrayList<Cell>();
        for (int cell = 0; cell <= SILENCE; cell++) {
            byte[] bytes = new byte[cellFrames * frameBytes];
            for (int i = 0; i < bytes.length / 2; i++) {
                short sample = sound[cell * bytes.length / 2 + i];
                bytes[2 * i] = (byte) sample;
                bytes[2 * i + 1] = (byte) (sample >> 8);
            }
            made.add(new Cell(bytes, ends));
        }
        return made;
    }
}
