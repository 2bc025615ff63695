package org.ashlar.backup.s3;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.ashlar.api.backup.Credential;
import org.ashlar.http.HttpSite;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Signs requests as Amazon's stores and those like them want it (Signature Version 4), body included. Threads: any number. */
final class RequestSigner implements HttpSite.Authorization {
    /** Set by the client itself, the same way. */
    private static final Set<String> NOT_OURS = Set.of("host", "content-length");

    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final AwsCredentialsIdentity identity;
    private final String region;

    RequestSigner(Credential credential, String region) {
        this.identity = AwsCredentialsIdentity.create(credential.values().get(0), credential.values().get(1));
        this.region = region;
    }

    @Override
    public Map<String, String> headers(String method, URI address, ByteBuffer content) {
        SdkHttpRequest request = SdkHttpFullRequest.builder().uri(address).method(SdkHttpMethod.fromValue(method)).build();
        SignedRequest signed = signer.sign(sign -> sign.identity(identity).request(request).payload(ContentStreamProvider.fromByteArrayUnsafe(bytes(content)))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3").putProperty(AwsV4HttpSigner.REGION_NAME, region)
                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false).putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false));
        Map<String, String> headers = new HashMap<>();
        signed.request().headers().forEach((name, values) -> {
            if (!NOT_OURS.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name, values.getFirst());
            }
        });
        return headers;
    }

    private static byte[] bytes(ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return bytes;
    }
}
