package io.camelody.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The first line of a CSV file: which field each column is. A name with a dot is a field inside another, {@code extend.at} or
 * {@code labels.campaign}.
 *
 * <p>A cell becomes what its field takes by the schema: a number (also with a decimal comma where semicolons separate), true
 * or false, or for {@code vendor} and {@code sinks} a list of names. What cannot become that stays text, for the rules to
 * refuse. An empty cell is a field left out.
 */
final class CsvHeader {

    private static final Set<String> LISTS = Set.of("vendor", "sinks");

    private static final String LABELS = "labels.";

    private final char separator;
    private final List<String> names;

    private CsvHeader(char separator, List<String> names) {
        this.separator = separator;
        this.names = names;
    }

    /** @throws RefusedRequestException with one problem, if a name is none of a field */
    static CsvHeader of(String line) {
        char separator = separator(line);
        List<String> names =
                CsvSource.cells(line, separator).stream().map(String::strip).toList();
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!isKnown(name)) {
                throw refused(name, NearestName.to(name, RequestSchema.names()));
            }
            if (!name.isEmpty() && !seen.add(name)) {
                throw new RefusedRequestException(
                        List.of(Problem.of(name, "a column once", "\"" + name + "\" twice", "Leave one of them out.")));
            }
        }
        return new CsvHeader(separator, names);
    }

    /** Excel's own first line, {@code sep=;}. */
    static boolean isSeparatorLine(String line) {
        return line.matches("sep=[,;\\t]?");
    }

    private static char separator(String line) {
        char most = ',';
        for (char each : new char[] {';', '\t'}) {
            if (line.chars().filter(c -> c == each).count()
                    > line.chars().filter(c -> c == ',').count()) {
                most = each;
            }
        }
        return most;
    }

    private static boolean isKnown(String name) {
        return name.isEmpty()
                || name.startsWith(LABELS) && name.length() > LABELS.length()
                || RequestSchema.names().contains(name)
                || RequestNames.ALIASES.containsKey(name);
    }

    private static RefusedRequestException refused(String name, Optional<String> nearest) {
        String advice = nearest.map(known -> "Did you mean \"%s\"?".formatted(known))
                .orElse("The first line names the fields, such as prompt,vendor,style.");
        return new RefusedRequestException(
                List.of(Problem.about("", "the header", "names of fields of a request", Problem.quote(name), advice)));
    }

    char separator() {
        return separator;
    }

    int columns() {
        return names.size();
    }

    ObjectNode request(List<String> cells) {
        ObjectNode request = Json.object();
        for (int i = 0; i < Math.min(cells.size(), names.size()); i++) {
            String cell = cells.get(i).strip();
            String name = names.get(i);
            if (!cell.isEmpty()) {
                put(request, name.isEmpty() ? "column " + (i + 1) : name, cell);
            }
        }
        return request;
    }

    private void put(ObjectNode request, String name, String cell) {
        JsonNode value = value(RequestNames.ALIASES.getOrDefault(name, name), cell);
        int dot = name.indexOf('.');
        if (dot < 0) {
            request.set(name, value);
        } else if (!request.has(name.substring(0, dot))
                || request.get(name.substring(0, dot)).isObject()) {
            request.withObjectProperty(name.substring(0, dot)).set(name.substring(dot + 1), value);
        } else {
            // both the field and one inside it: the rules name what is wrong with that
            request.set(name, value);
        }
    }

    private JsonNode value(String field, String cell) {
        if (LISTS.contains(field)) {
            List<String> each = Arrays.stream(cell.split("[,;|]"))
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .toList();
            return each.size() == 1 && !field.equals("sinks") ? TextNode.valueOf(each.get(0)) : list(each);
        }
        return switch (RequestSchema.type(field)) {
            case "boolean" -> truth(cell);
            case "number" -> number(separator == ';' ? cell.replace(',', '.') : cell);
            default -> TextNode.valueOf(cell);
        };
    }

    private static JsonNode list(List<String> names) {
        ArrayNode list = Json.MAPPER.createArrayNode();
        names.forEach(name -> list.add(name));
        return list;
    }

    private static JsonNode truth(String cell) {
        return cell.equalsIgnoreCase("true") || cell.equalsIgnoreCase("false")
                ? BooleanNode.valueOf(cell.equalsIgnoreCase("true"))
                : TextNode.valueOf(cell);
    }

    private static JsonNode number(String cell) {
        return cell.matches("-?[0-9]{1,15}([.][0-9]{1,15})?")
                ? DoubleNode.valueOf(Double.parseDouble(cell))
                : TextNode.valueOf(cell);
    }
}
