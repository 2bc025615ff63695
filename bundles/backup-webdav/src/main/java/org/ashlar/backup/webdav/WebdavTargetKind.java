package org.ashlar.backup.webdav;

import org.ashlar.api.backup.BackupTargetKind;
import org.ashlar.http.HttpTargetKind;
import org.osgi.service.component.annotations.Component;

/** {@code webdav:https://HOST/PATH}. */
@Component(service = BackupTargetKind.class)
public final class WebdavTargetKind extends HttpTargetKind {
    public WebdavTargetKind() {
        super("webdav", WebdavTargetProvider.PID, WebdavTarget::new);
    }
}
