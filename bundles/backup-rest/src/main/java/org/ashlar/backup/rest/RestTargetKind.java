package org.ashlar.backup.rest;

import org.ashlar.api.backup.BackupTargetKind;
import org.ashlar.http.HttpTargetKind;
import org.osgi.service.component.annotations.Component;

/** {@code rest:https://HOST/PATH}. */
@Component(service = BackupTargetKind.class)
public final class RestTargetKind extends HttpTargetKind {
    public RestTargetKind() {
        super("rest", RestTargetProvider.PID, RestTarget::new);
    }
}
