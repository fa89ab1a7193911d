package org.slipway.evaluate;

import org.slipway.packages.OriginSpec;

/**
 * One dependency of a port, in the framework's form {@code key:category/port[@flavor]}.
 *
 * @param key a path, a command, a library or a package with a comparison
 * @param on what it is on; where that port has flavors, with one of them: the default where none
 *     was written
 */
public record Dependency(DependencyKind kind, String key, OriginSpec on) {}
