/** Core WebAssembly on Endive's compiler. */
package org.ashlar.endive;
