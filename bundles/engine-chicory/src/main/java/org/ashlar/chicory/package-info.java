/** Core WebAssembly on Chicory's compiler. */
package org.ashlar.chicory;
