package io.camelody.sink;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/** S3 did not take an object. The message says what to mend; nothing is lost by trying again. */
public final class S3FailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private static final Set<String> CREDENTIALS = Set.of(
            "ExpiredToken",
            "InvalidAccessKeyId",
            "InvalidSecurity",
            "InvalidToken",
            "NotSignedUp",
            "SignatureDoesNotMatch");

    private static final Set<String> REGION = Set.of(
            "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException",
            "PermanentRedirect",
            "TemporaryRedirect");

    private static final int LONGEST_ANSWER = 300;

    S3FailedException(SdkException cause, S3Settings settings, String key) {
        super("%s (bucket: %s, key: %s)".formatted(words(cause, settings), settings.bucket(), key), cause);
    }

    /** What was taken is not what was sent. */
    S3FailedException(String what, S3Settings settings, String key) {
        super("%s (bucket: %s, key: %s)".formatted(what, settings.bucket(), key));
    }

    private static String words(SdkException e, S3Settings settings) {
        return e instanceof AwsServiceException answer ? answered(answer, settings) : unanswered(e, settings);
    }

    private static String answered(AwsServiceException e, S3Settings settings) {
        Optional<AwsErrorDetails> details = Optional.ofNullable(e.awsErrorDetails());
        String code = details.map(AwsErrorDetails::errorCode).orElse("");
        String said = details.map(AwsErrorDetails::errorMessage).orElse("");
        if (CREDENTIALS.contains(code)) {
            return "S3 refused the credentials as %s. Check camelody.s3.access-key and camelody.s3.secret-key."
                    .formatted(code);
        }
        if (code.equals("NoSuchBucket")) {
            return "There is no bucket %s at %s. Check camelody.s3.bucket, or make it."
                    .formatted(settings.bucket(), at(settings));
        }
        if (REGION.contains(code) || e.statusCode() == 301) {
            Optional<String> region =
                    details.flatMap(all -> all.sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region"));
            return "The bucket is not in region %s%s. Set camelody.s3.region."
                    .formatted(
                            settings.region(),
                            region.map(there -> ", but in " + there).orElse(": " + cut(said)));
        }
        if (e.statusCode() == 403) {
            return "S3 did not allow it%s. The sink needs s3:PutObject and s3:AbortMultipartUpload; s3:GetObject lets it look."
                    .formatted(code.isEmpty() ? "" : ": " + code);
        }
        return "S3 answered HTTP %d %s %s"
                        .formatted(e.statusCode(), code, cut(said))
                        .strip() + ".";
    }

    private static String unanswered(SdkException e, S3Settings settings) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (e instanceof AbortedException) {
            return "The upload was interrupted.";
        }
        if (root instanceof UnknownHostException || root instanceof ConnectException) {
            return "S3 was not reached at %s: %s.".formatted(at(settings), root.getMessage());
        }
        if (String.valueOf(e.getMessage()).contains("load credentials")) {
            return "No credentials for S3 were found. Set camelody.s3.access-key and camelody.s3.secret-key, or give this"
                    + " machine a role.";
        }
        return "The call to S3 at %s broke: %s.".formatted(at(settings), cut(String.valueOf(root.getMessage())));
    }

    private static String at(S3Settings settings) {
        return settings.endpoint()
                .map(uri -> "%s://%s".formatted(uri.getScheme(), uri.getAuthority()))
                .orElse("Amazon, region " + settings.region());
    }

    private static String cut(String text) {
        String line = text.strip().replaceAll("[.\\s]+$", "").replaceAll("\\s+", " ");
        return line.length() <= LONGEST_ANSWER ? line : line.substring(0, LONGEST_ANSWER) + "…";
    }
}
