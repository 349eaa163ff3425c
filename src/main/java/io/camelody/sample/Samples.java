package io.camelody.sample;

import io.camelody.settings.BadSettingsException;
import io.camelody.settings.RouteFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The recorded calls that lie beside a vendor's route file, in the order of their names. Immutable. */
public record Samples(String vendor, List<Sample> all) {

    /**
     * @param texts of the files, by their names without {@code .yaml}; see {@link RouteFiles#samples}
     * @throws BadSettingsException naming everything that is wrong with each
     */
    public static Samples read(String vendor, Map<String, String> texts) {
        List<String> problems = new ArrayList<>();
        List<Sample> samples = new ArrayList<>();
        texts.forEach((name, text) -> {
            String place = "routes/vendors/%s.samples/%s.yaml".formatted(vendor, name);
            new SampleFile(place, problems).read(name, text).ifPresent(samples::add);
        });
        if (!problems.isEmpty()) {
            throw new BadSettingsException(problems);
        }
        return new Samples(vendor, List.copyOf(samples));
    }

    public static Samples read(String vendor, RouteFiles files) {
        return read(vendor, files.samples(vendor));
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    public List<Sample> of(Sample.Route route) {
        return all.stream().filter(sample -> sample.route() == route).toList();
    }

    public Optional<Sample> first(Sample.Route route, Predicate<Sample> is) {
        return of(route).stream().filter(is).findFirst();
    }
}
