package io.camelody.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

@Timeout(20)
final class S3PartsTest {

    private static final int PART = 8;

    @TempDir
    private Path folder;

    private final ExecutorService pool = Executors.newFixedThreadPool(1);
    private final AtomicInteger aborts = new AtomicInteger();

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    @Test
    void errorInAPartIsThrownAsItIs() {
        S3Parts parts = parts(() -> {
            throw new StackOverflowError("in the client");
        });

        assertThatThrownBy(() -> put(parts)).isInstanceOf(StackOverflowError.class);
        assertThat(aborts).hasValue(1);
    }

    @Test
    void partThatEndsAfterTheInterruptLeavesNothingOnTheServer() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        S3Parts parts = parts(() -> {
            begun.countDown();
            awaitDeaf(goOn);
            return UploadPartResponse.builder().eTag("e").build();
        });
        AtomicReference<Throwable> ended = new AtomicReference<>();
        Thread upload = new Thread(() -> {
            try {
                put(parts);
            } catch (IOException | RuntimeException e) {
                ended.set(e);
            }
        });
        upload.start();
        begun.await();

        upload.interrupt();
        upload.join();
        assertThat(ended.get()).isInstanceOf(AbortedException.class);
        assertThat(aborts).hasValue(1);
        goOn.countDown();

        await().until(() -> aborts.get() == 2);
    }

    private void put(S3Parts parts) throws IOException {
        Path file = Files.write(folder.resolve("clip.mp3"), new byte[2 * PART]);
        parts.put(file, 2 * PART, "audio/mpeg", Map.of());
    }

    /** @param part what the server does with each part */
    private S3Parts parts(Supplier<UploadPartResponse> part) {
        S3Client client = (S3Client) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {S3Client.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "createMultipartUpload":
                            return CreateMultipartUploadResponse.builder()
                                    .uploadId("u")
                                    .build();
                        case "uploadPart":
                            return part.get();
                        case "abortMultipartUpload":
                            aborts.incrementAndGet();
                            return null;
                        default:
                            throw S3Exception.builder().statusCode(501).build();
                    }
                });
        S3Settings settings = new S3Settings(
                "b", "", "us-east-1", Optional.empty(), true, Optional.empty(), Optional.empty(), PART, 1);
        return new S3Parts(client, pool, settings, "s1/clip.mp3");
    }

    /** As a socket is read. */
    private static void awaitDeaf(CountDownLatch latch) {
        boolean over = false;
        while (!over) {
            try {
                latch.await();
                over = true;
            } catch (InterruptedException e) {
                // deaf
            }
        }
    }
}
