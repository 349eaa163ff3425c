package io.camelody.soak;

/** Something that goes wrong for a while, with the machine, the processes or the ledger. */
interface Mishap {

    /** What it is called where it is counted. */
    String name();

    /** @param seconds after which it ends, by {@link #end} or by itself */
    void begin(int seconds) throws Exception;

    default void end() throws Exception {}
}
