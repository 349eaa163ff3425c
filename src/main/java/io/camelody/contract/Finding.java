package io.camelody.contract;

/**
 * What is wrong with a vendor's file, or may be.
 *
 * @param isBad whether it is certainly wrong: money or songs could be lost by it
 * @param words where it is, what it did, and what it should do
 */
public record Finding(boolean isBad, String words) {

    static Finding bad(String words) {
        return new Finding(true, words);
    }

    static Finding hint(String words) {
        return new Finding(false, words);
    }
}
