package io.camelody.audio;

import java.io.IOException;
import java.util.OptionalDouble;

/**
 * What a look into a file of audio shows.
 *
 * @param seconds how long it plays, read from the file itself to within a tenth of a second; empty where it does not say
 */
record Playing(AudioType type, OptionalDouble seconds) {

    /** @throws UnplayableException if it does not begin or is not built as audio is */
    static Playing of(FileBytes bytes) throws IOException {
        AudioType type = AudioType.of(bytes);
        return new Playing(
                type,
                switch (type) {
                    case MP3 -> Mp3.seconds(bytes);
                    case WAV -> Wav.seconds(bytes);
                    case M4A -> M4a.seconds(bytes);
                    case FLAC -> Flac.seconds(bytes);
                    case OGG -> Ogg.seconds(bytes);
                });
    }
}
