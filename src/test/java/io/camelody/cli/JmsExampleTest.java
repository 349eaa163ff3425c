package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code src/examples/routes/intake-jms.camel.yaml} with a broker. */
@Timeout(120)
final class JmsExampleTest {

    private static final String URL = "vm://7";

    private static EmbeddedActiveMQ broker;
    private static ActiveMQConnectionFactory connections;

    @TempDir
    private Path home;

    @BeforeAll
    static void start() throws Exception {
        broker = new EmbeddedActiveMQ();
        broker.setConfiguration(new ConfigurationImpl()
                .setPersistenceEnabled(false)
                .setSecurityEnabled(false)
                .addAcceptorConfiguration("here", URL)
                .addAddressSetting("#", new AddressSettings().setMaxDeliveryAttempts(-1)));
        broker.start();
        connections = new ActiveMQConnectionFactory(URL);
    }

    @AfterAll
    static void stop() throws Exception {
        connections.close();
        broker.stop();
    }

    @Test
    void eachMessageIsOneSongAndABadOneGoesToTheDeadLetters() {
        send("{\"prompt\": \"a waltz\"}");
        ExampleHome.with(
                "intake-jms",
                home,
                text -> text
                        + "        - throwException:\n            exceptionType: java.io.IOException\n            message: died\n");
        try (Served dying = serve()) {
            await().until(() -> ExampleHome.songs(dying.ledger).size() == 1);
        }
        assertThat(waiting()).as("what was not brought to its end").isEqualTo(1);

        ExampleHome.with("intake-jms", home);
        try (Served served = serve()) {
            send(
                    "{\"id\": \"own\", \"prompt\": \"a tango\"}",
                    "{\"id\": \"own\", \"prompt\": \"a tango\"}",
                    "{\"promt\": \"a slip\"}",
                    "no JSON at all",
                    "[{\"prompt\": \"a list\"}]",
                    "{\"id\": \"own\", \"prompt\": \"another\"}",
                    "{\"id\": \"last\", \"prompt\": \"a polka\"}");

            await().until(() -> waiting() == 0);
            assertThat(ExampleHome.songs(served.ledger)).hasSize(3).contains("own", "last");
            ExampleHome.assertReasons(refused(4));
        }
    }

    private Served serve() {
        return new Served(
                home,
                "camelody.default-vendor",
                "foxai",
                "camelody.jms.queue",
                "songs",
                "camelody.jms.dead-letter-queue",
                "refused",
                "camel.beans.camelodyJms",
                "#class:" + ActiveMQConnectionFactory.class.getName(),
                "camel.beans.camelodyJms.brokerURL",
                URL);
    }

    private static void send(String... messages) {
        try (JMSContext jms = connections.createContext()) {
            for (String message : messages) {
                jms.createProducer().send(jms.createQueue("songs"), message);
            }
        }
    }

    /** How many messages the broker has and keeps, also those that are under way. */
    private static long waiting() {
        return broker.getActiveMQServer().locateQueue("songs").getMessageCount();
    }

    /** The dead letters, each with its reason. */
    private static List<String> refused(int count) {
        try (JMSContext jms = connections.createContext();
                JMSConsumer letters = jms.createConsumer(jms.createQueue("refused"))) {
            return Stream.generate(() -> letters.receive(10_000))
                    .limit(count)
                    .map(JmsExampleTest::letter)
                    .toList();
        }
    }

    private static String letter(Message letter) {
        try {
            return letter.getBody(String.class) + " " + letter.getStringProperty("reason");
        } catch (jakarta.jms.JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
