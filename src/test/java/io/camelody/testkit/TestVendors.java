package io.camelody.testkit;

import io.camelody.settings.Settings;
import io.camelody.settings.VendorSettings;
import io.camelody.vendor.Vendors;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Vendors for tests, read from settings like the real ones. */
public final class TestVendors {

    private TestVendors() {}

    /** A vendor that can do everything, with a key. @param settings such as {@code "timeout=6m"}, without the prefix */
    public static VendorSettings vendor(String name, String... settings) {
        return vendors(List.of(name), Map.of(name, List.of(settings))).byName().get(name);
    }

    public static Vendors vendors(Collection<String> names, Map<String, List<String>> settings) {
        Map<String, String> values = new HashMap<>();
        for (String name : names) {
            values.put("camelody." + name + ".api-key", "key-of-" + name);
            values.put("camelody." + name + ".can", String.join(",", VendorSettings.ABILITIES));
            for (String setting : settings.getOrDefault(name, List.of())) {
                String[] parts = setting.split("=", 2);
                values.put("camelody." + name + "." + parts[0], parts[1]);
            }
        }
        Settings read = new Settings(name -> Optional.ofNullable(values.get(name)), name -> name);
        Vendors vendors = Vendors.read(names, read);
        read.demandGood();
        return vendors;
    }
}
