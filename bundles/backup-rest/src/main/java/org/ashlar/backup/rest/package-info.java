/** A backup target on a server that speaks the restic REST protocol. */
package org.ashlar.backup.rest;
