package io.camelody.sandbox;

import java.util.function.Function;

/**
 * One documented call.
 *
 * @param path in full, or up to and with the slash before an id
 */
record Route(String method, String path, Fault.Call call, Function<Request, Answer> answer) {

    boolean hasId() {
        return path.endsWith("/");
    }
}
