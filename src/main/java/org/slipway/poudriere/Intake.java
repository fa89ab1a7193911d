package org.slipway.poudriere;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.slipway.packages.Abi;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.ListedPath;
import org.slipway.packages.Manifest;
import org.slipway.packages.Origin;
import org.slipway.packages.PackageException;
import org.slipway.packages.PackageFile;
import org.slipway.packages.PackageFinding;
import org.slipway.packages.PackageLimits;
import org.slipway.packages.PackageName;
import org.slipway.packages.Verification;

/** Reads an archive that another host made, and takes it for nothing but what it proves to be. */
public final class Intake {
  /** Owners, modes and sums of the installed size are the maker's business. */
  private static final Set<PackageFinding.Kind> UNSOUND = EnumSet.of(
      PackageFinding.Kind.ARCHIVE,
      PackageFinding.Kind.MANIFESTS,
      PackageFinding.Kind.MISSING,
      PackageFinding.Kind.UNLISTED,
      PackageFinding.Kind.SUM,
      PackageFinding.Kind.LINK);

  private Intake() {}

  /**
   * A package as the later rooms know it. Binaries are not looked at.
   *
   * @param sum of the file, which is known already
   * @throws PackageException where it is no sound package, or another one than the one asked for
   */
  public static BuiltPackage read(
      Path file, Digest sum, PackageName name, Origin origin, Abi target)
      throws IOException, PackageException {
    Verification verified = PackageFile.verify(file, PackageLimits.DEFAULT);
    for (PackageFinding finding : verified.findings()) {
      if (UNSOUND.contains(finding.kind())) {
        throw new PackageException(name + " is no sound package: " + finding);
      }
    }
    PackageFile opened = PackageFile.open(file);
    Manifest manifest = opened.manifest();
    if (!manifest.name().equals(name) || !manifest.origin().equals(origin)) {
      throw new PackageException("the archive of " + name + " holds " + manifest.name() + " from "
          + manifest.origin() + ", and not " + name + " from " + origin);
    }
    Abi abi = manifest.abi();
    if (!fits(abi, target)) {
      throw new PackageException(name + " is for " + abi + ", and not for " + target
          + ": the jail and the job's target differ");
    }
    return new BuiltPackage(
        name,
        origin,
        abi,
        sum,
        payload(opened),
        Files.size(file),
        opened.flatSizeBytes().orElse(0),
        manifest.shlibsProvided());
  }

  /** Whether a package of this ABI is one for that target. */
  public static boolean fits(Abi abi, Abi target) {
    return abi.equals(target) || abi.equals(target.anyArch()) || abi.equals(Abi.ANY);
  }

  /**
   * Over what dependents can see, as the manifest has it: a package that was built again with the
   * same files has the same. Of no use beside a payload of one that the farm made itself.
   */
  private static Digest payload(PackageFile opened) {
    MessageDigest digest = Digest.sha256();
    words(digest, "slipway payload of an archive 1");
    for (ListedPath file : opened.listed()) {
      words(digest, "file", file.path(), file.sum(), file.linkTarget().orElse(""));
      attributes(digest, file);
    }
    for (ListedPath directory : opened.directories()) {
      words(digest, "directory", directory.path());
      attributes(digest, directory);
    }
    opened.scripts().forEach((phase, text) -> words(digest, "script", phase, text));
    list(digest, "required", opened.manifest().shlibsRequired());
    list(digest, "provided", opened.manifest().shlibsProvided());
    return new Digest(HexFormat.of().formatHex(digest.digest()));
  }

  private static void attributes(MessageDigest digest, ListedPath path) {
    words(
        digest,
        path.owner().orElse(""),
        path.group().orElse(""),
        path.mode().isPresent() ? Integer.toOctalString(path.mode().getAsInt()) : "",
        path.flags().orElse(""));
  }

  private static void list(MessageDigest digest, String kind, List<String> values) {
    values.forEach(value -> words(digest, kind, value));
  }

  /** Each word goes in with its length, so that no two lists of words look alike. */
  private static void words(MessageDigest digest, String... words) {
    for (String word : words) {
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
      digest.update(bytes);
    }
  }
}
