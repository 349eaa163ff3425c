package io.camelody.http;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where no token is asked for, keeps the pages of others off that a browser on this machine shows. A page whose name was made
 * to resolve to this machine calls with that name as Host, and is sent away; one that calls across sites may not change a thing.
 */
final class BrowserGuard implements Handler<RoutingContext> {

    private static final Pattern THIS_MACHINE =
            Pattern.compile("(?i)(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?");

    private static final Set<HttpMethod> LOOKING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    private static final HttpProblem HOST = HttpProblem.of(
            403,
            "forbidden",
            "Expected Host to be localhost, 127.0.0.1 or [::1]. To be reached by another name set camelody.http.token.");

    private static final HttpProblem SITE =
            HttpProblem.of(403, "forbidden", "Pages of other sites may not do this. See camelody.http.cors-origin.");

    private final List<String> allowed;

    /** @param allowed the origins of pages that may call all the same */
    BrowserGuard(List<String> allowed) {
        this.allowed = allowed;
    }

    @Override
    public void handle(RoutingContext call) {
        MultiMap headers = call.request().headers();
        List<String> hosts = headers.getAll("Host");
        if (hosts.size() != 1 || !THIS_MACHINE.matcher(hosts.get(0)).matches()) {
            HOST.answer(call);
        } else if (LOOKING.contains(call.request().method()) || isOwn(headers, "http://" + hosts.get(0))) {
            call.next();
        } else {
            SITE.answer(call);
        }
    }

    /** A program sends neither header. */
    private boolean isOwn(MultiMap headers, String own) {
        List<String> origins = headers.getAll("Origin");
        if (origins.size() == 1 && allowed.contains(origins.get(0))) {
            return true;
        }
        return origins.stream().allMatch(own::equalsIgnoreCase)
                && OWN_SITES.containsAll(headers.getAll("Sec-Fetch-Site"));
    }
}
