package io.camelody.sandbox;

import de.sciss.jump3r.mp3.BitStream;
import de.sciss.jump3r.mp3.GainAnalysis;
import de.sciss.jump3r.mp3.ID3Tag;
import de.sciss.jump3r.mp3.Lame;
import de.sciss.jump3r.mp3.LameGlobalFlags;
import de.sciss.jump3r.mp3.MPEGMode;
import de.sciss.jump3r.mp3.Presets;
import de.sciss.jump3r.mp3.Quantize;
import de.sciss.jump3r.mp3.QuantizePVT;
import de.sciss.jump3r.mp3.Reservoir;
import de.sciss.jump3r.mp3.Takehiro;
import de.sciss.jump3r.mp3.VBRTag;
import de.sciss.jump3r.mp3.Version;
import de.sciss.jump3r.mpg.MPGLib;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Samples to MP3 frames that stand on their own: constant bit rate and no bit reservoir, so that frames of one encoding
 * can be put together in any order. Mono, 22,050 Hz, 64 kbit/s.
 */
final class Mp3Encoder {

    static final int RATE = 22_050;
    static final int FRAME_SAMPLES = 576;
    static final int KILOBITS = 64;

    private final Lame lame = new Lame();
    private final LameGlobalFlags flags;

    private Mp3Encoder() {
        var gain = new GainAnalysis();
        var bits = new BitStream();
        var presets = new Presets();
        var tables = new QuantizePVT();
        var quantize = new Quantize();
        var vbr = new VBRTag();
        var version = new Version();
        var id3 = new ID3Tag();
        var reservoir = new Reservoir();
        var huffman = new Takehiro();
        var decoder = new MPGLib();
        lame.setModules(gain, bits, presets, tables, quantize, vbr, version, id3, decoder);
        bits.setModules(gain, decoder, version, vbr);
        id3.setModules(bits, version);
        presets.setModules(lame);
        quantize.setModules(bits, reservoir, tables, huffman);
        tables.setModules(huffman, reservoir, lame.enc.psy);
        reservoir.setModules(bits);
        huffman.setModules(tables);
        vbr.setModules(lame, bits, version);

        flags = lame.lame_init();
        flags.num_channels = 1;
        flags.mode = MPEGMode.MONO;
        flags.in_samplerate = RATE;
        flags.out_samplerate = RATE;
        flags.brate = KILOBITS;
        // the quickest: nobody listens for the encoder
        flags.quality = 9;
        flags.disable_reservoir = true;
        flags.bWriteVbrTag = false;
        flags.write_id3tag_automatic = false;
        if (lame.lame_init_params(flags) < 0) {
            throw new IllegalStateException("The MP3 encoder refused its settings");
        }
    }

    /** The frames of these samples; the sound of a frame's samples begins about two frames later. */
    static List<byte[]> frames(short[] samples) {
        var encoder = new Mp3Encoder();
        int[] wide = new int[samples.length];
        for (int i = 0; i < samples.length; i++) {
            wide[i] = samples[i] << 16;
        }
        byte[] out = new byte[samples.length * 2 + 16_384];
        int length = encoder.lame.lame_encode_buffer_int(encoder.flags, wide, wide, wide.length, out, 0, out.length);
        length += encoder.lame.lame_encode_flush(encoder.flags, out, length, out.length - length);
        return split(out, length);
    }

    private static List<byte[]> split(byte[] out, int length) {
        var frames = new ArrayList<byte[]>();
        for (int at = 0; at + 4 <= length; ) {
            int padding = (out[at + 2] >> 1) & 1;
            int size = 72 * KILOBITS * 1000 / RATE + padding;
            frames.add(Arrays.copyOfRange(out, at, at + size));
            at += size;
        }
        return frames;
    }
}
