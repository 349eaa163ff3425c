package io.camelody.wiring;

import io.camelody.settings.RouteFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A route file that cannot run as it is: the message says which, where in it, and why. Nothing was started. */
public final class BrokenRouteException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** How the YAML parser says where it stopped. */
    private static final Pattern MARK = Pattern.compile("(?s)(.*?)\\s+in (\\S[^\\n]*), line (\\d+), column \\d+:.*");

    /** How Camel says which step of a route it could not make. */
    private static final Pattern STEP = Pattern.compile("(?s).*>>> (.*?) <<<.*? because: (.*)");

    /** How Camel says that a placeholder has no value. */
    private static final Pattern UNSET = Pattern.compile("(?s).*Property with key \\[([^]]+)] not found.*");

    private static final Pattern ROUTE = Pattern.compile(
            "(?s)(?:Failed to create route: |.*Duplicate route ids detected: )([A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*).*");

    public BrokenRouteException(Exception cause, RouteFiles files) {
        super(message(cause, files), cause);
    }

    /** @param places of a name that is given more than once, each under its file and line */
    BrokenRouteException(String name, List<RouteNames.Place> places) {
        super(sentence(
                name
                        + " stands twice. A file of the home takes the place of the shipped one of the same name; what it has beside that needs other names.",
                places.stream()
                        .map(each -> place(each.file(), Integer.toString(each.line())))
                        .toList()));
    }

    /** @param endpoint that is called there, and at which no route begins */
    BrokenRouteException(String endpoint, Optional<String> nearest, RouteNames.Place place) {
        super(sentence(
                "No route begins at " + endpoint
                        + nearest.map("; did you mean \"%s\"?"::formatted).orElse("."),
                List.of(place(place.file(), Integer.toString(place.line())))));
    }

    private static String message(Exception failure, RouteFiles files) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Matcher mark = MARK.matcher(String.valueOf(cause.getMessage()));
            if (mark.matches()) {
                String reason = reason(cause.getMessage(), mark.group(1));
                return sentence(reason, List.of(place(mark.group(2), mark.group(3))));
            }
        }
        String text = String.valueOf(failure.getMessage());
        Matcher route = ROUTE.matcher(text);
        return sentence(why(text), route.matches() ? places(route.group(1), files) : List.of());
    }

    private static String why(String text) {
        Matcher unset = UNSET.matcher(text);
        if (unset.matches()) {
            return "Nobody has set %s. Set it; see the file's first lines.".formatted(unset.group(1));
        }
        Matcher step = STEP.matcher(text);
        return step.matches() ? step.group(2) + " (step: " + step.group(1) + ")" : text;
    }

    /** The parser says what it was about, where, what was wrong, and where again. */
    private static String reason(String text, String about) {
        return text.lines()
                .filter(line -> line.startsWith("expected") || line.startsWith("found") || line.startsWith("could not"))
                .findFirst()
                .map(wrong -> about.strip() + ": " + wrong)
                .orElse(about.strip());
    }

    private static String sentence(String reason, List<String> places) {
        String where = places.isEmpty() ? "" : " (file: " + String.join("; ", places) + ")";
        return "A route could not be loaded: " + reason + where;
    }

    private static String place(String file, String line) {
        return readable(file) + ", line: " + line;
    }

    /** Where a route's id stands, in each file that has it. */
    private static List<String> places(String route, RouteFiles files) {
        Pattern id = Pattern.compile("\\s*(- )?id:\\s*[\"']?" + Pattern.quote(route) + "[\"']?\\s*");
        List<String> places = new ArrayList<>();
        for (String file : files.places()) {
            List<String> lines = RouteFiles.text(file).lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                if (id.matcher(lines.get(i)).matches()) {
                    places.add(place(file, Integer.toString(i + 1)) + ", route: " + route);
                }
            }
        }
        return places;
    }

    private static String readable(String file) {
        String place = RouteFiles.fileAt(file);
        return place.startsWith("file:") ? place.substring("file:".length()) : place;
    }
}
