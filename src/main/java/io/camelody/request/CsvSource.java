package io.camelody.request;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A table whose first line names the fields, as spreadsheets save it: separated by commas, semicolons or tabs, quoted where
 * need be. A line without a value gives nothing; a bad line costs itself alone, a bad header the file.
 */
final class CsvSource implements RequestSource {

    private final Path file;
    private final Lines lines;
    private CsvHeader header;
    private boolean ended;

    CsvSource(Path file) throws IOException {
        this.file = file;
        this.lines = Lines.ofCsv(file);
    }

    @Override
    public ReadItem next() throws IOException {
        while (!ended && lines.next()) {
            ReadItem item = header == null ? readHeader() : readRow();
            if (item != null) {
                ended = header == null;
                return item;
            }
        }
        return null;
    }

    @Override
    public int line() {
        return lines.number();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    /** @return null if the header is good, or stands further down */
    private ReadItem readHeader() {
        try {
            String text = text();
            if (!text.isBlank() && !CsvHeader.isSeparatorLine(text)) {
                header = CsvHeader.of(text);
            }
            return null;
        } catch (CsvParseException e) {
            return unreadable(e.getMessage());
        } catch (RefusedRequestException e) {
            return ReadItem.unreadable(file, line(), lines.start(), e.problems().get(0));
        }
    }

    /** @return null if no cell has a value */
    private ReadItem readRow() {
        try {
            String text = text();
            List<String> cells = cells(text, header.separator());
            if (cells.stream().allMatch(String::isBlank)) {
                return null;
            }
            if (cells.stream().skip(header.columns()).anyMatch(cell -> !cell.isBlank())) {
                return unreadable("%d cells under %d names; quote a cell that has a separator in it"
                        .formatted(cells.size(), header.columns()));
            }
            return ReadItem.of(file, line(), header.request(cells), text);
        } catch (CsvParseException e) {
            return unreadable(e.getMessage());
        }
    }

    private String text() {
        if (lines.isTooLong()) {
            throw new CsvParseException("more than 1 MB, or a quote that nothing closes");
        }
        try {
            return lines.text().replaceFirst("\r$", "");
        } catch (CharacterCodingException e) {
            throw new CsvParseException("bytes that are not UTF-8 (in a spreadsheet: save as \"CSV UTF-8\")", e);
        }
    }

    /** @throws CsvParseException if its quotes do not fit */
    static List<String> cells(String line, char separator) {
        List<CsvRecord> records = new ArrayList<>();
        CsvReader.builder()
                .fieldSeparator(separator)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofCsvRecord(line)
                .forEach(records::add);
        if (records.size() > 1) {
            throw new CsvParseException("a line break that is not quoted");
        }
        return records.isEmpty() ? List.of() : records.get(0).getFields();
    }

    private ReadItem unreadable(String got) {
        Problem problem = Problem.about(
                "",
                "line " + line(),
                "one line of a table",
                JsonSource.reason(got.replaceFirst(" \\(record starting at .*", "")),
                "");
        return ReadItem.unreadable(file, line(), lines.start(), problem);
    }
}
