package io.camelody.bench;

import org.apache.camel.main.Main;

/** Camel with one YAML route of one step and nothing else, on the class path of the packed program: what a start costs at least. */
final class BareCamel {

    private BareCamel() {}

    public static void main(String[] args) throws Exception {
        Main main = new Main();
        main.setPropertyPlaceholderLocations("false");
        main.configure().withRoutesIncludePattern("file:" + args[0]);
        main.start();
        System.out.println("Up");
        Thread.currentThread().join();
    }
}
