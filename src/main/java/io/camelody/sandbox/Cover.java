package io.camelody.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** A cover picture: a PNG of rings in two colours, drawn from a hash, so that each clip has its own. */
final class Cover {

    private Cover() {}

    static byte[] png(String clipId, int side) {
        long hash = Hash.of(clipId);
        byte[] rows = new byte[side * (1 + side)];
        int centreX = Hash.below(hash >>> 8, side);
        int centreY = Hash.below(hash >>> 24, side);
        int ring = Math.max(2, side / (4 + Hash.below(hash >>> 40, 8)));
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int distance = (int) Math.hypot(x - centreX, y - centreY);
                rows[y * (side + 1) + 1 + x] = (byte) (distance / ring % 4);
            }
        }
        byte[] colours = new byte[12];
        ByteBuffer.wrap(colours).putLong(hash).putInt((int) Hash.mix(hash));

        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        chunk(
                out,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(side)
                        .putInt(side)
                        .put(new byte[] {8, 3, 0, 0, 0})
                        .array());
        chunk(out, "PLTE", colours);
        chunk(out, "IDAT", deflated(rows));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String name, byte[] data) {
        byte[] named = ByteBuffer.allocate(4 + data.length)
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .array();
        var crc = new CRC32();
        crc.update(named);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(named);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    private static byte[] deflated(byte[] rows) {
        var deflater = new Deflater();
        try {
            deflater.setInput(rows);
            deflater.finish();
            var out = new ByteArrayOutputStream();
            byte[] part = new byte[8192];
            while (!deflater.finished()) {
                out.write(part, 0, deflater.deflate(part));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }
}
