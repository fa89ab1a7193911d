package org.slipway.repository;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.slipway.sign.SignatureMember;
import org.slipway.sign.Signing;

/**
 * Signatures in files beside what they sign, with the same bytes as the members that sign a
 * catalogue: {@code NAME.sig} and {@code NAME.pub}, or {@code NAME.signature}.
 */
final class Detached {
  private Detached() {}

  /** By file name; none for an unsigned repository. */
  static Map<String, byte[]> signatures(String name, byte[] bytes, Signing signing)
      throws IOException {
    Signing.Content content = signing.begin(name);
    content.update(bytes, 0, bytes.length);
    Map<String, byte[]> files = new TreeMap<>();
    for (SignatureMember member : content.members()) {
      String own = member.name().startsWith(name) ? member.name() : name + "." + member.name();
      if (files.put(own, member.bytes()) != null) {
        throw new IllegalStateException("two signatures of " + name + " are called " + own);
      }
    }
    return files;
  }
}
