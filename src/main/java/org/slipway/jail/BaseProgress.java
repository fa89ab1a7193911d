package org.slipway.jail;

/**
 * Is told how the making or the checking of a base gets on. Several threads may call it.
 */
public interface BaseProgress {
  /** Listens to nothing. */
  BaseProgress NONE = new BaseProgress() {
    @Override
    public void at(String step, long doneBytes, long totalBytes) {}

    @Override
    public void remark(String sentence) {}
  };

  /**
   * How far a step is; called often.
   *
   * @param step what is being done, such as {@code downloading base.txz}
   * @param totalBytes 0 where nobody knows
   */
  void at(String step, long doneBytes, long totalBytes);

  /** Something that a person should know of the base that is being made. */
  void remark(String sentence);
}
