/** Binds components to the kernel: the guest world and WASI. */
package org.ashlar.guest;
