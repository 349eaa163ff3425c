package io.camelody.audio;

import java.io.IOException;

/** A file that begins like audio and then is none; the message is a sentence's end, as in "it ends inside a header". */
final class UnplayableException extends IOException {

    private static final long serialVersionUID = 1L;

    UnplayableException(String why) {
        super(why);
    }
}
