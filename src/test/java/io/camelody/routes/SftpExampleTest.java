package io.camelody.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import io.camelody.sink.Delivery;
import io.camelody.vendor.HttpErrors;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code src/examples/sinks/sftp.camel.yaml} against a real server. */
final class SftpExampleTest {

    private static KeyPair hostKey;
    private static KeyPair userKey;
    private static KeyPair otherKey;

    @TempDir
    private Path folder;

    private final List<String> renamed = new CopyOnWriteArrayList<>();
    private final SshServer server = SshServer.setUpDefaultServer();

    @BeforeAll
    static void keys() throws NoSuchAlgorithmException {
        KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
        keys.initialize(2048);
        hostKey = keys.generateKeyPair();
        userKey = keys.generateKeyPair();
        otherKey = keys.generateKeyPair();
    }

    @BeforeEach
    void start() throws IOException {
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setPublickeyAuthenticator(
                (user, key, session) -> user.equals("camelody") && KeyUtils.compareKeys(key, userKey.getPublic()));
        server.setFileSystemFactory(new VirtualFileSystemFactory(Files.createDirectories(folder.resolve("server"))));
        SftpSubsystemFactory sftp = new SftpSubsystemFactory();
        sftp.addSftpEventListener(new SftpEventListener() {
            @Override
            public void moved(
                    ServerSession session, Path from, Path to, Collection<CopyOption> options, Throwable thrown) {
                renamed.add(from.getFileName() + " to " + to.getFileName());
            }
        });
        server.setSubsystemFactories(List.of(sftp));
        server.start();
        Path stage = Files.createDirectories(folder.resolve("stage/s1"));
        Files.writeString(stage.resolve("clip-1.mp3"), "one");
        Files.writeString(stage.resolve("clip-2.mp3"), "two");
        Files.writeString(stage.resolve("cover-1.jpg"), "cover");
        String pem = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(userKey.getPrivate().getEncoded());
        Files.writeString(
                folder.resolve("id_rsa"),
                "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n".formatted(pem));
    }

    @AfterEach
    void stop() throws IOException {
        server.stop(true);
    }

    @Test
    void aSongIsItsFilesUnderTheirNamesWithTheDocumentLast() throws Exception {
        Exchange delivered = deliver(hostKey, song());

        assertThat(delivered.getException()).isNull();
        String place = "sftp://127.0.0.1:%d/songs/s1/clip-".formatted(server.getPort());
        assertThat(delivered.getMessage().getBody(JsonNode.class).toString())
                .isEqualTo("[\"%s1.mp3\",\"%s2.mp3\"]".formatted(place, place));
        assertThat(renamed)
                .containsExactly(
                        "clip-1.mp3.part to clip-1.mp3",
                        "cover-1.jpg.part to cover-1.jpg",
                        "clip-2.mp3.part to clip-2.mp3",
                        "song.json.part to song.json");
        Path there = folder.resolve("server/songs/s1");
        assertThat(there).isDirectoryNotContaining("glob:**.part");
        assertThat(there.resolve("clip-2.mp3")).hasContent("two");
        assertThat(Json.parse(Files.readString(there.resolve("song.json")))).isEqualTo(song());
    }

    @Test
    void deliveringAgainWritesTheSameFilesButForClipsThatAreThere() throws Exception {
        deliver(hostKey, song());
        renamed.clear();
        ObjectNode again = song();
        ((ObjectNode) again.at("/clips/0")).putObject("places").put("sftp", "sftp://somewhere");

        Exchange delivered = deliver(hostKey, again);

        assertThat(delivered.getException()).isNull();
        assertThat(renamed).containsExactly("clip-2.mp3.part to clip-2.mp3", "song.json.part to song.json");
        assertThat(delivered.getMessage().getBody(JsonNode.class)).hasSize(2);
    }

    @Test
    void serverWithAnotherHostKeyGetsNothing() throws Exception {
        Exchange refused = deliver(otherKey, song());

        assertThat(refused.getException()).hasStackTraceContaining("HostKey has been changed");
        assertThat(folder.resolve("server")).isEmptyDirectory();
    }

    private Exchange deliver(KeyPair known, ObjectNode song) throws Exception {
        Path knownHosts = Files.writeString(
                folder.resolve("known_hosts"),
                "[127.0.0.1]:%d %s%n".formatted(server.getPort(), PublicKeyEntry.toString(known.getPublic())));
        Main main = new Main();
        main.setPropertyPlaceholderLocations("false");
        Map.of(
                        "host",
                        "127.0.0.1:" + server.getPort(),
                        "user",
                        "camelody",
                        "folder",
                        "songs",
                        "private-key-file",
                        folder.resolve("id_rsa").toString(),
                        "known-hosts",
                        knownHosts.toString())
                .forEach((name, value) -> main.addInitialProperty("camelody.sftp." + name, value));
        main.configure()
                .withRoutesIncludePattern(
                        "classpath:camelody/routes/errors.camel.yaml,file:src/examples/sinks/sftp.camel.yaml");
        main.bind("camelodyHttpErrors", new HttpErrors(Clock.systemUTC()));
        main.bind("camelodyDelivery", new Delivery(null, Clock.systemUTC()));
        main.start();
        try {
            return main.getCamelContext().createProducerTemplate().send("direct:camelody-sftp-sink", exchange -> {
                exchange.setVariable("songId", "s1");
                exchange.setVariable("folder", folder.resolve("stage/s1").toString());
                exchange.setVariable("song", song);
                exchange.getMessage().setBody(song);
            });
        } finally {
            main.stop();
        }
    }

    private static ObjectNode song() {
        return (ObjectNode) Json.parse("{\"id\":\"s1\",\"clips\":[{\"file\":\"clip-1.mp3\",\"image\":\"cover-1.jpg\"},"
                + "{\"error\":\"The vendor ended this clip as failed.\"},{\"file\":\"clip-2.mp3\"}]}");
    }
}
