/** A backup target in a bucket of an S3-compatible store. */
package org.ashlar.backup.s3;
