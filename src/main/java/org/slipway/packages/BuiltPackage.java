package org.slipway.packages;

import java.util.List;

/**
 * A finished package as the later rooms know it, without its bytes.
 *
 * @param sum the SHA-256 of the archive file
 * @param payload a SHA-256 over what dependents can see: files, modes, links, scripts, and nothing
 *     of version or comment texts that change no file; equal payloads stop a wave of rebuilds
 * @param sizeBytes of the archive
 * @param flatSizeBytes of the files when installed
 */
public record BuiltPackage(
    PackageName name,
    Origin origin,
    Abi abi,
    Digest sum,
    Digest payload,
    long sizeBytes,
    long flatSizeBytes,
    List<String> shlibsProvided) {
  public BuiltPackage {
    shlibsProvided = List.copyOf(shlibsProvided);
  }

  /** The file's name in a repository: {@code NAME-VERSION.pkg}. */
  public String fileName() {
    return name + ".pkg";
  }
}
