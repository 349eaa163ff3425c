package io.camelody.audio;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.camelody.audio.BrokenDownloadException.Kind;
import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * A URL that a vendor gave, or that its host redirected to, once it has been looked at.
 *
 * <p>Vendors have been seen to give null, {@code …/None.mp3} and {@code …/api/forbidden} for songs that they call done.
 * Such a URL is refused before anything is asked for, and so is any scheme but http and https.
 */
record AudioUrl(URI uri) {

    private static final Set<String> NOTHING = Set.of("none", "null", "undefined", "nan", "false");

    /** @throws BrokenDownloadException of kind bad-url */
    static AudioUrl of(String text) {
        if (text == null || text.isBlank()) {
            throw new BrokenDownloadException(Kind.BAD_URL, "The vendor gave no URL.", "url: none");
        }
        try {
            return check(URI.create(escaped(text.strip())));
        } catch (IllegalArgumentException e) {
            // its message holds the whole text, signature and all, so it is not handed on
            throw new BrokenDownloadException(Kind.BAD_URL, "The URL cannot be read.", "url: " + shown(text));
        }
    }

    /** The URL that a redirect from here to {@code location} leads to. */
    AudioUrl resolve(String location) {
        try {
            return check(uri.resolve(escaped(location.strip())));
        } catch (IllegalArgumentException e) {
            throw new BrokenDownloadException(
                    Kind.BAD_URL, "The URL was redirected to one that cannot be read.", "url: " + this);
        }
    }

    private static AudioUrl check(URI uri) {
        AudioUrl url = new AudioUrl(uri);
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https") || uri.getHost() == null) {
            throw refused("Expected a URL with http or https and a host.", url);
        }
        if (uri.getRawUserInfo() != null) {
            throw refused("The URL holds a user name, and none is ever sent.", url);
        }
        String path = uri.getPath().toLowerCase(Locale.ROOT);
        String file = path.substring(path.lastIndexOf('/') + 1);
        String name = file.contains(".") ? file.substring(0, file.lastIndexOf('.')) : file;
        if (NOTHING.contains(name) || path.endsWith("/api/forbidden")) {
            throw refused("The vendor gave a URL that stands for no file.", url);
        }
        return url;
    }

    private static BrokenDownloadException refused(String what, AudioUrl url) {
        return new BrokenDownloadException(Kind.BAD_URL, what, "url: " + url);
    }

    // titles end up in file names, with their spaces and umlauts
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : text.getBytes(UTF_8)) {
            char c = (char) (b & 0xff);
            if (c <= ' ' || c >= 0x7f || "\"<>\\^`{|}".indexOf(c) >= 0) {
                escaped.append('%').append("%02X".formatted((int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static String shown(String text) {
        String bare = text.replaceFirst("[?#].*", "").replaceFirst("//[^/]*@", "//");
        return bare.length() > 100 ? bare.substring(0, 100) + "…" : bare;
    }

    /** Host and path alone: a query may be a signature. */
    @Override
    public String toString() {
        return shown(uri.toString());
    }
}
