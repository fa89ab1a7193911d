package org.slipway.poudriere;

import org.slipway.packages.Digest;
import org.slipway.packages.PackageName;

/**
 * A package's archive on the host, as the host says.
 *
 * @param file its name below the packages' folder
 */
public record Archive(PackageName name, Digest sum, long sizeBytes, String file) {}
