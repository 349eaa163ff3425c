package io.camelody.audio;

import io.camelody.audio.BrokenDownloadException.Kind;
import io.camelody.outgoing.AddressRule;
import io.camelody.outgoing.OutgoingHttp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Brings a vendor's audio and cover images to disk, and lets nothing through that is not what was paid for.
 *
 * <p>A file is streamed to {@code NAME.part}, in memory that does not grow with it, and gets its final name once it has the
 * length that the host announced, begins and is built as audio is, plays about as long as the vendor said, and is on the
 * disk itself. So what stands under a final name is whole. When anything goes wrong, a {@link BrokenDownloadException}
 * says what may help, and nothing else is touched.
 *
 * <p>What came before a connection broke, a host went silent or the process died stays in the {@code .part}, with its {@link
 * Origin} beside it, and the next fetch of that name continues it, if the host confirms by a strong validator and the length
 * that it has the same file still. It goes on from the last {@link PartFile#BLOCK} that is known to be on the disk itself,
 * and the checks and the SHA-256 are those of the whole file. A {@code .part} whose origin is not known, or that failed a
 * check, is never continued.
 *
 * <p>A URL is followed, through redirects too, to addresses that the {@link AddressRule} permits alone. Neither credentials nor
 * cookies are sent, wherever it leads: an audio host is not the vendor's API. A silent or
 * trickling host costs no more than the stall time, any host no more than the total time, and an interrupt ends a fetch
 * at once.
 *
 * <p>Thread-safe, and blocking: callers bring the threads. Two fetches to one name at one time are the caller's to avoid.
 */
public final class AudioFetcher {

    private final OutgoingHttp http;
    private final FetchSettings settings;

    /** @param addresses where vendors' URLs may lead */
    public AudioFetcher(AddressRule addresses, FetchSettings settings) {
        this.http = new OutgoingHttp(addresses, settings.connectTimeout());
        this.settings = settings;
    }

    /**
     * Fetches audio to {@code folder/name.suffix}, in place of what may stand there.
     *
     * @param url as the vendor gave it; null is refused like any other bad URL
     * @param folder must be there
     * @param name without a suffix
     * @param expectedSeconds how long the vendor says it plays; zero or less counts as unknown
     * @param finishing what is done with it before it gets its name
     * @throws BrokenDownloadException if no whole, playable file of that length came of it
     * @throws IllegalArgumentException if the name would lead out of the folder
     */
    AudioFile fetchAudio(String url, Path folder, String name, OptionalDouble expectedSeconds, Finishing finishing) {
        return into(folder, name + ".part", part -> {
            AudioUrl source = AudioUrl.of(url);
            stream(source, part, AudioType::ofFirstBytes);
            part.finish();
            Playing playing = look(part, source);
            requireDuration(playing, expectedSeconds, source);
            finishing.finish(part, playing.type());
            Path place = place(folder, name + "." + playing.type().suffix());
            AudioFile audio = inspect(part, place, playing);
            part.renameTo(place);
            return audio;
        });
    }

    /**
     * Fetches a JPEG, PNG, WebP or GIF to {@code folder/name.suffix}, in place of what may stand there.
     *
     * @return the image
     * @throws BrokenDownloadException if no whole file that begins as an image came of it
     * @throws IllegalArgumentException if the name would lead out of the folder
     */
    public Path fetchImage(String url, Path folder, String name) {
        // not the part of the audio, which may be on its way at the same time
        return into(folder, name + ".image.part", part -> {
            ImageType type = stream(AudioUrl.of(url), part, ImageType::ofFirstBytes);
            part.finish();
            Path image = place(folder, name + "." + type.suffix());
            part.renameTo(image);
            return image;
        });
    }

    /** Changes what came, which is whole and plays as long as it should; its sound stays. */
    interface Finishing {
        void finish(PartFile part, AudioType type) throws IOException;
    }

    private interface Fetch<T> {
        T fetch(PartFile part) throws IOException;
    }

    private static <T> T into(Path folder, String name, Fetch<T> work) {
        try (PartFile part = new PartFile(place(folder, name))) {
            try {
                return work.fetch(part);
            } catch (BrokenDownloadException e) {
                if (e.kind().leavesPart()) {
                    part.keep();
                }
                throw e;
            }
        } catch (IOException e) {
            throw disk(folder, e);
        }
    }

    /** Writes what is missing and returns the type, which is known, and refused, long before the body's end. */
    private <T> T stream(AudioUrl url, PartFile part, Function<byte[], Optional<T>> typeOf) throws IOException {
        Patience patience = new Patience(settings.stallTimeout(), settings.totalTimeout());
        Optional<Rest> wanted = part.rest().filter(rest -> rest.mayBeAt(url));
        try (Download download = Download.open(http, url, wanted, patience)) {
            OptionalLong announced = download.length();
            requireFits(announced.orElse(0), url);
            if (download.rest().isPresent()) {
                part.continueWith(download.rest().get());
            } else {
                part.begin(Origin.of(url, download.answer()));
            }
            T type = null;
            for (ByteBuffer piece = download.body().next();
                    piece != null;
                    piece = download.body().next()) {
                part.write(piece);
                requireFits(part.bytes(), url);
                if (type == null && part.bytes() >= AudioType.HEAD) {
                    type = typeOf.apply(part.head()).orElseThrow(() -> otherType(part, download.answer()));
                }
            }
            // the client has raised already, unless the host's numbers contradict each other
            if (announced.isPresent() && announced.getAsLong() != part.bytes()) {
                String what = "Expected %d bytes, got: %d.".formatted(announced.getAsLong(), part.bytes());
                throw new BrokenDownloadException(Kind.WRONG_LENGTH, what, "url: " + url);
            }
            if (type == null) {
                throw otherType(part, download.answer());
            }
            return type;
        }
    }

    private void requireFits(long bytes, AudioUrl url) {
        if (bytes > settings.maxBytes()) {
            String what = "Expected at most %d bytes, got: %d or more.".formatted(settings.maxBytes(), bytes);
            throw new BrokenDownloadException(Kind.TOO_BIG, what, "url: " + url);
        }
    }

    private void requireDuration(Playing audio, OptionalDouble expected, AudioUrl url) {
        boolean known = audio.seconds().isPresent() && expected.isPresent() && expected.getAsDouble() > 0;
        if (known && !settings.agree(expected.getAsDouble(), audio.seconds().getAsDouble())) {
            String what = String.format(
                    Locale.ROOT,
                    "Expected audio of %.1f seconds, got: %.1f.",
                    expected.getAsDouble(),
                    audio.seconds().getAsDouble());
            throw new BrokenDownloadException(Kind.WRONG_DURATION, what, "url: " + url);
        }
    }

    private static Playing look(PartFile part, AudioUrl url) throws IOException {
        try (FileBytes bytes = part.look()) {
            return Playing.of(bytes);
        } catch (UnplayableException e) {
            throw new BrokenDownloadException(
                    Kind.NOT_AUDIO, "What came cannot be played: " + e.getMessage() + ".", "url: " + url);
        }
    }

    private static AudioFile inspect(PartFile part, Path place, Playing playing) throws IOException {
        try (FileBytes bytes = part.look()) {
            return AudioFile.of(place, bytes, playing);
        }
    }

    private static BrokenDownloadException otherType(PartFile part, Answer answer) {
        String what = part.bytes() == 0 ? "Nothing came." : "What came is of another type.";
        String place = "url: " + answer.url() + ", content type: " + answer.contentType();
        return new BrokenDownloadException(Kind.NOT_AUDIO, what, place);
    }

    private static BrokenDownloadException disk(Path folder, IOException e) {
        return new BrokenDownloadException(Kind.DISK, "The file could not be written: " + e, "folder: " + folder, e);
    }

    // a name may be a clip id, and so a vendor's
    private static Path place(Path folder, String file) {
        if (file.startsWith(".") || file.contains("/") || file.contains("\\")) {
            throw new IllegalArgumentException("Expected a plain file name, got: \"" + file + "\"");
        }
        return folder.resolve(file);
    }
}
