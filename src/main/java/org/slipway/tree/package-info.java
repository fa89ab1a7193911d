/**
 * The ports tree as commits: a mirror of a fork, a repository where it lies or a plain folder comes
 * in, commits with their changed paths and pinned checkouts go out. Reads no other room. The only
 * user of JGit.
 */
@NullMarked
package org.slipway.tree;

import org.jspecify.annotations.NullMarked;
