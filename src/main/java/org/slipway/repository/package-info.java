/**
 * Snapshots: packages come in as files of the package store, an immutable signed repository goes
 * out as a folder named by its content. Reads {@code packages} and {@code sign}.
 */
@NullMarked
package org.slipway.repository;

import org.jspecify.annotations.NullMarked;
