package io.camelody.settings;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * More accounts of vendors: {@code camelody.foxai-2.like = foxai} makes one. It is a vendor of its own, with its own key,
 * rate, budget and pauses; a setting that it does not have is that of the vendor it is like, and its routes are the
 * vendor's file, read once more (see {@link AccountFile}). Secrets are never taken over: what one account may spend must
 * not be spent by the other.
 *
 * @param likes the vendor of each account, by the account's name
 */
public record Accounts(Map<String, String> likes) {

    public static final Accounts NONE = new Accounts(Map.of());

    private static final Pattern LIKE = Pattern.compile("camelody\\.([a-z0-9][a-z0-9-]{0,39})\\.like");

    private static final Pattern LIKE_VARIABLE = Pattern.compile("CAMELODY_([A-Z0-9][A-Z0-9_]{0,39})_LIKE");

    private static final Pattern SETTING = Pattern.compile("camelody\\.([a-z0-9-]+)\\.(.+)");

    private static final Pattern OWN = Pattern.compile("like|(.*[.-])?(api-key|secret|token|password)");

    /** The name of the setting that an environment variable makes an account with; a vendor's name has no underscore. */
    static Optional<String> settingOf(String variable) {
        Matcher like = LIKE_VARIABLE.matcher(variable);
        return like.matches()
                ? Optional.of(
                        "camelody." + like.group(1).toLowerCase(Locale.ROOT).replace('_', '-') + ".like")
                : Optional.empty();
    }

    /** @param names of all settings */
    static Accounts among(Collection<String> names, Function<String, Optional<String>> values) {
        Map<String, String> likes = new TreeMap<>();
        for (String name : names) {
            Matcher like = LIKE.matcher(name);
            if (like.matches()) {
                values.apply(name)
                        .map(String::strip)
                        .filter(vendor -> !vendor.isEmpty())
                        .ifPresent(vendor -> likes.put(like.group(1), vendor));
            }
        }
        return new Accounts(likes);
    }

    /** The vendor's setting that holds where an account does not have this one. An account of an account has none. */
    Optional<String> standIn(String name) {
        Matcher setting = SETTING.matcher(name);
        if (!setting.matches() || OWN.matcher(setting.group(2)).matches()) {
            return Optional.empty();
        }
        return Optional.ofNullable(likes.get(setting.group(1)))
                .filter(vendor -> !likes.containsKey(vendor))
                .map(vendor -> "camelody." + vendor + "." + setting.group(2));
    }

    /** What names of settings the accounts have by being like a vendor that has {@code names}. */
    Set<String> named(Collection<String> names) {
        Set<String> all = new TreeSet<>();
        for (String name : names) {
            Matcher setting = SETTING.matcher(name);
            if (setting.matches()) {
                likes.forEach((account, vendor) -> {
                    if (vendor.equals(setting.group(1))) {
                        all.add("camelody." + account + "." + setting.group(2));
                    }
                });
            }
        }
        return all;
    }

    /** @param withFile the vendors that have a file in {@code routes/vendors} */
    public void check(Collection<String> withFile, Settings settings) {
        likes.forEach((account, vendor) -> {
            String name = "camelody." + account + ".like";
            settings.text(name);
            if (withFile.contains(account)) {
                settings.problem(
                        "Expected %s to name a new account; routes/vendors has a file of its own for %s. Choose another name, such as %s-2."
                                .formatted(name, account, account));
            } else if (likes.containsKey(vendor) && !withFile.contains(vendor)) {
                settings.problem("Expected %s to be a vendor with a file, got: \"%s\", which is like %s itself."
                        .formatted(name, vendor, likes.get(vendor)));
            } else if (!withFile.contains(vendor)) {
                settings.problem("Expected %s to be a vendor that has a file in routes/vendors (%s), got: \"%s\"."
                        .formatted(name, String.join(", ", withFile), vendor));
            }
        });
    }
}
