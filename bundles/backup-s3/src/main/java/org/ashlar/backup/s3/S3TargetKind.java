package org.ashlar.backup.s3;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.BackupTargetKind;
import org.ashlar.api.backup.Credential;
import org.ashlar.http.HttpPlace;
import org.osgi.service.component.annotations.Component;

/** {@code s3:https://HOST/BUCKET/PREFIX}, and {@code s3://BUCKET/PREFIX} at Amazon's store. */
@Component(service = BackupTargetKind.class)
public final class S3TargetKind implements BackupTargetKind {
    @Override
    public boolean isFor(String location) {
        return HttpPlace.isFor(S3Place.KIND, location);
    }

    @Override
    public String pid() {
        return S3TargetProvider.PID;
    }

    @Override
    public Set<String> options() {
        return S3Place.OPTIONS;
    }

    @Override
    public Map<String, Object> configuration(String location, Path folder, Map<String, String> options) throws IOException {
        return S3Place.configuration(location, options);
    }

    @Override
    public List<Credential.Part> credential(Map<String, Object> configuration) throws IOException {
        return S3Place.of(configuration).credential();
    }

    @Override
    public BackupTarget open(Map<String, Object> configuration, Credential credential) throws IOException {
        return new S3Target(S3Place.of(configuration), credential);
    }
}
