package io.camelody.sink;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FilePartTest {

    private static final S3Settings SETTINGS =
            new S3Settings("b", "", "r", Optional.empty(), false, Optional.empty(), Optional.empty(), 8_388_608, 4);

    /** Of "345". */
    private static final String MD5 = "d81f9c1be2e08964bf9f24b15f0e4900";

    @TempDir
    private Path folder;

    private FilePart part;

    @BeforeEach
    void write() throws IOException {
        part = new FilePart(Files.writeString(folder.resolve("clip"), "0123456789"), 3, 3);
    }

    @Test
    void eachTryReadsTheStretchFromItsStart() throws IOException {
        assertThat(part.newStream().read()).isEqualTo('3');
        InputStream again = part.newStream();

        assertThat(again.readAllBytes()).isEqualTo("345".getBytes(US_ASCII));
        assertThat(part.length()).isEqualTo(3);
    }

    @Test
    void checksumThatTheServerGivesDecides() throws IOException {
        byte[] sent = part.crc32();
        String same = FilePart.base64(sent);

        assertThatCode(() -> part.demandSame(SETTINGS, "k", sent, same, "\"0123\""))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> part.demandSame(SETTINGS, "k", sent, "AAAAAA==", MD5))
                .isInstanceOf(S3FailedException.class)
                .hasMessage("S3 got other bytes than were sent. (bucket: b, key: k)");
    }

    @Test
    void whereThereIsNoneTheEtagDecidesIfItIsAnMd5() throws IOException {
        byte[] sent = part.crc32();

        assertThatCode(() -> part.demandSame(SETTINGS, "k", sent, null, "\"" + MD5 + "\""))
                .doesNotThrowAnyException();
        assertThatCode(() -> part.demandSame(SETTINGS, "k", sent, null, "\"0x8DABC\""))
                .doesNotThrowAnyException();
        assertThatCode(() -> part.demandSame(SETTINGS, "k", sent, null, null)).doesNotThrowAnyException();
        assertThatThrownBy(() -> part.demandSame(SETTINGS, "k", sent, null, "\"" + MD5.replace('d', 'e') + "\""))
                .isInstanceOf(S3FailedException.class);
    }
}
