package io.camelody.audio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import de.sciss.jump3r.lowlevel.LameEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import javax.sound.sampled.AudioFormat;

/** Small audio files, made here or, for what Java cannot encode, fixtures of two seconds. */
final class Sounds {

    static final int WAV_HEADER = 44;
    private static final int HERTZ = 8000;

    private Sounds() {}

    static byte[] fixture(String name) {
        try (InputStream in = Sounds.class.getResourceAsStream("/audio/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] wav(double seconds) {
        byte[] pcm = sine(HERTZ, seconds);
        return join(wavHeader(pcm.length), pcm);
    }

    static byte[] wavHeader(long dataSize) {
        return ByteBuffer.allocate(WAV_HEADER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(ISO_8859_1))
                .putInt((int) (36 + dataSize))
                .put("WAVEfmt ".getBytes(ISO_8859_1))
                .putInt(16)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(HERTZ)
                .putInt(HERTZ * 2)
                .putShort((short) 2)
                .putShort((short) 16)
                .put("data".getBytes(ISO_8859_1))
                .putInt((int) dataSize)
                .array();
    }

    /** A sine, as LAME encodes it; a variable bit rate comes with a Xing header. */
    static byte[] mp3(double seconds, boolean variableBitRate) {
        AudioFormat format = new AudioFormat(44_100, 16, 1, true, false);
        LameEncoder lame = new LameEncoder(format, 64, LameEncoder.CHANNEL_MODE_MONO, 7, variableBitRate);
        byte[] pcm = sine(44_100, seconds);
        byte[] buffer = new byte[lame.getPCMBufferSize()];
        ByteArrayOutputStream mp3 = new ByteArrayOutputStream();
        for (int from = 0; from < pcm.length; from += buffer.length) {
            int some = Math.min(buffer.length, pcm.length - from);
            mp3.write(buffer, 0, lame.encodeBuffer(pcm, from, some, buffer));
        }
        mp3.write(buffer, 0, lame.encodeFinish(buffer));
        return mp3.toByteArray();
    }

    /** So many silent frames of 1152 samples at 44.1 kHz and 32 kbit/s: 26 ms and 104 bytes each. */
    static byte[] frames(int count) {
        byte[] frames = new byte[104 * count];
        for (int i = 0; i < count; i++) {
            System.arraycopy(new byte[] {(byte) 0xff, (byte) 0xfb, 0x10, (byte) 0xc4}, 0, frames, 104 * i, 4);
        }
        return frames;
    }

    static byte[] framesOf(double seconds) {
        return frames((int) Math.round(seconds * 44_100 / 1152));
    }

    /** An ID3v2 tag with so many bytes of picture. */
    static byte[] id3(int bytes) {
        byte[] tag = new byte[10 + bytes];
        Arrays.fill(tag, (byte) 0xff);
        byte[] size = {
            (byte) (bytes >> 21 & 0x7f), (byte) (bytes >> 14 & 0x7f), (byte) (bytes >> 7 & 0x7f), (byte) (bytes & 0x7f)
        };
        System.arraycopy(new byte[] {'I', 'D', '3', 4, 0, 0}, 0, tag, 0, 6);
        System.arraycopy(size, 0, tag, 6, 4);
        return tag;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] firstPart(byte[] all, double part) {
        return Arrays.copyOf(all, (int) (all.length * part));
    }

    private static byte[] sine(int hertz, double seconds) {
        ByteBuffer pcm = ByteBuffer.allocate((int) (hertz * seconds) * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; pcm.hasRemaining(); i++) {
            pcm.putShort((short) (10_000 * Math.sin(2 * Math.PI * 440 * i / hertz)));
        }
        return pcm.array();
    }
}
