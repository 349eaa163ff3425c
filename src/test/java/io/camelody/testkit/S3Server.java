package io.camelody.testkit;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * An S3 server in this process, S3Proxy on a folder, with signatures checked. It keeps a list of what was written, in order:
 * {@code put KEY}, {@code begin KEY}, {@code part KEY 1}, {@code complete KEY}, {@code abort KEY}.
 */
public final class S3Server implements AutoCloseable {

    public static final String BUCKET = "songs";
    public static final String ACCESS_KEY = "camelody-test";
    public static final String SECRET_KEY = "the-secret-of-camelody-test";

    private final S3Proxy server;
    private final BlobStore store;
    private final List<String> written = new CopyOnWriteArrayList<>();
    private String url;
    private volatile byte[] spoilt;
    private volatile Consumer<String> before = what -> {};

    private S3Server(Path folder) {
        this.store = new FilesystemNio2BlobStore(folder.toString());
        if (!store.containerExists(BUCKET)) {
            store.createContainer(BUCKET);
        }
        this.server = S3Proxy.builder()
                .blobStore(new Recording(store))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                .stopTimeout(0)
                .build();
    }

    public static S3Server start(Path folder) {
        S3Server started = new S3Server(folder);
        try {
            started.server.start();
            started.url = "http://127.0.0.1:" + started.server.getPort();
            return started;
        } catch (Exception e) {
            throw new IllegalStateException("S3Proxy did not start.", e);
        }
    }

    public String url() {
        return url;
    }

    /** What lies there, past the server. */
    public BlobStore store() {
        return store;
    }

    public List<String> written() {
        return List.copyOf(written);
    }

    /** Called with each entry of {@link #written} before the store does it; what it throws is the answer. */
    public void before(Consumer<String> each) {
        before = each;
    }

    /** Stores these bytes instead of those that come. */
    public void spoil(byte[] stored) {
        spoilt = stored;
    }

    /** Every key that is there, and those of uploads in parts that nobody has ended. */
    public List<String> keys() {
        return store.list(BUCKET).contents().stream()
                .map(S3Object::key)
                .filter(key -> !key.startsWith(".s3proxy-"))
                .sorted()
                .toList();
    }

    public List<String> begun() {
        return store.listMultipartUploads(BUCKET).stream()
                .map(software.amazon.awssdk.services.s3.model.MultipartUpload::key)
                .toList();
    }

    private void note(String what) {
        before.accept(what);
        written.add(what);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("S3Proxy did not stop.", e);
        }
    }

    private final class Recording extends ForwardingBlobStore {

        Recording(BlobStore store) {
            super(store);
        }

        @Override
        public PutObjectResponse putBlob(PutObjectRequest request, InputStream body) {
            // its own note of an upload in parts
            if (!request.key().startsWith(".s3proxy-")) {
                note("put " + request.key());
            }
            return super.putBlob(request, spoilt == null ? body : new ByteArrayInputStream(spoilt));
        }

        @Override
        public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
            note("begin " + request.key());
            return super.initiateMultipartUpload(request);
        }

        @Override
        public UploadPartResponse uploadMultipartPart(
                MultipartUpload upload, UploadPartRequest request, InputStream body) {
            note("part %s %d".formatted(request.key(), request.partNumber()));
            return super.uploadMultipartPart(upload, request, body);
        }

        @Override
        public CompleteMultipartUploadResponse completeMultipartUpload(
                MultipartUpload upload, CompleteMultipartUploadRequest request) {
            note("complete " + request.key());
            return super.completeMultipartUpload(upload, request);
        }

        @Override
        public void abortMultipartUpload(MultipartUpload upload) {
            note("abort");
            super.abortMultipartUpload(upload);
        }
    }
}
