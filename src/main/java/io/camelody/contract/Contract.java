package io.camelody.contract;

import io.camelody.sample.Sample;
import io.camelody.sample.Samples;
import io.camelody.settings.VendorSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a vendor's route file has to keep, tried out: its recorded calls, and the answers that vendors give on bad days. The file
 * runs as it would, against a vendor on this machine; nothing leaves it.
 */
public final class Contract {

    /**
     * A home as the file is tried in it.
     *
     * @param properties every setting with its placeholders resolved
     * @param files that are needed, where Camel finds them, by their names under {@code routes/}
     */
    public record Home(VendorSettings vendor, Map<String, String> properties, Map<String, String> files) {}

    private Contract() {}

    /**
     * Tries the file out, and says what is wrong with it.
     *
     * @param read reads the home with these settings over its own
     * @throws Exception if a route cannot be made
     */
    public static List<Finding> check(Samples samples, Function<Map<String, String>, Home> read) throws Exception {
        String prefix = "camelody." + samples.vendor();
        List<Finding> findings = new ArrayList<>();
        try (Loopback loopback = Loopback.open()) {
            Home home = read.apply(Map.of(prefix + ".base-url", loopback.url(), prefix + ".api-key", Sample.KEY));
            try (RunningVendor vendor = new RunningVendor(home.vendor(), home.properties(), home.files(), loopback)) {
                samples.all().forEach(sample -> findings.addAll(SampleCheck.of(vendor, sample)));
                findings.addAll(badDays(vendor, samples));
            }
        }
        return findings;
    }

    private static Collection<Finding> badDays(RunningVendor vendor, Samples samples) {
        Trials trials = new Trials(vendor);
        for (Sample.Route route : Sample.Route.values()) {
            boolean isNeeded = route.step().equals("song") || vendor.settings().isAble("writeLyrics");
            if (isNeeded && route.isSubmit()) {
                new SubmitContract(route, trials).check(samples);
            } else if (isNeeded && !(samples.of(route).isEmpty() && isWrittenAtOnce(samples, route))) {
                new PollContract(route, trials).check(samples);
            }
        }
        return trials.findings();
    }

    /** Whether the vendor ends the step with its first answer, so that there is nothing to ask about. */
    private static boolean isWrittenAtOnce(Samples samples, Sample.Route poll) {
        Sample.Route submit = poll == Sample.Route.SONG_POLL ? Sample.Route.SONG_SUBMIT : Sample.Route.LYRICS_SUBMIT;
        return samples.of(submit).stream().allMatch(sample -> sample.takenIds().isEmpty());
    }
}
