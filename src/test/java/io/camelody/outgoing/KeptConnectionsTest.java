package io.camelody.outgoing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.TimeValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class KeptConnectionsTest {

    @Test
    void aConnectionThatNobodyComesForAgainIsClosed() throws Exception {
        HttpClientBuilder builder = HttpClientBuilder.create();
        KeptConnections.keepAndCleanIn(builder, TimeValue.ofMilliseconds(200));
        try (ServerSocket host = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                CloseableHttpClient client = builder.build()) {
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> get(client, host));
            try (Socket caller = host.accept()) {
                // it is read to the end of what the caller sends, which is when it closes
                caller.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nla".getBytes(US_ASCII));
                caller.setSoTimeout(10_000);

                String asked = new String(caller.getInputStream().readAllBytes(), US_ASCII);

                assertThat(answer.join()).isEqualTo("la");
                assertThat(asked).startsWith("GET / ");
            }
        }
    }

    private static String get(CloseableHttpClient client, ServerSocket host) {
        try {
            return client.execute(
                    new HttpGet("http://127.0.0.1:" + host.getLocalPort()),
                    answer -> EntityUtils.toString(answer.getEntity()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
