package io.camelody.component;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;

/** One thing that can be wrong, as Camel's health registries know it. */
final class SongHealthCheck implements HealthCheck {

    private final String id;
    private final boolean isLiveness;
    private final Supplier<Optional<String>> trouble;
    private volatile boolean enabled = true;

    /**
     * @param isLiveness whether it tells that the process needs a restart, and not that it has to be waited for
     * @param trouble what is wrong, for people; empty where all is well
     */
    SongHealthCheck(String id, boolean isLiveness, Supplier<Optional<String>> trouble) {
        this.id = id;
        this.isLiveness = isLiveness;
        this.trouble = trouble;
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public String getGroup() {
        return "camelody";
    }

    @Override
    public boolean isEnabled() {
        return enabled;
    }

    @Override
    public void setEnabled(boolean isEnabled) {
        enabled = isEnabled;
    }

    @Override
    public boolean isLiveness() {
        return isLiveness;
    }

    @Override
    public boolean isReadiness() {
        return !isLiveness;
    }

    @Override
    public Result call(Map<String, Object> options) {
        HealthCheckResultBuilder result = HealthCheckResultBuilder.on(this);
        return trouble.get()
                .map(what -> result.down().message(what))
                .orElseGet(result::up)
                .build();
    }
}
