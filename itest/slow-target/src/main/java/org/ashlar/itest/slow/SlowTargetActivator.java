package org.ashlar.itest.slow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.Credential;
import org.ashlar.backup.local.LocalTargetKind;
import org.ashlar.tck.FaultyTarget;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Offers the target {@code slow}, the folder {@code HOME-slow/target} beside the home {@code HOME} of the node.
 * <p>
 * While there is a file {@code HOME-slow/hold-MAJOR}, of the major version of this bundle, a put of a pack makes {@code HOME-slow/reached}
 * and waits: a test that sees that one knows that a run is in the middle, for as long as it wants.
 */
public final class SlowTargetActivator implements BundleActivator {
    private BackupTarget target;

    @Override
    public void start(BundleContext context) throws IOException {
        Path home = Path.of(context.getProperty("ashlar.home"));
        Path folder = home.resolveSibling(home.getFileName() + "-slow");
        String location = Files.createDirectories(folder.resolve("target")).toString();
        LocalTargetKind local = new LocalTargetKind();
        target = new FaultyTarget(local.open(local.configuration(location, folder, Map.of()), Credential.NONE),
                new Hold(folder.resolve("hold-" + context.getBundle().getVersion().getMajor()), folder.resolve("reached")));
        context.registerService(BackupTarget.class, target,
                new Hashtable<>(Map.of(BackupTarget.NAME, "slow", BackupTarget.LOCATION, location)));
    }

    @Override
    public void stop(BundleContext context) {
        target.close();
    }

    private record Hold(Path hold, Path reached) implements FaultyTarget.Faults {
        @Override
        public void before(String call, String name) throws IOException {
            while (call.equals("put") && name.startsWith("data/") && Files.exists(hold)) {
                Files.write(reached, new byte[0]);
                try {
                    Thread.sleep(20);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        }
    }
}
