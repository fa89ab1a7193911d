package org.slipway.bench;

import org.slipway.evaluate.Watch;

/** Hands on how an evaluation gets on. */
record ToldWatch(Told told) implements Watch {
  @Override
  public void wanted(int more, int known) {
    told.more(more);
  }

  @Override
  public void answered(String question) {
    told.step();
  }
}
