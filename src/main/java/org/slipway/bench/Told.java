package org.slipway.bench;

/** Is told how a benchmark gets on, from several threads. */
public interface Told {
  /** Nobody looks. */
  Told NOBODY = new Told() {
    @Override
    public void begins(String what, int steps) {}

    @Override
    public void more(int steps) {}

    @Override
    public void step() {}

    @Override
    public void ends() {}
  };

  /**
   * A part of the work begins.
   *
   * @param what a few words
   * @param steps as far as is known now
   */
  void begins(String what, int steps);

  /** There are this many steps more than was known. */
  void more(int steps);

  /** One step is done. */
  void step();

  /** The part is done. */
  void ends();
}
