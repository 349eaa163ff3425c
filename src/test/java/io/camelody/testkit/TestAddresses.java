package io.camelody.testkit;

import io.camelody.outgoing.AddressRule;
import io.camelody.settings.Settings;
import java.util.Optional;

/** Where a test's URLs may lead. */
public final class TestAddresses {

    private TestAddresses() {}

    /** To the public internet and to servers of the test. */
    public static AddressRule loopback() {
        return allowing("127.0.0.1");
    }

    /** @param allow as the setting has it */
    public static AddressRule allowing(String allow) {
        Settings settings = new Settings(name -> Optional.of(allow), name -> name);
        AddressRule rule = AddressRule.read(settings);
        settings.demandGood();
        return rule;
    }
}
