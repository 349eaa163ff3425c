package io.camelody.audio;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the sound of an M4A is made of: its media and its tracks. Where the chunks of a track begin is written from the
 * beginning of the file, so it is counted from the media that they lie in.
 */
final class M4aSound {

    private static final Set<String> CONTAINERS = Set.of("moov", "trak", "mdia", "minf", "stbl");

    /** As deep as one has to look: stbl, in the four others. */
    private static final int DEEPEST = 5;

    /** Whoever writes tags reads it into memory. That of an hour of sound has some hundred kilobytes. */
    private static final long LARGEST_MOVIE = 16 << 20;

    private record Box(String type, long from, long content, long to) {}

    private final FileBytes file;
    private final Sound sound = new Sound();
    private final List<Box> media = new ArrayList<>();

    private M4aSound(FileBytes file) {
        this.file = file;
    }

    /** @throws UnplayableException if it is made of fragments, is cut, or is built as no M4A is */
    static Sound of(FileBytes file) throws IOException {
        M4aSound m4a = new M4aSound(file);
        List<Box> boxes = m4a.boxes(0, file.length());
        boxes.stream().filter(box -> box.type.equals("mdat")).forEach(m4a.media::add);
        for (Box box : boxes) {
            switch (box.type) {
                case "moof" -> throw new UnplayableException("it is made of fragments");
                case "mdat" -> m4a.sound.part(box.content, box.to);
                case "moov" -> m4a.tracks(box);
                default -> {}
            }
        }
        return m4a.sound;
    }

    private void tracks(Box movie) throws IOException {
        if (movie.to - movie.from > LARGEST_MOVIE) {
            throw new UnplayableException("its header has %d bytes".formatted(movie.to - movie.from));
        }
        for (Box box : boxes(movie.content, movie.to)) {
            if (box.type.equals("mvhd")) {
                sound.part(box.content, box.to);
            } else if (box.type.equals("trak")) {
                within(box, 2);
            }
        }
    }

    private void within(Box box, int depth) throws IOException {
        if (CONTAINERS.contains(box.type)) {
            if (depth > DEEPEST) {
                throw new UnplayableException("its boxes lie in one another too deeply");
            }
            for (Box inner : boxes(box.content, box.to)) {
                within(inner, depth + 1);
            }
        } else if (box.type.equals("stco") || box.type.equals("co64")) {
            int width = box.type.equals("stco") ? 4 : 8;
            for (long at = box.content + 8; at + width <= box.to; at += width) {
                sound.number(withinMedia(file.bigEndian(at, width)));
            }
        } else {
            sound.part(box.from, box.to);
        }
    }

    private long withinMedia(long position) throws IOException {
        long before = 0;
        for (Box box : media) {
            if (position >= box.content && position <= box.to) {
                return before + position - box.content;
            }
            before += box.to - box.content;
        }
        throw new UnplayableException("its tracks lead outside of its media");
    }

    private List<Box> boxes(long from, long to) throws IOException {
        List<Box> boxes = new ArrayList<>();
        long at = from;
        while (at + 8 <= to) {
            long size = file.bigEndian(at, 4);
            int head = size == 1 ? 16 : 8;
            long bytes = size == 1 ? file.bigEndian(at + 8, 8) : size == 0 ? to - at : size;
            if (bytes < head || bytes > to - at) {
                throw new UnplayableException("it ends inside a box");
            }
            boxes.add(new Box(file.text(at + 4, 4), at, at + head, at + bytes));
            at += bytes;
        }
        return boxes;
    }
}
