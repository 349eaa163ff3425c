package io.camelody.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What may be done at a path, for the answer to who tried something else. */
final class AllowedMethods {

    private AllowedMethods() {}

    /** With commas between them. */
    static String of(Router router, String path) {
        return router.getRoutes().stream()
                .filter(route -> route.methods() != null && isAt(route, path))
                .flatMap(route -> route.methods().stream())
                .map(HttpMethod::name)
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .collect(Collectors.joining(", "));
    }

    private static boolean isAt(Route route, String path) {
        if (route.getPath() == null) {
            return false;
        }
        String[] parts = route.getPath().split("/");
        String[] given = path.split("/");
        if (parts.length != given.length) {
            return false;
        }
        for (int i = 0; i < parts.length; i++) {
            if (!parts[i].startsWith(":") && !parts[i].equals(given[i])) {
                return false;
            }
        }
        return true;
    }
}
