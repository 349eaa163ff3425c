package io.camelody.bench;

import io.camelody.request.Json;
import io.camelody.sink.S3Settings;
import io.camelody.sink.S3Sink;
import io.camelody.sink.S3Store;
import io.camelody.testkit.S3Server;
import io.camelody.testkit.TestCamel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * A program that uploads every file of a folder, eight at a time, and says {@code seconds heapMegabytes}: with the sink, or
 * with the SDK alone, which checks nothing, reads large files part by part into memory and sends as many parts at once.
 */
final class S3Upload {

    private static final int AT_ONCE = 8;
    private static final int PART = 8 * 1024 * 1024;
    private static final int PARTS_AT_ONCE = 4;

    private interface Upload {

        void accept(Path file) throws Exception;
    }

    private S3Upload() {}

    /**
     * {@code sink}, {@code sdk} or {@code sdk-chunked}, which signs a body in chunks, the server's URL, a folder to warm up with, the folder.
     */
    public static void main(String[] arguments) throws Exception {
        URI url = URI.create(arguments[1]);
        if (arguments[0].equals("sink")) {
            S3Settings settings = new S3Settings(
                    S3Server.BUCKET,
                    "sink/",
                    "us-east-1",
                    Optional.of(url),
                    true,
                    Optional.of(S3Server.ACCESS_KEY),
                    Optional.of(S3Server.SECRET_KEY),
                    PART,
                    PARTS_AT_ONCE);
            CamelContext camel = TestCamel.context();
            try (S3Store store = S3Store.open(settings)) {
                S3Sink sink = new S3Sink(store, settings);
                run(arguments, file -> deliver(sink, camel, file));
            }
        } else {
            ExecutorService parts = Executors.newFixedThreadPool(PARTS_AT_ONCE);
            try (S3Client client = S3Client.builder()
                    .region(Region.US_EAST_1)
                    .endpointOverride(url)
                    .forcePathStyle(true)
                    .serviceConfiguration(service -> service.chunkedEncodingEnabled(arguments[0].equals("sdk-chunked")))
                    .credentialsProvider(StaticCredentialsProvider.create(
                            AwsBasicCredentials.create(S3Server.ACCESS_KEY, S3Server.SECRET_KEY)))
                    .build()) {
                run(arguments, file -> put(client, parts, file));
            } finally {
                parts.shutdown();
            }
        }
    }

    private static void run(String[] arguments, Upload upload) throws Exception {
        all(Path.of(arguments[2]), upload);
        long start = System.nanoTime();
        all(Path.of(arguments[3]), upload);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.println("took " + seconds + " " + peakHeap() / 1_000_000);
    }

    private static void all(Path folder, Upload upload) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        try (Stream<Path> files = Files.list(folder)) {
            List<Callable<Void>> calls = new ArrayList<>();
            for (Path file : files.toList()) {
                calls.add(() -> {
                    upload.accept(file);
                    return null;
                });
            }
            for (Future<Void> call : pool.invokeAll(calls)) {
                call.get();
            }
        } finally {
            pool.shutdown();
        }
    }

    private static void deliver(S3Sink sink, CamelContext camel, Path file) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.setVariable("folder", file.getParent().toString());
        exchange.getMessage()
                .setBody(Json.parse("{\"id\": \"bench\", \"vendor\": \"foxai\", \"clips\": [{\"file\": \"%s\"}]}"
                        .formatted(file.getFileName())));
        sink.deliver(exchange);
        if (exchange.getVariable("document") == null) {
            throw new IllegalStateException(String.valueOf(exchange.getMessage().getBody()));
        }
    }

    private static void put(S3Client client, ExecutorService pool, Path file) throws Exception {
        String key = "sdk/" + file.getFileName();
        long size = Files.size(file);
        if (size <= PART) {
            client.putObject(put -> put.bucket(S3Server.BUCKET).key(key), RequestBody.fromFile(file));
            return;
        }
        String upload = client.createMultipartUpload(
                        create -> create.bucket(S3Server.BUCKET).key(key))
                .uploadId();
        List<Callable<CompletedPart>> calls = new ArrayList<>();
        for (long from = 0; from < size; from += PART) {
            int number = calls.size() + 1;
            long start = from;
            int length = (int) Math.min(PART, size - from);
            calls.add(() -> {
                var answer = client.uploadPart(
                        part -> part.bucket(S3Server.BUCKET)
                                .key(key)
                                .uploadId(upload)
                                .partNumber(number),
                        RequestBody.fromBytes(read(file, start, length)));
                return CompletedPart.builder()
                        .partNumber(number)
                        .eTag(answer.eTag())
                        .checksumCRC32(answer.checksumCRC32())
                        .build();
            });
        }
        List<CompletedPart> parts = new ArrayList<>();
        for (Future<CompletedPart> part : pool.invokeAll(calls)) {
            parts.add(part.get());
        }
        client.completeMultipartUpload(complete ->
                complete.bucket(S3Server.BUCKET).key(key).uploadId(upload).multipartUpload(all -> all.parts(parts)));
    }

    private static byte[] read(Path file, long from, int length) throws IOException {
        byte[] bytes = new byte[length];
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(from);
            in.readFully(bytes);
        }
        return bytes;
    }

    private static long peakHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(MemoryUsage::getUsed)
                .sum();
    }
}
