package io.camelody.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * All settings of a process, strongest last: the shipped file in the jar, {@code config/application.properties} of the
 * home, environment variables such as {@code CAMELODY_FOXAI_TIMEOUT}, and what the command line gives.
 *
 * <p>What an account does not have is its vendor's, see {@link Accounts}. Values may use {@code {{env:NAME}}}, {@code {{env:NAME:default}}} and {@code {{another.setting}}}.
 */
public final class PropertyFiles {

    private static final String SHIPPED = "/camelody/config/application.properties";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]+)}}");

    private final Map<String, String> values = new HashMap<>();
    private final Map<String, String> environment;
    private final Function<String, Optional<String>> stronger;
    private final Map<String, String> shipped;
    private Accounts accounts = Accounts.NONE;

    /** @param stronger the value of a setting that holds over that of a file */
    private PropertyFiles(Map<String, String> environment, Function<String, Optional<String>> stronger) {
        this.environment = environment;
        this.stronger = stronger;
        try (InputStream in = PropertyFiles.class.getResourceAsStream(SHIPPED)) {
            add(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.shipped = Map.copyOf(values);
    }

    /** @throws BadSettingsException if the home's file cannot be read */
    public static PropertyFiles load(Path home, Map<String, String> environment, Map<String, String> commandLine) {
        PropertyFiles files =
                new PropertyFiles(environment, name -> Optional.ofNullable(environment.get(variable(name))));
        Path own = home.resolve("config/application.properties");
        if (Files.isRegularFile(own)) {
            try (Reader in = Files.newBufferedReader(own)) {
                files.add(in);
            } catch (IOException | IllegalArgumentException e) {
                throw new BadSettingsException(
                        List.of("The settings file could not be read: %s. (file: %s)".formatted(e.getMessage(), own)));
            }
        }
        files.replaceByStronger();
        files.values.putAll(commandLine);
        files.accounts = Accounts.among(files.values.keySet(), files::find);
        return files;
    }

    /**
     * The shipped file with the settings of somebody else's process over it.
     *
     * @param own answers the value of a setting with its placeholders resolved, or nothing where there is none
     * @param names those that are known to be there, beside those of the shipped file
     */
    public static PropertyFiles over(
            Function<String, Optional<String>> own, Set<String> names, Map<String, String> environment) {
        PropertyFiles files = new PropertyFiles(environment, own);
        names.forEach(name -> files.values.put(name, ""));
        files.replaceByStronger();
        files.accounts = Accounts.among(files.values.keySet(), files::find);
        return files;
    }

    /** Accounts are not in any file where a variable makes them. */
    private void replaceByStronger() {
        values.replaceAll((name, value) -> stronger.apply(name).orElse(value));
        environment.forEach(
                (variable, value) -> Accounts.settingOf(variable).ifPresent(name -> values.put(name, value)));
    }

    /** The environment variable that sets a property: {@code camelody.foxai.api-key} is {@code CAMELODY_FOXAI_API_KEY}. */
    public static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    private void add(Reader in) throws IOException {
        Properties properties = new Properties();
        properties.load(in);
        properties.stringPropertyNames().forEach(name -> values.put(name, properties.getProperty(name)));
    }

    /** @throws BadSettingsException if the setting's value reads itself */
    public Optional<String> find(String name) {
        return find(name, new LinkedHashSet<>());
    }

    private Optional<String> find(String name, Set<String> readers) {
        if (!readers.add(name)) {
            throw new BadSettingsException(List.of("Expected %s to have a value of its own; it reads itself through %s."
                    .formatted(name, String.join(", ", readers))));
        }
        String value = values.get(name);
        if (value == null && name.startsWith("camelody.")) {
            value = stronger.apply(name).orElse(null);
        }
        Optional<String> resolved = value != null
                ? Optional.of(resolve(value, readers))
                : accounts.standIn(name).flatMap(other -> find(other, readers));
        readers.remove(name);
        return resolved;
    }

    /** The further accounts of vendors that are set up. */
    public Accounts accounts() {
        return accounts;
    }

    /** The names that are set, in whichever way. */
    public Set<String> names() {
        return Set.copyOf(values.keySet());
    }

    /** The names of the shipped file; all others come from the home's file or the command line. */
    public Set<String> shipped() {
        return shipped.keySet();
    }

    /** Whether a setting of the shipped file has the value that it has there. */
    public boolean isAsShipped(String name) {
        return shipped.get(name).equals(values.get(name));
    }

    /** The names that the values of other settings refer to. */
    public Set<String> referredTo() {
        return values.values().stream()
                .flatMap(value -> PLACEHOLDER.matcher(value).results())
                .map(match -> match.group(1))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Every setting with its placeholders resolved, those of accounts too. */
    public Map<String, String> all() {
        Map<String, String> all = new TreeMap<>();
        values.keySet().forEach(name -> all.put(name, find(name).orElse("")));
        accounts.named(values.keySet()).forEach(name -> all.put(name, find(name).orElse("")));
        return all;
    }

    /** The environment variable that a setting reads its value from, for messages that say what to set. */
    public Optional<String> variableBehind(String name) {
        Matcher matcher =
                Pattern.compile("\\{\\{env:([A-Za-z0-9_]+)(:[^{}]*)?}}").matcher(values.getOrDefault(name, ""));
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private String resolve(String value, Set<String> readers) {
        return PLACEHOLDER
                .matcher(value)
                .replaceAll(match -> Matcher.quoteReplacement(resolveName(match.group(1), readers)));
    }

    private String resolveName(String name, Set<String> readers) {
        if (name.startsWith("env:")) {
            String[] parts = name.substring(4).split(":", 2);
            return Optional.ofNullable(environment.get(parts[0])).orElse(parts.length == 2 ? parts[1] : "");
        }
        return find(name, readers).orElse("");
    }
}
