/** What happens when a bundle comes into the hot-deploy folder, or leaves it. */
package org.ashlar.deploy;
