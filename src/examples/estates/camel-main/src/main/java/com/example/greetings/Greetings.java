package com.example.greetings;

import org.apache.camel.main.Main;

/** A plain Camel Main. The routes stand in resources/camel, the settings in resources/application.properties. */
public final class Greetings {

    private Greetings() {}

    public static void main(String[] args) throws Exception {
        new Main().run(args);
    }
}
