package io.camelody.sink;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Puts one large file in parts. An upload that fails is given up on the server too, where its parts would cost money for ever;
 * what the server was not there to hear of, the next upload of the key gives up first.
 */
final class S3Parts {

    private static final Logger LOG = LoggerFactory.getLogger(S3Parts.class);

    private final S3Client client;
    private final ExecutorService pool;
    private final S3Settings settings;
    private final String key;
    private volatile boolean givenUp;

    S3Parts(S3Client client, ExecutorService pool, S3Settings settings, String key) {
        this.client = client;
        this.pool = pool;
        this.settings = settings;
        this.key = key;
    }

    private record Part(CompletedPart answer, byte[] checksum) {}

    /** @return the parts' checksums */
    List<byte[]> put(Path file, long size, String type, Map<String, String> metadata) throws IOException {
        giveUpLeftovers();
        String upload = client.createMultipartUpload(create -> create.bucket(settings.bucket())
                        .key(key)
                        .contentType(type)
                        .metadata(metadata)
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32))
                .uploadId();
        try {
            List<Part> parts = send(upload, file, size);
            client.completeMultipartUpload(complete -> complete.bucket(settings.bucket())
                    .key(key)
                    .uploadId(upload)
                    .multipartUpload(
                            all -> all.parts(parts.stream().map(Part::answer).toList())));
            return parts.stream().map(Part::checksum).toList();
        } catch (IOException | RuntimeException | Error e) {
            givenUp = true;
            giveUp(upload, e);
            throw e;
        }
    }

    /**
     * Returns when no part is under way any more, so that giving the upload up leaves nothing. An interrupt does not wait for them:
     * each that ends later gives the upload up once more.
     */
    private List<Part> send(String upload, Path file, long size) throws IOException {
        AtomicReference<Throwable> broken = new AtomicReference<>();
        List<Callable<Part>> calls = new ArrayList<>();
        for (long from = 0; from < size; from += settings.partBytes()) {
            int number = calls.size() + 1;
            long start = from;
            long length = Math.min(settings.partBytes(), size - from);
            calls.add(() -> {
                if (broken.get() != null) {
                    throw new CancellationException();
                }
                try {
                    return send(upload, number, new FilePart(file, start, length));
                } catch (IOException | RuntimeException | Error e) {
                    broken.compareAndSet(null, e);
                    throw e;
                } finally {
                    if (givenUp) {
                        giveUp(upload, new CancellationException());
                    }
                }
            });
        }
        try {
            List<Part> parts = new ArrayList<>();
            for (Future<Part> part : pool.invokeAll(calls)) {
                parts.add(part.get());
            }
            return parts;
        } catch (ExecutionException e) {
            Throwable first = broken.get();
            if (first instanceof IOException broke) {
                throw broke;
            }
            if (first instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) first;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw AbortedException.create("interrupted", e);
        }
    }

    private Part send(String upload, int number, FilePart part) throws IOException {
        try (part) {
            byte[] checksum = part.crc32();
            UploadPartResponse answer = client.uploadPart(
                    request -> request.bucket(settings.bucket())
                            .key(key)
                            .uploadId(upload)
                            .partNumber(number)
                            .checksumCRC32(FilePart.base64(checksum)),
                    RequestBody.fromContentProvider(part, part.length(), "application/octet-stream"));
            boolean plain = answer.ssekmsKeyId() == null && answer.sseCustomerAlgorithm() == null;
            part.demandSame(settings, key, checksum, answer.checksumCRC32(), plain ? answer.eTag() : null);
            // a checksum that the server did not give back is not one that it knows
            return new Part(
                    CompletedPart.builder()
                            .partNumber(number)
                            .eTag(answer.eTag())
                            .checksumCRC32(answer.checksumCRC32())
                            .build(),
                    checksum);
        }
    }

    private void giveUp(String upload, Throwable why) {
        boolean interrupted = Thread.interrupted();
        try {
            client.abortMultipartUpload(
                    abort -> abort.bucket(settings.bucket()).key(key).uploadId(upload));
        } catch (SdkException e) {
            why.addSuppressed(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void giveUpLeftovers() {
        try {
            for (MultipartUpload old : client.listMultipartUploadsPaginator(
                            list -> list.bucket(settings.bucket()).prefix(key))
                    .uploads()) {
                if (old.key().equals(key)) {
                    client.abortMultipartUpload(
                            abort -> abort.bucket(settings.bucket()).key(key).uploadId(old.uploadId()));
                }
            }
        } catch (S3Exception e) {
            // who may not list, or a server that cannot: a rule of the bucket's removes them
            LOG.debug("Begun uploads were not listed: {} (key: {})", e.getMessage(), key);
        }
    }
}
