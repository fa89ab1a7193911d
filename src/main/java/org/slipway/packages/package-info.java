/**
 * Packages as files and values. In come a stage's tar stream, a plist and the framework's metadata
 * folder; out go {@code .pkg} archives and what is in them: manifests, names, versions, ABIs,
 * digests. Everything that is read here is hostile until it is checked. Reads no other room.
 */
@NullMarked
package org.slipway.packages;

import org.jspecify.annotations.NullMarked;
