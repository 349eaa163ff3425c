package io.camelody.ledger;

import java.util.Arrays;
import java.util.Locale;

/** Why a song failed: a closed list, spelled the same in the ledger, {@code song.json}, logs and on the command line. */
public enum Reason {
    /** The vendor said that it will not take the request as it is. */
    VENDOR_REFUSED,
    /** The vendor's moderation refused what the song is about. */
    CONTENT_REFUSED,
    /** The vendor took the task and it ended badly there. */
    VENDOR_FAILED,
    /** The vendor did not end the task within the song's timeout. The task may still end: {@code retry} asks again. */
    VENDOR_TIMEOUT,
    /** The vendor no longer knew the task in three answers in a row. */
    TASK_LOST,
    /** The task ended well, and none of its clips could be had as sound audio. */
    DOWNLOAD_BROKEN,
    /** The clips are here, and a sink did not take them. */
    SINK_FAILED,
    /** An operator ended a song that was in doubt. */
    GIVEN_UP;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String word() {
        return word;
    }

    static Reason of(String word) {
        return Arrays.stream(values())
                .filter(reason -> reason.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No such reason: " + word));
    }

    @Override
    public String toString() {
        return word;
    }
}
