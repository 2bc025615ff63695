package org.ashlar.launcher;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Bundles of the distribution used where no framework runs: on a class path of their own with the libraries that they need. What is
 * called takes and returns types of the JDK alone.
 */
final class OfflineBundles implements AutoCloseable {
    private final URLClassLoader loader;

    private OfflineBundles(URLClassLoader loader) {
        this.loader = loader;
    }

    /** @param coordinates how the coordinates of those bundles of the feature file begin that are needed */
    static OfflineBundles open(List<String> coordinates) throws LaunchException {
        // The logging library would tell that nobody set it up.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        Distribution distribution = Distribution.own();
        List<URL> urls = new ArrayList<>();
        NodeFeature feature = NodeFeature.read(distribution.feature(), distribution.repository(), Map.of("ashlar.home", ""));
        for (NodeFeature.NodeBundle bundle : feature.bundles()) {
            if (coordinates.stream().anyMatch(bundle.coordinates()::startsWith)) {
                try {
                    urls.add(bundle.file().toUri().toURL());
                } catch (MalformedURLException e) {
                    throw new LaunchException("this distribution cannot be used: " + e.getMessage(), e);
                }
            }
        }
        return new OfflineBundles(new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader()));
    }

    /**
     * Calls a public static method, the only one of that name.
     *
     * @throws LaunchException with the message of what it throws
     */
    Object call(String type, String name, Object... arguments) throws LaunchException {
        try {
            Method method = Arrays.stream(loader.loadClass(type).getMethods()).filter(each -> each.getName().equals(name)).findFirst()
                    .orElseThrow(() -> new NoSuchMethodException(type + "." + name));
            return method.invoke(null, arguments);
        } catch (InvocationTargetException e) {
            throw new LaunchException(e.getCause() instanceof IOException io ? Home.reason(io) : String.valueOf(e.getCause().getMessage()),
                    e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new LaunchException("this distribution lacks a part: " + e, e);
        }
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
