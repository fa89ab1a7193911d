/**
 * One package: a planned package comes in, its phases run in a jail, a result goes out. Reads
 * tree, jail, packages, evaluate and plan.
 */
@NullMarked
package org.slipway.build;

import org.jspecify.annotations.NullMarked;
