package org.slipway.store;

import org.slipway.tree.CommitId;

/** An overlay by its name, at a commit. */
public record OverlayHead(String name, CommitId commit) {}
