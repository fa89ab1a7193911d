package org.slipway.web;

import org.slipway.store.Counts;

/** How many packages are in each state, with the sums. */
record CountsView(
    int waiting,
    int ready,
    int building,
    int built,
    int reused,
    int failed,
    int skipped,
    int ignored,
    int total,
    int finished,
    int remaining) {
  static CountsView of(Counts counts) {
    return new CountsView(
        counts.waiting(),
        counts.ready(),
        counts.building(),
        counts.built(),
        counts.reused(),
        counts.failed(),
        counts.skipped(),
        counts.ignored(),
        counts.total(),
        counts.finished(),
        counts.remaining());
  }
}
