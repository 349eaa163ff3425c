package io.camelody.http;

import java.nio.file.Path;

/**
 * A file of a clip as it is served.
 *
 * @param tag names its bytes, in quotes
 * @param name what a browser calls it
 */
record ClipFile(Path path, long size, String tag, String mediaType, String name) {}
