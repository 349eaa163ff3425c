package io.camelody.settings;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The routes of an account: the file of the vendor that it is like, with the account's name in the places where the file
 * names the vendor to Camel. These are the names that begin with {@code camelody-foxai} (route ids, direct endpoints, the
 * group) and the settings {@code camelody.foxai.…}; a path, a header or a text that has the same word keeps it. Lines stay
 * where they are.
 *
 * @param file where the vendor's file is, as Camel writes it
 */
public record AccountFile(String account, String vendor, String file) {

    /** What the place of such a file begins with, for Camel to find who reads it. */
    public static final String SCHEME = "camelody-account";

    private static final Pattern PLACE = Pattern.compile(SCHEME + ":([a-z0-9-]+)=([a-z0-9-]+)@(.+)");

    /** @return empty if {@code place} is that of an ordinary file */
    public static Optional<AccountFile> at(String place) {
        Matcher matcher = PLACE.matcher(place);
        return matcher.matches()
                ? Optional.of(new AccountFile(matcher.group(1), matcher.group(2), matcher.group(3)))
                : Optional.empty();
    }

    /** Where Camel finds it. */
    public String place() {
        return "%s:%s=%s@%s".formatted(SCHEME, account, vendor, file);
    }

    /** The account's text, or name of a setting. @param text the vendor's */
    public String read(String text) {
        return Pattern.compile("(?<![A-Za-z0-9._-])camelody(?:-%1$s(?![A-Za-z0-9_])|\\.%1$s(?=\\.))".formatted(vendor))
                .matcher(text)
                .replaceAll(name -> name.group().substring(0, "camelody.".length()) + account);
    }
}
