package io.camelody.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * How the sandbox behaves when nobody makes it misbehave.
 *
 * @param port 0 for one that the system gives
 * @param latency how long a song takes
 * @param lyricsLatency how long lyrics take, where they are not answered at once
 * @param latencySpread from 0 to 1: how far a task may be quicker or slower, as a share of its latency
 * @param failureShare from 0 to 1: how many songs fail, for a reason
 * @param songLength of a song, about; what its metadata says is what it is
 * @param audioBytes 0 for songs of {@code songLength}; more for MP3 clips of about so many bytes from every vendor, for
 *     those who measure something else
 * @param lyrics whether SenseAudio answers lyrics at once or with a task id
 * @param apiKey the only key that is right; empty takes every key but {@code wrong}
 * @param keep how many calls are remembered for {@link Sandbox#heard()}: the oldest are forgotten first
 * @param seed the same seed and the same requests in the same order give the same ids, times and songs
 * @param clock tells how far a task has come
 */
public record SandboxSettings(
        int port,
        Duration latency,
        Duration lyricsLatency,
        double latencySpread,
        double failureShare,
        Duration songLength,
        int audioBytes,
        Lyrics lyrics,
        String apiKey,
        int keep,
        long seed,
        Clock clock) {

    /** How SenseAudio answers a request for lyrics; its document knows both. */
    public enum Lyrics {
        AT_ONCE,
        TASK,
        /** Half of the prompts at once, the others with a task; the same prompt always the same way. */
        EITHER
    }

    public SandboxSettings {
        if (latency.isNegative() || lyricsLatency.isNegative()) {
            throw new IllegalArgumentException("Expected a latency of at least 0, got: " + latency + " for songs, "
                    + lyricsLatency + " for lyrics.");
        }
        if (!(latencySpread >= 0 && latencySpread <= 1) || !(failureShare >= 0 && failureShare <= 1)) {
            throw new IllegalArgumentException("Expected a latency spread and a failure share from 0 to 1, got: "
                    + latencySpread + " and " + failureShare + ".");
        }
        if (songLength.toMillis() < 100 || audioBytes < 0) {
            throw new IllegalArgumentException("Expected a song length of at least 100 ms and no negative size, got: "
                    + songLength + " and " + audioBytes + " bytes.");
        }
    }

    /** A song in about 3 s, 12 s long, nothing fails, any key, any port; new ids in each run. */
    public static SandboxSettings defaults() {
        return new SandboxSettings(
                0,
                Duration.ofSeconds(3),
                Duration.ofSeconds(1),
                .3,
                0,
                Duration.ofSeconds(12),
                0,
                Lyrics.EITHER,
                "",
                1_000_000,
                new SplittableRandom().nextLong(),
                Clock.systemUTC());
    }

    public SandboxSettings withPort(int value) {
        return with(draft -> draft.port = value);
    }

    /** Of songs; lyrics take a third of it. */
    public SandboxSettings withLatency(Duration value) {
        return with(draft -> {
            draft.latency = value;
            draft.lyricsLatency = value.dividedBy(3);
        });
    }

    public SandboxSettings withLyricsLatency(Duration value) {
        return with(draft -> draft.lyricsLatency = value);
    }

    public SandboxSettings withLatencySpread(double value) {
        return with(draft -> draft.latencySpread = value);
    }

    public SandboxSettings withFailureShare(double value) {
        return with(draft -> draft.failureShare = value);
    }

    public SandboxSettings withSongLength(Duration value) {
        return with(draft -> draft.songLength = value);
    }

    public SandboxSettings withAudioBytes(int value) {
        return with(draft -> draft.audioBytes = value);
    }

    public SandboxSettings withLyrics(Lyrics value) {
        return with(draft -> draft.lyrics = value);
    }

    public SandboxSettings withApiKey(String value) {
        return with(draft -> draft.apiKey = value);
    }

    public SandboxSettings withKeep(int value) {
        return with(draft -> draft.keep = value);
    }

    public SandboxSettings withSeed(long value) {
        return with(draft -> draft.seed = value);
    }

    public SandboxSettings withClock(Clock value) {
        return with(draft -> draft.clock = value);
    }

    private SandboxSettings with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    /** Settings while one of them is changed. */
    private static final class Draft {
        private int port;
        private Duration latency;
        private Duration lyricsLatency;
        private double latencySpread;
        private double failureShare;
        private Duration songLength;
        private int audioBytes;
        private Lyrics lyrics;
        private String apiKey;
        private int keep;
        private long seed;
        private Clock clock;

        private Draft(SandboxSettings from) {
            port = from.port;
            latency = from.latency;
            lyricsLatency = from.lyricsLatency;
            latencySpread = from.latencySpread;
            failureShare = from.failureShare;
            songLength = from.songLength;
            audioBytes = from.audioBytes;
            lyrics = from.lyrics;
            apiKey = from.apiKey;
            keep = from.keep;
            seed = from.seed;
            clock = from.clock;
        }

        private SandboxSettings settings() {
            return new SandboxSettings(
                    port,
                    latency,
                    lyricsLatency,
                    latencySpread,
                    failureShare,
                    songLength,
                    audioBytes,
                    lyrics,
                    apiKey,
                    keep,
                    seed,
                    clock);
        }
    }
}
