package io.camelody.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * FoxAI whose tasks have ended at once, and the host of their clips: of the type and size that the topic asks for, such as
 * {@code wav 2000000000}. They come out of memory as fast as they are taken, and are silent.
 */
final class ClipHost {

    private static final Pattern TOPIC = Pattern.compile("\"topic\":\"(mp3|wav|m4a) (\\d+)");
    private static final Pattern CLIP = Pattern.compile("/clip/(mp3|wav|m4a)-(\\d+)-\\d+");
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)");
    private static final int FRAME = 104;
    private static final int MANY = 1 << 18;

    private final ServerSocket server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    private final AtomicInteger tasks = new AtomicInteger();
    private long firstAt;
    private long lastAt;
    private long bytes;

    private ClipHost() throws IOException {}

    /** Says its port. */
    public static void main(String[] arguments) throws IOException {
        ClipHost host = new ClipHost();
        System.out.println("port " + host.server.getLocalPort());
        while (true) {
            Socket caller = host.server.accept();
            new Thread(() -> host.serve(caller)).start();
        }
    }

    private void serve(Socket caller) {
        try (caller;
                InputStream in = new BufferedInputStream(caller.getInputStream())) {
            String head = head(in);
            Matcher length = LENGTH.matcher(head);
            String body = length.find()
                    ? new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8)
                    : "";
            answer(caller.getOutputStream(), head.split(" ", 3)[1], body);
        } catch (IOException e) {
            System.err.println(e);
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            head.append((char) c);
            if (c == '\n' && head.indexOf("\r\n\r\n") >= 0) {
                break;
            }
        }
        return head.toString();
    }

    private void answer(OutputStream out, String path, String body) throws IOException {
        Matcher clip = CLIP.matcher(path);
        Matcher topic = TOPIC.matcher(body);
        if (clip.matches()) {
            clip(out, clip.group(1), Long.parseLong(clip.group(2)));
        } else if (path.equals("/figures")) {
            say(out, figures());
        } else if (topic.find()) {
            say(
                    out,
                    "{\"success\":true,\"task_id\":\"%s-%s-%d\"}"
                            .formatted(topic.group(1), topic.group(2), tasks.incrementAndGet()));
        } else if (path.contains("?ids=")) {
            StringBuilder json = new StringBuilder();
            for (String id : path.substring(path.indexOf('=') + 1).split(",|%2C")) {
                json.append(json.length() == 0 ? "[" : ",")
                        .append(
                                "{\"status\":\"completed\",\"task_id\":\"%1$s\",\"data\":[{\"id\":\"clip-%1$s\",\"status\":\"complete\",\"audio_url\":\"http://127.0.0.1:%2$d/clip/%1$s\"}]}"
                                        .formatted(id, server.getLocalPort()));
            }
            say(out, json.append("]").toString());
        } else {
            out.write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".getBytes());
        }
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                        + text.length() + "\r\n\r\n" + text)
                .getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Nanoseconds from the first request for a clip to the last byte that was taken, and how many bytes; from here on anew. */
    private synchronized String figures() {
        String figures = (lastAt - firstAt) + " " + bytes;
        firstAt = 0;
        bytes = 0;
        return figures;
    }

    private void clip(OutputStream out, String type, long about) throws IOException {
        byte[] first = new byte[0];
        byte[] last = new byte[0];
        byte[] block = new byte[FRAME * (MANY / FRAME)];
        long filled = about;
        if (type.equals("mp3")) {
            filled -= about % FRAME;
            for (int at = 0; at < block.length; at += FRAME) {
                System.arraycopy(new byte[] {(byte) 0xff, (byte) 0xfb, 0x10, (byte) 0xc4}, 0, block, at, 4);
            }
        } else if (type.equals("wav")) {
            filled -= about % 4;
            first = wavHeader(filled);
        } else {
            byte[] song =
                    ClipHost.class.getResourceAsStream("/audio/two-seconds.m4a").readAllBytes();
            int end = growMedia(song, about);
            first = Arrays.copyOf(song, end);
            last = Arrays.copyOfRange(song, end, song.length);
        }
        synchronized (this) {
            firstAt = firstAt == 0 ? System.nanoTime() : firstAt;
        }
        long length = first.length + filled + last.length;
        out.write(("HTTP/1.1 200 OK\r\nContent-Type: audio/" + type
                        + "\r\nETag: \"it\"\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        out.write(first);
        for (long left = filled; left > 0; left -= block.length) {
            out.write(block, 0, (int) Math.min(block.length, left));
        }
        out.write(last);
        synchronized (this) {
            lastAt = System.nanoTime();
            bytes += length;
        }
    }

    private static byte[] wavHeader(long bytes) {
        return ByteBuffer.allocate(44)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.ISO_8859_1))
                .putInt((int) (36 + bytes))
                .put("WAVEfmt ".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(16)
                .putShort((short) 1)
                .putShort((short) 2)
                .putInt(44_100)
                .putInt(44_100 * 4)
                .putShort((short) 4)
                .putShort((short) 16)
                .put("data".getBytes(StandardCharsets.ISO_8859_1))
                .putInt((int) bytes)
                .array();
    }

    /** @return where the media end: there so many bytes are to be put in, which its box has been told of */
    private static int growMedia(byte[] song, long by) {
        ByteBuffer boxes = ByteBuffer.wrap(song);
        int at = 0;
        while (boxes.getInt(at + 4)
                != ByteBuffer.wrap("mdat".getBytes(StandardCharsets.ISO_8859_1)).getInt()) {
            at += boxes.getInt(at);
        }
        int size = boxes.getInt(at);
        boxes.putInt(at, (int) (size + by));
        return at + size;
    }
}
