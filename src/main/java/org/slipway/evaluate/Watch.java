package org.slipway.evaluate;

/** Is told how an evaluation gets on, from several threads. */
public interface Watch {
  /** Nobody looks. */
  Watch NONE = new Watch() {
    @Override
    public void wanted(int more, int known) {}

    @Override
    public void answered(String question) {}
  };

  /**
   * More ports have turned up.
   *
   * @param more how many are asked of make now
   * @param known how many more have answers from earlier evaluations
   */
  void wanted(int more, int known);

  /** One of them has been asked. */
  void answered(String question);
}
