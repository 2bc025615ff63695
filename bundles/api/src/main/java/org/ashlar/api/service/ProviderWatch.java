package org.ashlar.api.service;

/**
 * Takes back a provider that turns out not to work. Offered by whoever puts bundles in the place of others; told by those
 * who call providers. There may be several or none.
 */
@FunctionalInterface
public interface ProviderWatch {
    /**
     * A provider threw what its contract does not allow, and no call of it has succeeded since it came. May be told more than
     * once of one bundle, on any thread; returns at once, whatever is done about it.
     *
     * @param bundleId of the bundle that offers it
     * @return whether that bundle is stopped for it, so that another provider serves instead, now or in a moment: what met
     *         the failure may be asked of that one
     */
    boolean failedAtFirstCall(long bundleId, Throwable why);
}
