package io.camelody.wiring;

import io.camelody.intake.Inbox;
import io.camelody.intake.LeftBehind;
import io.camelody.intake.SettledFiles;
import io.camelody.ledger.SongLedger;
import io.camelody.settings.Settings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.camel.builder.RouteBuilder;
import org.quartz.CronExpression;

/**
 * The drop folders.
 *
 * @param schedule when they are looked at, as a Quartz cron expression; empty for always
 */
public record Inboxes(List<Path> folders, Optional<String> schedule) {

    public static Inboxes read(Path home, Settings settings) {
        Optional<String> schedule = settings.text("camelody.inbox.schedule");
        if (schedule.isPresent() && !Jars.have("org.apache.camel.component.quartz.QuartzComponent")) {
            settings.problem(
                    "camelody.inbox.schedule needs Quartz, which is not there. Add the dependency org.apache.camel:camel-quartz, or leave it empty.");
            return new Inboxes(List.of(), schedule);
        }
        schedule.filter(cron -> !CronExpression.isValidExpression(cron))
                .ifPresent(cron -> settings.problem(
                        "Expected camelody.inbox.schedule to be a Quartz cron expression, such as 0 0 2 * * ? for two at night, got: \"%s\"."
                                .formatted(cron)));
        return new Inboxes(
                settings.list("camelody.inbox").stream().map(home::resolve).toList(), schedule);
    }

    /** Binds what the routes of {@code intake-folder} name. */
    public void bind(SongLedger ledger, boolean sandbox, BiConsumer<String, Object> registry) {
        new LeftBehind(ledger, sandbox).settle(folders);
        registry.accept("camelodyInbox", new Inbox(ledger, sandbox));
        registry.accept("camelodySettledFiles", new SettledFiles(Clock.systemUTC()));
    }

    /** A route for each folder, from the template in {@code intake-folder}. */
    public RouteBuilder routes() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                int number = 0;
                for (Path inbox : folders) {
                    var route = templatedRoute("camelody-intake-folder")
                            .routeId("camelody-intake-folder-" + ++number)
                            .parameter("folder", inbox.toString());
                    schedule.ifPresent(
                            cron -> route.parameter("scheduler", "quartz").parameter("cron", cron));
                }
            }
        };
    }
}
