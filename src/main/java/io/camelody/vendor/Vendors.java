package io.camelody.vendor;

import io.camelody.settings.RouteFiles;
import io.camelody.settings.Settings;
import io.camelody.settings.VendorSettings;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The vendors that have a file, with their settings. Immutable.
 *
 * @param byName in the order of their names
 */
public record Vendors(Map<String, VendorSettings> byName, Optional<String> defaultVendor) {

    /** Reads the settings of each vendor that has a file; {@code camelody.vendors} may name fewer. */
    public static Vendors read(Collection<String> withFile, Settings settings) {
        List<String> wanted = settings.list("camelody.vendors");
        wanted.stream()
                .filter(name -> !withFile.contains(name))
                .forEach(name -> settings.problem(
                        "Expected camelody.vendors to name vendors that have a file in routes/vendors, or accounts of them, got: \"%s\". There are: %s."
                                .formatted(name, String.join(", ", withFile))));
        withFile.stream()
                .filter(name -> !RouteFiles.isName(name))
                .forEach(name -> settings.problem(
                        "Expected no vendor or account to be called %s, which is a word of Camelody's own. Choose another name, such as %s-1."
                                .formatted(name, name)));
        Map<String, VendorSettings> vendors = new LinkedHashMap<>();
        withFile.stream()
                .sorted()
                .filter(name -> wanted.isEmpty() || wanted.contains(name))
                .forEach(name -> vendors.put(name, VendorSettings.read(name, settings)));
        Optional<String> byDefault = settings.text("camelody.default-vendor");
        byDefault
                .filter(name -> !vendors.containsKey(name))
                .ifPresent(name -> settings.problem("Expected camelody.default-vendor to be one of %s, got: \"%s\"."
                        .formatted(String.join(", ", vendors.keySet()), name)));
        return new Vendors(vendors, byDefault);
    }

    public Optional<VendorSettings> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public Collection<VendorSettings> all() {
        return byName.values();
    }

    public Collection<String> names() {
        return byName.keySet();
    }

    /** The vendors that a key is set for. */
    public List<VendorSettings> withKey() {
        return all().stream().filter(vendor -> vendor.apiKey().isPresent()).toList();
    }
}
