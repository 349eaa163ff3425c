package io.camelody.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where one JSON is not what it should be.
 *
 * @param path such as {@code clips[0].audioUrl}
 * @param expected a missing node where nothing was expected, and {@code got} one where nothing was there
 */
record JsonDifference(String path, JsonNode expected, JsonNode got) {

    /** Every difference. Members that are null, or an empty list, are as good as left out; 12 is 12.0. */
    static List<JsonDifference> between(JsonNode expected, JsonNode got) {
        List<JsonDifference> differences = new ArrayList<>();
        compare("", expected, got, differences);
        return differences;
    }

    /** The last name of the path. */
    String name() {
        return path.substring(path.lastIndexOf('.') + 1).replaceAll("\\[\\d+]", "");
    }

    static String words(JsonNode node) {
        return node.isMissingNode() ? "nothing" : Json.write(node);
    }

    private static void compare(String path, JsonNode expected, JsonNode got, List<JsonDifference> differences) {
        if (expected instanceof ObjectNode && got instanceof ObjectNode) {
            Set<String> names = new LinkedHashSet<>();
            expected.fieldNames().forEachRemaining(names::add);
            got.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> compare(
                    path.isEmpty() ? name : path + "." + name, member(expected, name), member(got, name), differences));
        } else if (expected.isArray() && got.isArray() && expected.size() == got.size()) {
            boolean isOne = path.isEmpty() && expected.size() == 1;
            for (int i = 0; i < expected.size(); i++) {
                compare(isOne ? "" : path + "[" + i + "]", expected.get(i), got.get(i), differences);
            }
        } else if (!isSame(expected, got)) {
            differences.add(new JsonDifference(path, expected, got));
        }
    }

    private static JsonNode member(JsonNode node, String name) {
        JsonNode value = node.path(name);
        boolean isNothing = value.isNull() || value.isArray() && value.isEmpty();
        return isNothing ? MissingNode.getInstance() : value;
    }

    private static boolean isSame(JsonNode expected, JsonNode got) {
        return expected.isNumber() && got.isNumber()
                ? expected.decimalValue().compareTo(got.decimalValue()) == 0
                : expected.equals(got);
    }
}
