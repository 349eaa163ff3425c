package io.camelody.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.audio.ClipWords;
import io.camelody.ledger.LedgerException;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongCatalog;
import io.camelody.ledger.SongCatalog.Cursor;
import io.camelody.ledger.SongDocument;
import io.camelody.ledger.SongState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URLEncoder;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code index.html} and {@code playlist.m3u8} in the folder of the songs: the clips of a batch that the file sink has, to listen
 * through them. Each comes to its name whole, in place of an earlier one of ours; a file of somebody else's is left alone.
 *
 * <p>They are written once, at the latest on {@link #close}, so that a batch that is interrupted has them too. Nothing depends on
 * them: what goes wrong is logged.
 */
final class BatchPages implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BatchPages.class);

    private static final int PAGE = 50;

    private static final String LIST_BEGINS = "#EXTM3U\n#PLAYLIST:Camelody\n";

    private final SongCatalog catalog;
    private final String batch;
    private final Path folder;
    private boolean tried;
    private Optional<Path> written = Optional.empty();

    BatchPages(SongCatalog catalog, String batch, Path folder) {
        this.catalog = catalog;
        this.batch = batch;
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** @return the page; empty where there is none, since no clip of the batch lies in a folder */
    synchronized Optional<Path> write() {
        if (!tried) {
            tried = true;
            try {
                written = writeBoth();
            } catch (IOException | LedgerException e) {
                LOG.warn("The page to listen through the songs was not written: {} (folder: {})", e.toString(), folder);
            }
        }
        return written;
    }

    @Override
    public void close() {
        write();
    }

    private Optional<Path> writeBoth() throws IOException {
        Path index = folder.resolve("index.html");
        Path list = folder.resolve("playlist.m3u8");
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        for (Path each : List.of(index, list)) {
            if (Files.exists(each) && !isOurs(each)) {
                throw new IOException("%s is not Camelody's.".formatted(each.getFileName()));
            }
        }
        Path indexPart = folder.resolve("index.html.part");
        Path listPart = folder.resolve("playlist.m3u8.part");
        try {
            boolean hasClips;
            try (Writer page = Files.newBufferedWriter(indexPart);
                    Writer playlist = Files.newBufferedWriter(listPart)) {
                hasClips = writeClips(new ListenPage(page, made()), playlist);
            }
            if (!hasClips) {
                return Optional.empty();
            }
            Files.move(listPart, list, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Files.move(indexPart, index, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return Optional.of(index);
        } finally {
            Files.deleteIfExists(indexPart);
            Files.deleteIfExists(listPart);
        }
    }

    private String made() {
        int songs = catalog.count(batch).of(SongState.DELIVERED);
        return songs == 1 ? "One song" : songs + " songs";
    }

    private boolean writeClips(ListenPage page, Writer playlist) throws IOException {
        playlist.write(LIST_BEGINS);
        boolean any = false;
        Cursor after = Cursor.START;
        List<Song> songs = catalog.pageOfBatch(batch, SongState.DELIVERED, after, PAGE);
        while (!songs.isEmpty()) {
            for (Song song : songs) {
                any |= write(SongDocument.of(song), page, playlist);
            }
            Song last = songs.get(songs.size() - 1);
            songs = catalog.pageOfBatch(batch, SongState.DELIVERED, new Cursor(last.acceptedAt(), last.id()), PAGE);
        }
        page.end();
        return any;
    }

    private boolean write(JsonNode song, ListenPage page, Writer playlist) throws IOException {
        boolean any = false;
        boolean several = song.path("clips").size() > 1;
        int number = 0;
        for (JsonNode clip : song.path("clips")) {
            number++;
            Optional<Path> file = file(clip);
            if (file.isPresent()) {
                any = true;
                ClipWords words = ClipWords.of(song, clip);
                String title = words.title().orElse(words.songId()) + (several ? " (%d)".formatted(number) : "");
                Optional<Double> seconds = Optional.of(clip.path("seconds"))
                        .filter(JsonNode::isNumber)
                        .map(JsonNode::asDouble);
                Optional<String> cover = Optional.ofNullable(clip.path("image").textValue())
                        .map(image -> url(file.get().resolveSibling(image)));
                page.add(new ListenPage.Clip(title, words, url(file.get()), cover, seconds));
                playlist.write("#EXTINF:%d,%s\n%s\n"
                        .formatted(Math.round(seconds.orElse(-1.0)), line(title), slashed(file.get())));
            }
        }
        return any;
    }

    /** Where a clip lies, seen from the page. */
    private Optional<Path> file(JsonNode clip) {
        String place = clip.path("places").path("file").asText("");
        try {
            Path file = Path.of(place);
            return place.isEmpty() || !file.isAbsolute() || !file.getRoot().equals(folder.getRoot())
                    ? Optional.empty()
                    : Optional.of(folder.relativize(file.normalize()));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static String url(Path file) {
        return names(file)
                .map(name -> URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
    }

    /** Players take a line of a list for the name of a file, and do not decode it. */
    private static String slashed(Path file) {
        return names(file).collect(Collectors.joining("/"));
    }

    private static Stream<String> names(Path file) {
        return StreamSupport.stream(file.spliterator(), false).map(Path::toString);
    }

    private static String line(String text) {
        return ListenPage.unturned(text).replaceAll("\\p{Cntrl}+", " ").strip();
    }

    private static boolean isOurs(Path file) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(file)) {
            char[] head = new char[300];
            int length = Math.max(0, in.read(head));
            String begin = new String(head, 0, length);
            return begin.contains("content=\"Camelody\"") || begin.startsWith(LIST_BEGINS);
        } catch (MalformedInputException e) {
            return false;
        }
    }
}
