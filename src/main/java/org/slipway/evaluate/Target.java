package org.slipway.evaluate;

import org.slipway.jail.Base;
import org.slipway.packages.Abi;

/**
 * What packages are made for.
 *
 * @param baseName the base in words, part of every build key: another base means other packages; a
 *     kept base is in it by its id, so that its name means nothing
 */
public record Target(Abi abi, Base base, String baseName) {}
