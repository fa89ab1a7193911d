package org.slipway.repository;

/** Is told how a folder becomes a repository; from one thread at a time. */
public interface FolderWatch {
  /** Nobody looks. */
  FolderWatch NOBODY = new FolderWatch() {
    @Override
    public void found(int packages) {}

    @Override
    public void listed() {}
  };

  /** The folder has so many packages. */
  void found(int packages);

  /** One more package has its line. */
  void listed();
}
