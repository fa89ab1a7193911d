/**
 * Throw-away roots: a JailSpec and commands come in, exits with usage go out. Reads no other room. The only user of processes.
 *
 * <p>Every run is one program of the host that ends, with all that it started, when its standard input ends; the farm holds the
 * other end of that pipe and nothing else does. Its mounts are in a namespace of its own, so they end with it. What makes the
 * root, runs the command and contains it is a {@link org.slipway.jail.BackEnd}. FreeBSD has no such namespaces: there a root's
 * mounts are the host's, and what a killed farm leaves of them is taken away by the next.
 */
@NullMarked
package org.slipway.jail;

import org.jspecify.annotations.NullMarked;
