package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code src/examples/routes/intake-kafka.camel.yaml} with a broker. */
@Timeout(120)
final class KafkaExampleTest {

    private static final TopicPartition SONGS = new TopicPartition("songs", 0);

    private static KafkaClusterTestKit cluster;
    private static Admin admin;

    @TempDir
    private Path home;

    @BeforeAll
    static void start() throws Exception {
        TestKitNodes one = new TestKitNodes.Builder()
                .setCombined(true)
                .setNumBrokerNodes(1)
                .setNumControllerNodes(1)
                .build();
        cluster = new KafkaClusterTestKit.Builder(one)
                .setConfigProp("offsets.topic.num.partitions", "1")
                .setConfigProp("offsets.topic.replication.factor", "1")
                .setConfigProp("group.initial.rebalance.delay.ms", "0")
                .build();
        cluster.format();
        cluster.startup();
        cluster.waitForReadyBrokers();
        admin = cluster.admin();
        admin.createTopics(List.of(new NewTopic("songs", 1, (short) 1), new NewTopic("refused", 1, (short) 1)))
                .all()
                .get();
    }

    @AfterAll
    static void stop() throws Exception {
        admin.close();
        cluster.close();
    }

    @Test
    void eachMessageIsOneSongAndABadOneGoesToTheDeadLetters() throws Exception {
        send("{\"prompt\": \"a waltz\"}");
        ExampleHome.with(
                "intake-kafka",
                home,
                text -> text.replace(
                        "        - script:\n",
                        "        - throwException:\n            exceptionType: java.io.IOException\n            message: died\n        - script:\n"));
        try (Served dying = serve()) {
            await().until(() -> ExampleHome.songs(dying.ledger).size() == 1);
        }
        assertThat(committed()).as("what was not brought to its end").isZero();

        ExampleHome.with("intake-kafka", home);
        try (Served served = serve()) {
            send("{\"id\": \"own\", \"prompt\": \"a tango\"}");
            send("{\"id\": \"own\", \"prompt\": \"a tango\"}");
            send("{\"promt\": \"a slip\"}");
            send("no JSON at all");
            send("[{\"prompt\": \"a list\"}]");
            send("{\"id\": \"own\", \"prompt\": \"another\"}");
            send("{\"id\": \"last\", \"prompt\": \"a polka\"}");

            await().atMost(Duration.ofSeconds(40)).until(() -> committed() == 8);
            assertThat(ExampleHome.songs(served.ledger)).hasSize(3).contains("own", "last");
            ExampleHome.assertReasons(refused(4));
        }
    }

    private Served serve() {
        return new Served(
                home,
                "camelody.default-vendor",
                "foxai",
                "camelody.kafka.brokers",
                cluster.bootstrapServers(),
                "camelody.kafka.topic",
                "songs",
                "camelody.kafka.group",
                "camelody",
                "camelody.kafka.dead-letter-topic",
                "refused");
    }

    private static void send(String message) throws Exception {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", cluster.bootstrapServers());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("songs", message)).get();
        }
    }

    /** How many messages the group is done with. */
    private static long committed() throws Exception {
        Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets("camelody")
                .partitionsToOffsetAndMetadata()
                .get();
        return offsets.containsKey(SONGS) ? offsets.get(SONGS).offset() : 0;
    }

    /** The dead letters, each with its reason. */
    private static List<String> refused(int count) {
        List<String> texts = new ArrayList<>();
        Properties settings = new Properties();
        settings.put("bootstrap.servers", cluster.bootstrapServers());
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition refused = new TopicPartition("refused", 0);
            consumer.assign(List.of(refused));
            consumer.seekToBeginning(List.of(refused));
            await().until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(letter -> {
                    assertThat(Arrays.stream(letter.headers().toArray()).map(header -> header.key()))
                            .containsExactly("reason");
                    texts.add(letter.value() + " "
                            + new String(letter.headers().lastHeader("reason").value(), StandardCharsets.UTF_8));
                });
                return texts.size() >= count;
            });
        }
        return texts;
    }
}
