package io.camelody.testkit;

import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;

/** A Camel context as the product makes it, for tests without routes. */
public final class TestCamel {

    private TestCamel() {}

    /** A context that is whole and not started. */
    public static CamelContext context() {
        Main main = new Main();
        main.setPropertyPlaceholderLocations("false");
        main.init();
        return main.getCamelContext();
    }
}
