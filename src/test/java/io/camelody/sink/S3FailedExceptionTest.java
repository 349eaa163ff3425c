package io.camelody.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

final class S3FailedExceptionTest {

    private static final S3Settings SETTINGS = new S3Settings(
            "b", "", "us-east-1", Optional.<URI>empty(), false, Optional.empty(), Optional.empty(), 8_388_608, 4);

    @Test
    void wrongRegionNamesTheRightOneWhereTheServerDoes() {
        SdkHttpResponse moved = SdkHttpResponse.builder()
                .statusCode(301)
                .putHeader("x-amz-bucket-region", "eu-west-1")
                .build();
        SdkHttpResponse silent = SdkHttpResponse.builder().statusCode(400).build();

        assertThat(words(answer(301, "PermanentRedirect", "Use another endpoint.", moved)))
                .isEqualTo("The bucket is not in region us-east-1, but in eu-west-1. Set camelody.s3.region."
                        + " (bucket: b, key: k)");
        assertThat(words(answer(400, "AuthorizationHeaderMalformed", "expecting 'eu-west-1'.", silent)))
                .isEqualTo("The bucket is not in region us-east-1: expecting 'eu-west-1'. Set camelody.s3.region."
                        + " (bucket: b, key: k)");
    }

    @Test
    void answerThatIsNoS3AnswerIsShownShort() {
        SdkHttpResponse page = SdkHttpResponse.builder().statusCode(502).build();

        assertThat(words(answer(502, "", "<html>\n" + "x".repeat(5_000), page)))
                .startsWith("S3 answered HTTP 502")
                .hasSizeLessThan(400);
    }

    @Test
    void missingCredentialsSayWhereTheyWereLookedFor() {
        assertThat(words(
                        SdkClientException.create("Unable to load credentials from any of the providers in the chain")))
                .startsWith("No credentials for S3 were found. Set camelody.s3.access-key and camelody.s3.secret-key");
    }

    private static String words(SdkException e) {
        return new S3FailedException(e, SETTINGS, "k").getMessage();
    }

    private static SdkException answer(int status, String code, String message, SdkHttpResponse response) {
        return S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .sdkHttpResponse(response)
                        .build())
                .build();
    }
}
