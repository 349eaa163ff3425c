package io.camelody.audio;

import io.camelody.audio.BrokenDownloadException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

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
        try (FileBytes bytes = new FileBytes(file)) {
            return of(file, bytes, Playing.of(bytes));
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
     * @param files what there is in the folder
     * @throws BrokenDownloadException of kind disk if it is there and cannot be read
     */
    static Optional<AudioFile> existing(Path folder, Set<String> files, String name) {
        for (AudioType type : AudioType.values()) {
            Path file = folder.resolve(name + "." + type.suffix());
            if (files.contains(file.getFileName().toString()) && Files.isRegularFile(file)) {
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

    /**
     * @param bytes what is or will be in the file
     * @param playing what a look into its sound has shown
     */
    static AudioFile of(Path file, FileBytes bytes, Playing playing) throws IOException {
        return new AudioFile(file, playing.type(), bytes.length(), bytes.sha256(), playing.seconds());
    }

    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
