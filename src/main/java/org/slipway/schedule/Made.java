package org.slipway.schedule;

import java.util.Map;
import java.util.Set;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;

/** What a build has made so far, whoever builds. Closing it gives its tree back. */
interface Made extends AutoCloseable {
  /** What is there, by port. */
  Map<OriginSpec, BuiltPackage> known();

  /** A name for what was planned and what came of it. */
  Digest planDigest();

  /** Which of these archives it has, or may yet take in the place of a build of its own. */
  Set<Digest> using(Set<Digest> sums);

  @Override
  void close();
}
