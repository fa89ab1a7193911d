/**
 * Packages as files and values. In come a stage as a tar stream or a folder, a plist with the
 * tree's keywords, and the framework's metadata; out go {@code .pkg} archives and what is in them:
 * manifests, names, versions, ABIs, digests. Everything that is read here is hostile until it is
 * checked. Reads no other room.
 */
@NullMarked
package org.slipway.packages;

import org.jspecify.annotations.NullMarked;
