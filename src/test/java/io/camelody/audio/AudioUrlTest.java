package io.camelody.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.camelody.audio.BrokenDownloadException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AudioUrlTest {

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                " ",
                "None",
                "null",
                "song.mp3",
                "//cdn.example/song.mp3",
                "https:///song.mp3",
                "https://cdn.example/None.mp3",
                "https://cdn.example/audio/null",
                "https://cdn.example/undefined.mp3?x=1",
                "https://cdn.example/api/forbidden",
                "ftp://cdn.example/song.mp3",
                "file:///etc/passwd",
                "jar:https://cdn.example/a.jar!/song.mp3",
                "https://user:pass@cdn.example/song.mp3",
                "https://cdn.example:port/song.mp3",
                "https://cdn.example/%zz.mp3"
            })
    void whatCanNeverBeAudioIsRefused(String url) {
        var e = catchThrowableOfType(BrokenDownloadException.class, () -> AudioUrl.of(url));

        assertThat(e).isNotNull();
        assertThat(e.kind()).isEqualTo(Kind.BAD_URL);
        assertThat(e.urlMayHaveExpired()).isFalse();
        assertThat(e.getMessage()).doesNotContain("pass@");
    }

    @Test
    void messageShowsHostAndPathAndNeverTheQuery() {
        var e = catchThrowableOfType(
                BrokenDownloadException.class,
                () -> AudioUrl.of("ftp://cdn.example/a/song.mp3?signature=s3cret#s3cret"));

        assertThat(e).hasMessageContaining("url: ftp://cdn.example/a/song.mp3").hasMessageNotContaining("s3cret");
    }

    @Test
    void unreadableUrlIsShownWithoutItsQueryToo() {
        var e = catchThrowableOfType(
                BrokenDownloadException.class, () -> AudioUrl.of("https://cdn.example/%zz?signature=s3cret"));

        assertThat(e)
                .hasMessageContaining("https://cdn.example/%zz")
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
    }

    @Test
    void spacesAndUmlautsInATitleAreEscaped() {
        assertThat(AudioUrl.of(" https://cdn.example/Blue Tür.mp3?a=b|c ").uri())
                .hasToString("https://cdn.example/Blue%20T%C3%BCr.mp3?a=b%7Cc");
    }

    @Test
    void whatIsEscapedAlreadyStaysAsItIs() {
        String signed = "HTTPS://cdn.example/a%2Fb%20c.mp3?X-Amz-Signature=ab%2Fcd%3D&x=None";

        assertThat(AudioUrl.of(signed).uri()).hasToString(signed);
    }
}
