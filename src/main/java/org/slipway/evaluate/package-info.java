/**
 * Metadata: a checkout and a target come in, every port's answers go out. Reads tree, jail and
 * packages.
 */
@NullMarked
package org.slipway.evaluate;

import org.jspecify.annotations.NullMarked;
