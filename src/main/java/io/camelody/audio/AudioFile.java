package io.camelody.audio;

import io.camelody.audio.BrokenDownloadException.Kind;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Audio on disk that has been looked into: it begins and is built as its type is.
 *
 * @param sha256 of the whole file, in lower-case hexadecimal
 * @param seconds how long it plays, read from the file itself to within a tenth of a second; empty where it does not say
 */
public record AudioFile(Path file, AudioType type, long bytes, String sha256, OptionalDouble seconds) {

    /**
     * Looks into a file. Reads it once or twice, in little memory.
     *
     * @throws BrokenDownloadException of kind not-audio if it is none or is damaged, of kind disk if it cannot be read
     */
    public static AudioFile inspect(Path file) {
        try {
            return inspect(file, sha256(file));
        } catch (UnplayableException e) {
            throw new BrokenDownloadException(
                    Kind.NOT_AUDIO, "The file is not audio: " + e.getMessage() + ".", "file: " + file);
        } catch (IOException e) {
            throw new BrokenDownloadException(Kind.DISK, "The file could not be read: " + e, "file: " + file, e);
        }
    }

    /**
     * Finds the audio that an earlier fetch left under this name, whatever its type. A damaged file is as good as none.
     *
     * @throws BrokenDownloadException of kind disk if it is there and cannot be read
     */
    public static Optional<AudioFile> existing(Path folder, String name) {
        for (AudioType type : AudioType.values()) {
            Path file = folder.resolve(name + "." + type.suffix());
            if (Files.isRegularFile(file)) {
                try {
                    return Optional.of(inspect(file));
                } catch (BrokenDownloadException e) {
                    if (e.kind() != Kind.NOT_AUDIO) {
                        throw e;
                    }
                }
            }
        }
        return Optional.empty();
    }

    static AudioFile inspect(Path file, String sha256) throws IOException {
        try (FileBytes bytes = new FileBytes(file)) {
            AudioType type = AudioType.of(bytes);
            OptionalDouble seconds =
                    switch (type) {
                        case MP3 -> Mp3.seconds(bytes);
                        case WAV -> Wav.seconds(bytes);
                        case M4A -> M4a.seconds(bytes);
                        case FLAC -> Flac.seconds(bytes);
                        case OGG -> Ogg.seconds(bytes);
                    };
            return new AudioFile(file, type, bytes.length(), sha256, seconds);
        }
    }

    AudioFile movedTo(Path place) {
        return new AudioFile(place, type, bytes, sha256, seconds);
    }

    static String sha256(Path file) throws IOException {
        try (DigestInputStream in = new DigestInputStream(new FileInputStream(file.toFile()), PartFile.newSha256())) {
            byte[] buffer = new byte[1 << 16];
            while (in.read(buffer) >= 0) {
                // the stream digests what passes
            }
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        }
    }
}
