/**
 * Measurements on a person's own tree: a tree and a target come in; what our evaluation costs
 * beside the plain way of asking make port by port, what a walk through a tree's commits costs, and every
 * answer that differs, go out. Measurements of a farm's parts beside their peers: what the root has set up comes in, ratios
 * go out. Reads tree, jail, packages, evaluate, build, sign and repository.
 */
@NullMarked
package org.slipway.bench;

import org.jspecify.annotations.NullMarked;
