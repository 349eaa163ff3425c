package io.camelody.sink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.CRC32;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A bucket that takes files. A file that was put is there whole: the server was given a CRC32 with every request to hold
 * against what it got, and is asked for the object's size and checksum in the end. What a server without checksums stored is
 * known by its ETag.
 *
 * <p>Files beyond the size of one part go up in parts, several at once, read from the disk as they are sent: memory does not
 * grow with them. Thread-safe for different keys.
 */
public final class S3Store implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final Duration REQUEST = Duration.ofMinutes(5);
    private static final int CONNECTIONS = 64;
    private static final int FORBIDDEN = 403;

    private final S3Settings settings;
    private final S3Client client;
    private final ExecutorService pool;

    private S3Store(S3Settings settings, S3Client client) {
        this.settings = settings;
        this.client = client;
        this.pool = Executors.newFixedThreadPool(settings.partsAtOnce(), work -> {
            Thread thread = new Thread(work, "camelody-s3-part");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Opens it without a call to the server. */
    public static S3Store open(S3Settings settings) {
        return new S3Store(settings, newClient(settings));
    }

    private static S3Client newClient(S3Settings settings) {
        return S3Client.builder()
                .region(Region.of(settings.region()))
                .applyMutation(builder -> settings.endpoint().ifPresent(builder::endpointOverride))
                .forcePathStyle(settings.pathStyle())
                .credentialsProvider(credentials(settings))
                // checksums as headers: compatible servers do not all read those that trail a body in chunks
                .serviceConfiguration(service -> service.chunkedEncodingEnabled(false))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_SUPPORTED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .httpClientBuilder(ApacheHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(SILENCE)
                        .maxConnections(CONNECTIONS))
                .overrideConfiguration(calls -> calls.apiCallAttemptTimeout(REQUEST))
                .build();
    }

    private static AwsCredentialsProvider credentials(S3Settings settings) {
        return settings.accessKey()
                .flatMap(access -> settings.secretKey().map(secret -> AwsBasicCredentials.create(access, secret)))
                .<AwsCredentialsProvider>map(StaticCredentialsProvider::create)
                .orElseGet(() -> DefaultCredentialsProvider.builder().build());
    }

    /** The client itself, for what a route puts beside the files. */
    public S3Client client() {
        return client;
    }

    /**
     * Puts a file under a key, in place of what is there.
     *
     * @param metadata in ASCII alone
     * @throws S3FailedException if the server does not confirm it
     * @throws IOException if the file cannot be read
     */
    void put(String key, Path file, String type, Map<String, String> metadata) throws IOException {
        try {
            long size = Files.size(file);
            List<byte[]> checksums = size > settings.partBytes()
                    ? new S3Parts(client, pool, settings, key).put(file, size, type, metadata)
                    : List.of(putWhole(key, file, size, type, metadata));
            confirm(key, file, size, checksums);
        } catch (SdkException e) {
            throw new S3FailedException(e, settings, key);
        }
    }

    private byte[] putWhole(String key, Path file, long size, String type, Map<String, String> metadata)
            throws IOException {
        try (FilePart whole = new FilePart(file, 0, size)) {
            byte[] checksum = whole.crc32();
            PutObjectResponse answer = client.putObject(
                    put -> put.bucket(settings.bucket())
                            .key(key)
                            .contentType(type)
                            .metadata(metadata)
                            .checksumCRC32(FilePart.base64(checksum)),
                    RequestBody.fromContentProvider(whole, size, type));
            boolean plain = answer.ssekmsKeyId() == null && answer.sseCustomerAlgorithm() == null;
            whole.demandSame(settings, key, checksum, answer.checksumCRC32(), plain ? answer.eTag() : null);
            return checksum;
        }
    }

    /**
     * Looks at what was put under a key by the client itself.
     *
     * @throws S3FailedException if something else is there
     */
    void confirm(String key, byte[] sent) {
        CRC32 crc = new CRC32();
        crc.update(sent);
        String checksum = FilePart.base64(bytes(crc));
        try {
            look(key, sent.length).filter(there -> !there.equals(checksum)).ifPresent(there -> {
                throw other(key);
            });
        } catch (SdkException e) {
            throw new S3FailedException(e, settings, key);
        }
    }

    private void confirm(String key, Path file, long size, List<byte[]> checksums) throws IOException {
        Optional<String> checksum = look(key, size);
        if (checksum.isPresent() && !checksum.get().equals(expected(checksum.get(), file, size, checksums))) {
            throw other(key);
        }
    }

    /** @return the checksum of what is there, if it has the size and the server knows a checksum and tells it */
    private Optional<String> look(String key, long size) {
        HeadObjectResponse there;
        try {
            there = client.headObject(
                    head -> head.bucket(settings.bucket()).key(key).checksumMode(ChecksumMode.ENABLED));
        } catch (S3Exception e) {
            if (e.statusCode() == FORBIDDEN) {
                // who may only write cannot look; the answers to the parts have confirmed each of them
                return Optional.empty();
            }
            throw e;
        }
        if (there.contentLength() != size) {
            throw new S3FailedException(
                    "S3 holds %d bytes instead of %d.".formatted(there.contentLength(), size), settings, key);
        }
        return Optional.ofNullable(there.checksumCRC32());
    }

    private S3FailedException other(String key) {
        return new S3FailedException("S3 holds other bytes than were sent.", settings, key);
    }

    private static byte[] bytes(CRC32 crc) {
        return ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
    }

    /** Of an object in parts a server gives the checksum of its parts' checksums and their number, or that of the whole. */
    private static String expected(String given, Path file, long size, List<byte[]> checksums) throws IOException {
        if (!given.contains("-")) {
            try (FilePart whole = new FilePart(file, 0, size)) {
                return FilePart.base64(checksums.size() == 1 ? checksums.get(0) : whole.crc32());
            }
        }
        CRC32 crc = new CRC32();
        checksums.forEach(crc::update);
        return FilePart.base64(bytes(crc)) + "-" + checksums.size();
    }

    @Override
    public void close() {
        pool.shutdownNow();
        client.close();
    }
}
