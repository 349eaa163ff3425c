package io.camelody.request;

/**
 * How many requests are accepted together: enough that they share what a transaction costs, and few enough that memory stays
 * small however long each of them is.
 */
public final class Portion {

    private static final int REQUESTS = 1_000;
    private static final int CHARACTERS = 2 << 20;

    private int requests;
    private int characters;

    /** Counts one. @return whether there is room for another */
    public boolean takes(ReadItem item) {
        requests++;
        characters += item.raw().length();
        return requests < REQUESTS && characters < CHARACTERS;
    }
}
