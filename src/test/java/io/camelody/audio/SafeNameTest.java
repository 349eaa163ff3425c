package io.camelody.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SafeNameTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "Tango, slow|Tango, slow",
                "AC/DC: \"Live\"?|AC-DC- -Live",
                "../../etc/passwd|etc-passwd",
                "C:\\Windows|C--Windows",
                "..|clip",
                "` . `|clip",
                "-rf|rf",
                ".hidden|hidden",
                "Wait...|Wait",
                "con|_con",
                "NUL.txt|_NUL.txt",
                "Lpt1|_Lpt1",
                "COM²|_COM²",
                "Console|Console",
                "${bean:x}|$-bean-x",
                "one\u0000two\tthree|one two three",
                "abc\u202egpj.exe|abcgpj.exe",
                "zero\u200bwidth\ufeff|zerowidth",
                "Cafe\u0301|Caf\u00e9",
                "half \ud83c|half",
                "\ud83c\udfb5 tune|\ud83c\udfb5 tune"
            },
            delimiter = '|')
    void everyFileSystemTakesTheName(String text, String name) {
        assertThat(SafeName.of(text, "", StandardCharsets.UTF_8)).isEqualTo(name);
    }

    @Test
    void aNameIsCutBetweenCharactersAndKeepsItsEnd() {
        String name = SafeName.of("\u00e4".repeat(200), "-2", StandardCharsets.UTF_8);

        assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSize(SafeName.BYTES);
        assertThat(name).endsWith("\u00e4-2");
    }

    @Test
    void whereJavaCanWriteNoMoreThanAsciiTheNameIsReadAllTheSame() {
        assertThat(SafeName.of("Caf\u00e9 \u97f3\u4e50 tune", "", StandardCharsets.US_ASCII))
                .isEqualTo("Cafe __ tune");
    }
}
