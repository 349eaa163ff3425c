package io.camelody.wiring;

import io.camelody.audio.AudioFetcher;
import io.camelody.audio.SongAudio;
import io.camelody.component.SongRuntime;
import io.camelody.component.Submits;
import io.camelody.ledger.SongLedger;
import io.camelody.outgoing.OutgoingHttp;
import io.camelody.settings.WebhookSettings;
import io.camelody.sink.Deliveries;
import io.camelody.sink.Delivery;
import io.camelody.sink.FolderSink;
import io.camelody.sink.FreshAnswer;
import io.camelody.sink.S3Settings;
import io.camelody.sink.S3Sink;
import io.camelody.sink.S3Store;
import io.camelody.vendor.CallWatch;
import io.camelody.vendor.HttpErrors;
import io.camelody.vendor.TaskAnswer;
import io.camelody.vendor.VendorHttp;
import io.camelody.webhook.NoticeSender;
import io.camelody.webhook.Webhook;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;

/**
 * What the shipped routes and the {@code song:} endpoints of one Camel context work with. The program and an estate have the
 * same, made here. The ledger is the caller's, and stays open.
 */
public final class Wiring implements AutoCloseable {

    private final HomeSettings home;
    private final SongRuntime runtime;
    private final SongAudio audio;
    private final StagedClips clips;
    private final List<Runnable> atEnd = new ArrayList<>();
    private Optional<NoticeSender> notices = Optional.empty();

    public Wiring(HomeSettings home, SongRuntime runtime) {
        this.home = home;
        this.runtime = runtime;
        this.audio = new SongAudio(
                new AudioFetcher(home.addresses(), home.fetch()),
                home.stage(),
                TaskAnswer::hasEndedBadly,
                home.finish());
        this.clips = new StagedClips(home.stage(), audio, runtime.ledger().catalog());
    }

    /** Binds every bean that the routes of the work, the vendors and the sinks name. */
    public void bind(BiConsumer<String, Object> registry) {
        registry.accept("camelodyRuntime", runtime);
        registry.accept("camelodySubmits", new Submits());
        registry.accept("camelodyDelivery", new Delivery(audio, runtime.time().clock()));
        registry.accept("camelodyDeliveries", new Deliveries());
        registry.accept("camelodyFreshAnswer", new FreshAnswer());
        registry.accept("camelodyFileSink", new FolderSink(home.songs(), home.stage()));
        home.s3().ifPresent(s3 -> bindS3(s3, registry));
        registry.accept("camelodyWebhook", webhook());
        registry.accept("camelodyHttpErrors", new HttpErrors(Clock.systemUTC()));
        VendorHttp http = new VendorHttp();
        registry.accept("camelodyVendorHttp", http);
        registry.accept("camelodyStatusHttp", http.keeping());
        registry.accept("camelodyCallWatch", new CallWatch());
    }

    /** A class is loaded when it is used, so that who has not this sink starts without Amazon's. */
    private void bindS3(S3Settings settings, BiConsumer<String, Object> registry) {
        S3Store store = S3Store.open(settings);
        registry.accept("camelodyS3Client", store.client());
        registry.accept("camelodyS3Sink", new S3Sink(store, settings));
        atEnd.add(store::close);
    }

    private Webhook webhook() {
        WebhookSettings settings = home.work().webhook();
        OutgoingHttp http = new OutgoingHttp(home.addresses(), settings.timeout());
        return new Webhook(settings, http, Clock.systemUTC(), runtime.time().random());
    }

    /** Before routes start: sets the budget, and puts away what nobody needs any more of what was fetched. */
    public void beginWork() {
        SongLedger ledger = runtime.ledger();
        ledger.keepWithin(home.budget());
        ledger.onEnd(clips::clearUnlessOfUse);
        runtime.onLost(clips::clearUnlessOfUse);
        clips.begin();
    }

    /** When routes have started: tells receivers of webhooks what happens to songs, where there is a secret to sign with. */
    public void sendNotices(CamelContext context) {
        if (!home.work().webhook().secrets().isEmpty()) {
            NoticeSender sender = new NoticeSender(context, runtime.ledger(), runtime.scope());
            sender.start();
            notices = Optional.of(sender);
        }
    }

    /** Before routes stop. */
    public void stopNotices() {
        notices.ifPresent(NoticeSender::stop);
    }

    /** When routes have stopped. */
    @Override
    public void close() {
        clips.close();
        atEnd.forEach(Runnable::run);
    }
}
