package io.camelody.cli;

import io.camelody.request.NearestName;
import io.camelody.settings.PropertyFiles;
import io.camelody.settings.RouteFiles;
import io.camelody.settings.Settings;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Settings that nothing reads: those of an estate, and others as after a slip of the pen, names under {@code camelody.} that the shipped file has not, that
 * the program did not ask for, and that neither a route file of the home nor another setting mentions. Names outside
 * {@code camelody.} are the estate's own.
 */
final class UnknownSettings {

    private static final List<String> OF_ESTATES = List.of("camelody.home", "camelody.routes");

    private UnknownSettings() {}

    /** A message for each. @param settings that everything has been read from */
    static List<String> find(PropertyFiles files, RouteFiles routes, Settings settings) {
        Set<String> known = new TreeSet<>(files.shipped());
        known.addAll(settings.read());
        Set<String> mentioned = routes.mentionedSettings();
        Set<String> referredTo = files.referredTo();
        Stream<String> ofEstates = OF_ESTATES.stream()
                .filter(name -> !files.isAsShipped(name))
                .map("The program does not read the setting %s; only an estate does."::formatted);
        Stream<String> unknown = files.names().stream()
                .sorted()
                .filter(name -> name.startsWith("camelody."))
                .filter(name -> !known.contains(name) && !mentioned.contains(name) && !referredTo.contains(name))
                .map(name -> "Nothing reads the setting %s%s"
                        .formatted(
                                name,
                                NearestName.to(name, known)
                                        .map(near -> "; did you mean %s?".formatted(near))
                                        .orElse(".")));
        return Stream.concat(ofEstates, unknown).toList();
    }
}
