package io.camelody.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command of a page.
 *
 * @param text as it is typed, its lines joined
 * @param words without quotes; nothing is expanded
 */
public record ShownCommand(String text, List<String> words) {

    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(#.*)|([^\\s'\"]+)|(\\s+)");

    public static ShownCommand of(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        Matcher part = WORD.matcher(text);
        while (part.find()) {
            boolean isComment = part.group(3) != null && !inWord;
            if (isComment) {
                break;
            }
            if (part.group(5) == null) {
                word.append(
                        part.group(1) != null ? part.group(1) : part.group(2) != null ? part.group(2) : part.group());
                inWord = true;
            } else if (inWord) {
                words.add(word.toString());
                word.setLength(0);
                inWord = false;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return new ShownCommand(text, words);
    }

    /** The commands of a block, one a line where no backslash joins it to the next. */
    public static List<ShownCommand> in(Fences fence) {
        return fence.text()
                .replaceAll("\\\\\\n\\s*", "")
                .lines()
                .map(ShownCommand::of)
                .filter(command -> !command.words().isEmpty())
                .toList();
    }

    /** Whether it is Camelody that is called, from a checkout or installed. */
    public boolean isCamelody() {
        return words.get(0).equals("camelody") || words.get(0).endsWith("/camelody");
    }

    /** What Camelody is given. */
    public String[] arguments() {
        return words.subList(1, words.size()).toArray(String[]::new);
    }
}
