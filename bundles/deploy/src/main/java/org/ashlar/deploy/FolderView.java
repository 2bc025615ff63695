package org.ashlar.deploy;

import java.nio.file.Path;
import java.util.Collection;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.hooks.bundle.CollisionHook;
import org.osgi.framework.hooks.bundle.FindHook;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Keeps whoever watches the hot-deploy folder to the bundles that came from there. It takes a bundle with the name and version
 * of a new file for an older form of that file: it would put the file's content into the node's own bundle, and remove that
 * when the file goes. So it sees none of the node's own, and the framework installs the second of a name and version beside
 * the first, as it does one with another version.
 */
@Component(service = {FindHook.class, CollisionHook.class}, immediate = true)
public final class FolderView implements FindHook, CollisionHook {
    private static final String WATCHER = "org.apache.felix.fileinstall";

    private final Deployed deployed;

    @Activate
    public FolderView(BundleContext context) {
        this.deployed = new Deployed(context, Path.of(context.getProperty("ashlar.home")).resolve("deploy"));
    }

    @Override
    public void find(BundleContext whose, Collection<Bundle> bundles) {
        if (isWatcher(whose.getBundle())) {
            bundles.removeIf(bundle -> bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID && !isWatcher(bundle)
                    && !deployed.contains(bundle));
        }
    }

    @Override
    public void filterCollisions(int operation, Bundle target, Collection<Bundle> collisions) {
        if (operation == INSTALLING && isWatcher(target)) {
            collisions.removeIf(bundle -> !deployed.contains(bundle));
        }
    }

    private static boolean isWatcher(Bundle bundle) {
        return WATCHER.equals(bundle.getSymbolicName());
    }
}
