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
 * @param foreign binaries in it that are not for its target, as far as that was looked at
 */
public record BuiltPackage(
    PackageName name,
    Origin origin,
    Abi abi,
    Digest sum,
    Digest payload,
    long sizeBytes,
    long flatSizeBytes,
    List<String> shlibsProvided,
    List<ForeignBinary> foreign) {
  public BuiltPackage {
    shlibsProvided = List.copyOf(shlibsProvided);
    foreign = List.copyOf(foreign);
  }

  /** A package without findings. */
  public BuiltPackage(
      PackageName name,
      Origin origin,
      Abi abi,
      Digest sum,
      Digest payload,
      long sizeBytes,
      long flatSizeBytes,
      List<String> shlibsProvided) {
    this(name, origin, abi, sum, payload, sizeBytes, flatSizeBytes, shlibsProvided, List.of());
  }

  /** The file's name in a repository: {@code NAME-VERSION.pkg}. */
  public String fileName() {
    return name + ".pkg";
  }
}
